import { Button, Code, Group, Select, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { operations } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { words } from '../../show/words';

const page = 100;
const changes = Object.entries(operations).filter(([, o]) => o.method !== 'GET').map(([id]) => ({ value: id, label: words(id) })).sort((a, b) => a.label.localeCompare(b.label));

/** Who changed what, or tried to, newest first. */
export function Audit() {
  const [search, setSearch] = useSearchParams();
  const [who, setWho] = useState(search.get('who') ?? '');
  const [typed] = useDebouncedValue(who.trim(), 300);
  const action = search.get('action') ?? undefined;
  const before = Number(search.get('before')) || undefined;
  const query = useAnswer('listAudit', { query: { limit: page, who: typed || undefined, action, before } }, { keep: true });

  function narrow(part: Record<string, string | null>) {
    setSearch(now => {
      const next = new URLSearchParams(now);
      next.delete('before');
      for (const [name, value] of Object.entries(part)) {
        if (value)
          next.set(name, value);
        else
          next.delete(name);
      }
      return next;
    }, { replace: true });
  }

  return (
    <>
      <Group gap="xs" mb="sm">
        <TextInput size="sm" aria-label="Who" placeholder="Who: a user or token" value={who} onChange={e => { setWho(e.currentTarget.value); narrow({ who: e.currentTarget.value.trim() }); }} />
        <Select size="sm" aria-label="Action" placeholder="Any action" clearable searchable w={220} data={changes} value={action ?? null} onChange={value => narrow({ action: value })} />
        {before && <Button size="sm" variant="default" onClick={() => narrow({})}>Newest</Button>}
      </Group>
      <Panel flush>
        <Loaded query={query} lines={8}>
          {entries => entries.length === 0 ? <EmptyState title="Nothing like this">Every change, and every refused one, is written here. It cannot be edited.</EmptyState> : (
            <>
              <Table.ScrollContainer minWidth={760}>
                <Table>
                  <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>How</Table.Th><Table.Th>What</Table.Th><Table.Th>On</Table.Th><Table.Th>Outcome</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
                  <Table.Tbody>
                    {entries.map(e => (
                      <Table.Tr key={e.number}>
                        <Table.Td className="mlops-nowrap"><TimeText at={e.at} /></Table.Td>
                        <Table.Td fw={500} className="mlops-wrap">{e.who}</Table.Td>
                        <Table.Td>{e.how}</Table.Td>
                        <Table.Td>{words(e.action)}</Table.Td>
                        <Table.Td className="mlops-wrap"><Code>{e.subject}</Code></Table.Td>
                        <Table.Td><StateBadge state={e.status < 400 ? `done (${e.status})` : `refused (${e.status})`} tone={e.status < 400 ? 'good' : 'bad'} /></Table.Td>
                        <Table.Td>{e.address ?? '–'}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              {entries.length === page && <Group justify="center" p="sm"><Button variant="default" size="xs" onClick={() => narrow({ before: String(entries.at(-1)!.number) })}>Older</Button></Group>}
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}
