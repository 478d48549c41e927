import { Table, Text } from '@mantine/core';
import { useAnswer } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { words } from '../../show/words';

/** What happened to a deployment, or to a model in all of its deployments, and who wanted it. */
export function History({ subject, isModel = false }: { subject: string; isModel?: boolean }) {
  const query = useAnswer('listLifecycle', { query: isModel ? { limit: 1000 } : { subject, limit: 50 } }, { every: 10_000 });
  return (
    <Panel title="History" flush>
      <Loaded query={query}>
        {all => {
          const events = isModel ? all.filter(e => e.subject === subject || e.model === subject) : all;
          return events.length === 0 ? <Text size="sm" c="dimmed" p="md" pt={0}>Nothing has happened yet.</Text> : (
            <Table.ScrollContainer minWidth={360}>
              <Table>
                <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>What</Table.Th><Table.Th>Who</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {events.map((e, i) => (
                    <Table.Tr key={i}>
                      <Table.Td className="mlops-nowrap"><TimeText at={e.at} /></Table.Td>
                      <Table.Td className="mlops-wrap">{isModel && e.subject !== subject ? `${e.subject}: ` : ''}{words(e.action)}{e.model && e.model !== subject ? ` ${e.model}` : ''}{e.text ? `: ${e.text}` : ''}</Table.Td>
                      <Table.Td>{e.author ?? '–'}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          );
        }}
      </Loaded>
    </Panel>
  );
}
