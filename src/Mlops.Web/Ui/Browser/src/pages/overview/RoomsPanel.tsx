import { Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NodeStatus } from '../../api/contracts';
import { bytes, shortCount } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';

const names: Record<string, string> = { freeBytes: 'free', bytes: 'on disk', deadLetters: 'dead letters', staleFeeds: 'stale feeds' };

function show(name: string, value: unknown): string {
  const number = typeof value === 'number' ? value : 0;
  const text = names[name] ?? name;
  return name.toLowerCase().endsWith('bytes') ? `${bytes(number)} ${text}` : `${shortCount(number)} ${number === 1 ? text.replace(/s$/, '') : text}`;
}

/** The rooms of the node and how they are doing. */
export function RoomsPanel({ node }: { node: NodeStatus }) {
  return (
    <Panel title="Components" flush>
      <Box component="ul" className="mlops-list mlops-rooms">
        {node.rooms.map(room => (
          <Room key={room.name} name={room.name} state={room.state}>
            <Group gap="2px 12px" c="dimmed">
              {Object.entries(room.figures ?? {}).map(([name, value]) => <span key={name} className="mlops-number">{show(name, value)}</span>)}
            </Group>
            {room.reason && <Text size="sm" className="mlops-wrap">{room.reason}</Text>}
          </Room>
        ))}
        {node.mqtt && <Room name="broker" state="ok"><Text size="sm" c="dimmed">MQTT at <span className="mlops-code">{node.mqtt.host}:{node.mqtt.port}</span></Text></Room>}
      </Box>
    </Panel>
  );
}

function Room({ name, state, children }: { name: string; state: string; children: ReactNode }) {
  return (
    <li>
      <Text size="sm" fw={600}>{name}</Text>
      <StateBadge state={state} />
      <div>{children}</div>
    </li>
  );
}
