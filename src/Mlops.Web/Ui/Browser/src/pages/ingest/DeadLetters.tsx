import { Accordion, Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMailCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call';
import { useRefresh, useTold } from '../../api/queries';
import { useConfirm } from '../../show/confirm';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { notifyDone, notifyProblem } from '../../show/notify';
import { bytes, count } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { readable } from './topics';

const page = 50;

/** Messages that could not be understood, with the reason. */
export function DeadLetters() {
  const [text, setText] = useState('');
  const [topic] = useDebouncedValue(text.trim(), 400);
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useTold('listDeadLetters', { query: { topic: topic || undefined, limit: page, offset } }, { every: 5000, keep: true });
  const refresh = useRefresh();
  const confirm = useConfirm();
  const letters = query.data?.body ?? [];
  const ids = chosen.size > 0 ? [...chosen] : letters.map(l => l.id);
  const what = chosen.size > 0 ? `${count(chosen.size)} chosen` : 'all of this page';

  async function replay() {
    try {
      const answer = await call('replayDeadLetters', { body: { ids } });
      const left = Object.keys(answer.left).length;
      notifyDone(`${count(answer.replayed)} replayed${left > 0 ? `; ${count(left)} stay, because they still cannot be decoded` : ''}.`);
      setChosen(new Set());
      await refresh('listDeadLetters', 'getStatus');
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function remove() {
    if (!await confirm({ title: `Delete ${count(ids.length)} dead letters?`, text: 'What they carried is lost then.', action: 'Delete', isDangerous: true }))
      return;
    try {
      await call('deleteDeadLetters', { body: { ids } });
      setChosen(new Set());
      await refresh('listDeadLetters', 'getStatus');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Panel flush title="Messages that could not be decoded">
      <Group px="md" pb="sm" gap="xs">
        <TextInput aria-label="Topic filter" placeholder="Topic filter, for example plant/#" w={280} maw="100%" value={text} onChange={e => { setText(e.currentTarget.value); setOffset(0); }} />
        {letters.length > 0 && (
          <>
            <GuardedButton operation="replayDeadLetters" variant="default" onClick={() => void replay()}>Replay {what}</GuardedButton>
            <GuardedButton operation="deleteDeadLetters" variant="default" c="var(--mlops-bad)" onClick={() => void remove()}>Delete</GuardedButton>
          </>
        )}
      </Group>
      <Loaded query={query}>
        {({ body, total }) => body.length === 0 ? (
          <EmptyState icon={IconMailCheck} title={topic ? 'None on these topics' : 'No dead letters'}>
            {topic ? 'Change the filter to see others.' : 'A message that cannot be decoded is kept here with the reason, and can be replayed once its mapping is corrected.'}
          </EmptyState>
        ) : (
          <>
            <Accordion chevronPosition="right" variant="default" multiple>
              {body.map(letter => (
                <Accordion.Item key={letter.id} value={letter.id}>
                  <Group gap={0} wrap="nowrap" align="center">
                    <Checkbox ml="md" size="xs" aria-label={`Choose the message of ${letter.topic}`} checked={chosen.has(letter.id)} onChange={e => {
                      const next = new Set(chosen);
                      if (e.currentTarget.checked)
                        next.add(letter.id);
                      else
                        next.delete(letter.id);
                      setChosen(next);
                    }} />
                    <Accordion.Control>
                      <Stack gap={0}>
                        <Group gap="sm" fz="sm">
                          <Text span inherit fw={600} className="mlops-code">{letter.topic}</Text>
                          <Text span inherit c="dimmed"><TimeText at={letter.time} /></Text>
                          <Text span inherit c="dimmed">{bytes(letter.bytes)}</Text>
                        </Group>
                        <Text size="sm" className="mlops-wrap">{letter.reason}</Text>
                      </Stack>
                    </Accordion.Control>
                  </Group>
                  <Accordion.Panel>
                    <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Payload' } as never}><pre className="mlops-payload">{letter.text !== null && letter.text !== undefined ? readable(letter.text) : letter.base64}{letter.whole ? '' : '\n…'}</pre></ScrollArea.Autosize>
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
            {(offset > 0 || (total ?? 0) > offset + page) && (
              <Group p="md" justify="space-between">
                <Button variant="default" size="compact-sm" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - page))}>Newer</Button>
                <Text size="sm" c="dimmed">{count(offset + 1)} to {count(offset + body.length)}</Text>
                <Button variant="default" size="compact-sm" disabled={(total ?? 0) <= offset + page} onClick={() => setOffset(offset + page)}>Older</Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
