import { Anchor, Table } from '@mantine/core';
import { Link } from 'wouter';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { stageText, stageTone } from '../models/stages';

/** The newest models of a workflow. */
export function WorkflowModels({ name }: { name: string }) {
  const query = useAnswer('listModels', { query: { workflow: name, limit: 10 } });
  return (
    <Panel title="Models" flush actions={<Anchor component={Link} href={`/models?workflow=${encodeURIComponent(name)}`} size="sm">All</Anchor>}>
      <Loaded query={query}>
        {models => models.length === 0 ? <EmptyState title="No model yet">Train this workflow on data of a feed.</EmptyState> : (
          <Table.ScrollContainer minWidth={420}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>Model</Table.Th><Table.Th>Version</Table.Th><Table.Th>Stage</Table.Th><Table.Th>Created</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {models.map(m => (
                  <Table.Tr key={m.id}>
                    <Table.Td className="mlops-nowrap"><Anchor component={Link} href={`/models/${m.id}`} size="sm" className="mlops-code">{m.id}</Anchor></Table.Td>
                    <Table.Td>{m.version}</Table.Td>
                    <Table.Td><StateBadge state={stageText(m.stage)} tone={stageTone(m.stage)} /></Table.Td>
                    <Table.Td className="mlops-nowrap"><TimeText at={m.created} relative /></Table.Td>
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
