import { Anchor, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { DeploymentStatus } from '../../api/contracts';
import { Loaded } from '../../show/Loaded';
import { percent, shortCount } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';

/** The models that answer. */
export function DeploymentsPanel({ query }: { query: UseQueryResult<DeploymentStatus[]> }) {
  return (
    <Panel title="Deployments" actions={<Anchor component={Link} href="/deployments" size="sm">All</Anchor>} flush>
      <Loaded query={query}>
        {deployments => deployments.length === 0 ? <Text size="sm" c="dimmed" px="md" pb="md">No model is deployed yet.</Text> : (
          <Table.ScrollContainer minWidth={320}>
            <Table>
              <Table.Thead>
                <Table.Tr><Table.Th>Workflow</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Predictions</Table.Th><Table.Th ta="right">Accuracy</Table.Th></Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deployments.map(d => (
                  <Table.Tr key={d.id}>
                    <Table.Td><Anchor component={Link} href={`/deployments/${encodeURIComponent(d.id)}`} size="sm">{d.workflow}</Anchor></Table.Td>
                    <Table.Td><StateBadge state={d.state} reason={d.reason} /></Table.Td>
                    <Table.Td ta="right" className="mlops-number">{shortCount(d.answered)}</Table.Td>
                    <Table.Td ta="right" className="mlops-number">{percent(d.quality.find(q => q.model === d.model && !q.shadow)?.window.accuracy)}</Table.Td>
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
