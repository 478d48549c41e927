import { Table, Text } from '@mantine/core';
import { useAnswer } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { words } from '../../show/words';

/** What happened to a model or deployment, and who wanted it. */
export function History({ subject }: { subject: string }) {
  const query = useAnswer('listLifecycle', { query: { subject, limit: 50 } }, { every: 10_000 });
  return (
    <Panel title="History" flush>
      <Loaded query={query}>
        {events => events.length === 0 ? <Text size="sm" c="dimmed" p="md" pt={0}>Nothing has happened yet.</Text> : (
          <Table.ScrollContainer minWidth={360} type="native">
            <Table>
              <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>What</Table.Th><Table.Th>Who</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {events.map((e, i) => (
                  <Table.Tr key={i}>
                    <Table.Td><TimeText at={e.at} /></Table.Td>
                    <Table.Td className="mlops-wrap">{words(e.action)}{e.model && e.model !== subject ? ` ${e.model}` : ''}{e.text ? `: ${e.text}` : ''}</Table.Td>
                    <Table.Td>{e.author ?? '–'}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Panel>
  );
}
