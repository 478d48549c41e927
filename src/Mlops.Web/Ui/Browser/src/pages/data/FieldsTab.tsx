import { Table } from '@mantine/core';
import type { FeedSummary } from '../../api/contracts';
import { Panel } from '../../show/Panel';

export function FieldsTab({ feed }: { feed: FeedSummary }) {
  return (
    <Panel flush>
      <Table.ScrollContainer minWidth={320}>
        <Table>
          <Table.Thead><Table.Tr><Table.Th>Field</Table.Th><Table.Th>Type</Table.Th><Table.Th>Unit</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {feed.fields.map(field => (
              <Table.Tr key={field.name}><Table.Td className="mlops-wrap">{field.name}</Table.Td><Table.Td>{field.type}</Table.Td><Table.Td>{field.unit}</Table.Td></Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
