import { ScrollArea, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useAnswer } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { timeOfDay } from '../../show/times';
import classes from './TrainingLog.module.css';

/** What the code printed; follows the end while it goes on and nobody has scrolled up. */
export function TrainingLog({ id, goesOn }: { id: string; goesOn: boolean }) {
  const query = useAnswer('getTrainingLog', { path: { id }, query: { limit: 10_000 } }, { every: goesOn ? 1000 : false });
  const viewport = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const count = query.data?.length ?? 0;
  useEffect(() => {
    if (isAtEnd.current)
      viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
  }, [count]);
  return (
    <Panel title="Log" flush>
      <Loaded query={query}>
        {lines => lines.length === 0
          ? <Text size="sm" c="dimmed" p="md" pt={0}>{goesOn ? 'Nothing was printed yet.' : 'Nothing was printed.'}</Text>
          : (
            <ScrollArea.Autosize
              mah={320}
              viewportRef={viewport}
              viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': 'Log of the training' }}
              onScrollPositionChange={({ y }) => {
                const box = viewport.current;
                isAtEnd.current = !box || y + box.clientHeight >= box.scrollHeight - 24;
              }}
            >
              <div className={classes.lines}>
                {lines.map((line, i) => (
                  <div key={i} data-error={line.isError || undefined}>
                    <time dateTime={line.time}>{timeOfDay(line.time)}</time>
                    <span>{line.text}</span>
                  </div>
                ))}
              </div>
            </ScrollArea.Autosize>
          )}
      </Loaded>
    </Panel>
  );
}
