import { Group, Table, Text } from '@mantine/core';
import type { NodeStatus } from '../../api/contracts';
import { bytes, shortCount } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';

const names: Record<string, string> = { freeBytes: 'free', bytes: 'on disk', deadLetters: 'dead letters', staleFeeds: 'stale feeds' };

function show(name: string, value: unknown): string {
  const number = typeof value === 'number' ? value : 0;
  return `${name.toLowerCase().endsWith('bytes') ? bytes(number) : shortCount(number)} ${names[name] ?? name}`;
}

/** The rooms of the node and how they are doing. */
export function RoomsPanel({ node }: { node: NodeStatus }) {
  return (
    <Panel title="Rooms" flush>
      <Table aria-label="Rooms">
        <Table.Tbody>
          {node.rooms.map(room => (
            <Table.Tr key={room.name}>
              <Table.Th scope="row" fw={600} w={110}>{room.name}</Table.Th>
              <Table.Td w={110}><StateBadge state={room.state} /></Table.Td>
              <Table.Td>
                <Group gap="xs" c="dimmed" fz="sm">
                  {Object.entries(room.figures ?? {}).map(([name, value]) => <span key={name} className="mlops-number">{show(name, value)}</span>)}
                </Group>
                {room.reason && <Text size="sm" className="mlops-wrap">{room.reason}</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
          {node.mqtt && (
            <Table.Tr>
              <Table.Th scope="row" fw={600}>broker</Table.Th>
              <Table.Td><StateBadge state="ok" /></Table.Td>
              <Table.Td c="dimmed">MQTT at <span className="mlops-code">{node.mqtt.host}:{node.mqtt.port}</span></Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
