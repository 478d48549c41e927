import { Group, Stack, Text } from '@mantine/core';
import { useAnswer } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';

/** What happened to models and deployments last. */
export function ActivityPanel() {
  const query = useAnswer('listLifecycle', { query: { limit: 8 } }, { every: 30_000 });
  return (
    <Panel title="What happened last">
      <Loaded query={query}>
        {entries => entries.length === 0 ? <Text size="sm" c="dimmed">Nothing yet. Trainings, deployments and changes of models are told here.</Text> : (
          <Stack gap={6} component="ol" className="mlops-list">
            {entries.map((entry, i) => (
              <Group key={i} component="li" gap="sm" wrap="nowrap" align="baseline">
                <Text size="xs" c="dimmed" w={104} className="mlops-still"><TimeText at={entry.at} relative /></Text>
                <Text size="sm" className="mlops-wrap"><b>{entry.action}</b> {entry.subject}{entry.text ? `: ${entry.text}` : ''}{entry.author ? <Text span inherit c="dimmed"> by {entry.author}</Text> : null}</Text>
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}
