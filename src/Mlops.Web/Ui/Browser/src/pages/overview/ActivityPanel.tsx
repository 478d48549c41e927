import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useAnswer } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { sentence, words } from '../../show/words';

const kinds: Readonly<Record<string, readonly [string, string]>> = { d: ['deployment', 'deployments'], m: ['model', 'models'], t: ['training', 'trainings'] };

/** What happened to models and deployments last. */
export function ActivityPanel() {
  const query = useAnswer('listLifecycle', { query: { limit: 8 } }, { every: 30_000 });
  return (
    <Panel title="Recent activity">
      <Loaded query={query}>
        {entries => entries.length === 0 ? <Text size="sm" c="dimmed">Nothing yet. Trainings, deployments and changes of models are listed here.</Text> : (
          <Stack gap={6} component="ol" className="mlops-list">
            {entries.map((entry, i) => (
              <Group key={i} component="li" gap="sm" wrap="nowrap" align="baseline">
                <Text size="xs" c="dimmed" w={104} className="mlops-still"><TimeText at={entry.at} relative /></Text>
                <Text size="sm" className="mlops-wrap"><b>{sentence(words(entry.action))}</b> <Subject id={entry.subject} />{entry.model && entry.model !== entry.subject ? <> · <Subject id={entry.model} /></> : null}{entry.text ? `: ${entry.text}` : ''}{entry.author ? <Text span inherit c="dimmed"> by {entry.author}</Text> : null}</Text>
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

/** What something happened to; the first letter of its id says of what kind it is. */
function Subject({ id }: { id: string }) {
  const [name, path] = (id[1] === '-' ? kinds[id[0]!] : undefined) ?? [];
  return path ? <>{name} <Anchor component={Link} href={`/${path}/${encodeURIComponent(id)}`} inherit className="mlops-code">{id}</Anchor></> : <>{id}</>;
}
