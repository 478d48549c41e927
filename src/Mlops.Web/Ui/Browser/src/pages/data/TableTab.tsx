import { Button, Checkbox, Group, Table, Text, TextInput } from '@mantine/core';
import { IconFilter, IconTag } from '@tabler/icons-react';
import { useMemo, useState, type FormEvent } from 'react';
import { useSearchParams } from 'wouter';
import type { FeedSummary, StoredRecord } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { count, decimalsOf, fixed } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { exactTime, moment } from '../../show/times';
import { LabelDrawer, type Labelled } from './LabelDrawer';
import { instant, readRange } from './range';

const page = 100;
const most = 24;
const good = 2;

function cell(value: unknown, decimals: number): string {
  if (value === null || value === undefined)
    return '–';
  if (typeof value === 'number')
    return fixed(value, decimals);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Records, newest first. */
export function TableTab({ feed }: { feed: FeedSummary }) {
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState(search.get('filter') ?? '');
  const [before, setBefore] = useState<readonly number[]>([]);
  const [chosen, setChosen] = useState<ReadonlyMap<number, StoredRecord>>(new Map());
  const [labelled, setLabelled] = useState<Labelled | null>(null);
  const range = readRange(search);
  const filter = search.get('filter') ?? undefined;
  const query = useAnswer('getLastRecords', {
    path: { feed: feed.id },
    query: { limit: page, filter, before: before.at(-1), from: range ? instant(range.from) : undefined, to: range ? instant(range.to, true) : undefined },
  }, { keep: true, every: before.length === 0 && chosen.size === 0 ? 3000 : false });
  const shown = feed.fields.slice(0, most);
  const decimals = useMemo(() => new Map(shown.map(f => [f.name, decimalsOf((query.data ?? []).map(r => r.values[f.name]))])), [query.data, feed.fields]);

  function apply(next: string) {
    setBefore([]);
    setSearch(old => {
      const after = new URLSearchParams(old);
      if (next.trim())
        after.set('filter', next.trim());
      else
        after.delete('filter');
      return after;
    }, { replace: true });
  }

  function clearRange() {
    setBefore([]);
    setSearch(old => {
      const after = new URLSearchParams(old);
      after.delete('from');
      after.delete('to');
      return after;
    }, { replace: true });
  }

  return (
    <Panel flush>
      <Group p="md" pb="xs" gap="xs" align="flex-end" component="form" onSubmit={(e: FormEvent) => {
        e.preventDefault();
        apply(text);
      }}>
        <TextInput flex={1} miw={220} label="Only records where" placeholder={`for example ${shown[0]?.name ?? 'a'} > 10`} leftSection={<IconFilter size={15} />} value={text} onChange={e => setText(e.currentTarget.value)} className="mlops-code-input" />
        <Button type="submit" variant="default">Apply</Button>
        {range && <Button variant="default" onClick={clearRange}>All times</Button>}
        <GuardedButton operation="postLabels" type="button" variant="default" leftSection={<IconTag size={15} />} disabled={chosen.size === 0} onClick={() => setLabelled({ records: [...chosen.values()] })}>Label {chosen.size > 0 ? count(chosen.size) : 'chosen'}</GuardedButton>
      </Group>
      {range && <Text size="xs" c="dimmed" px="md" pb="xs">{exactTime(range.from * 1000)} to {exactTime(range.to * 1000)}</Text>}
      <Loaded query={query} lines={10}>
        {records => records.length === 0 ? <EmptyState title="No record fits">{filter || range ? 'Change the condition or the time.' : 'Records appear here as they come.'}</EmptyState> : (
          <>
            <Table.ScrollContainer minWidth={200 + shown.length * 110} maxHeight="68vh" aria-label="Records">
              <Table stickyHeader highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th w={40} aria-label="Choose" />
                    <Table.Th>Time</Table.Th>
                    {shown.map(f => <Table.Th key={f.name} ta={f.type === 'text' ? undefined : 'right'}>{f.name}{f.unit ? ` (${f.unit})` : ''}</Table.Th>)}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {records.map(record => {
                    const row = record.source.row!;
                    return (
                      <Table.Tr key={row} bg={chosen.has(row) ? 'var(--mantine-primary-color-light)' : undefined}>
                        <Table.Td><Checkbox size="xs" aria-label={`Choose record ${row}`} checked={chosen.has(row)} onChange={e => {
                          const next = new Map(chosen);
                          if (e.currentTarget.checked)
                            next.set(row, record);
                          else
                            next.delete(row);
                          setChosen(next);
                        }} /></Table.Td>
                        <Table.Td className="mlops-number mlops-nowrap" title={exactTime(record.source.ts)}>{moment(record.source.ts)}{record.quality < good ? <Text span size="xs" c="var(--mlops-warn)"> {record.quality === 0 ? 'bad' : 'uncertain'}</Text> : null}</Table.Td>
                        {shown.map(f => <Table.Td key={f.name} ta={f.type === 'text' ? undefined : 'right'} className="mlops-number" maw={260}><Text size="sm" truncate inherit>{cell(record.values[f.name], decimals.get(f.name) ?? 0)}</Text></Table.Td>)}
                      </Table.Tr>
                    );
                  })}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Group p="md" justify="space-between">
              <Button variant="default" size="compact-sm" disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>Newer</Button>
              {feed.fields.length > most && <Text size="xs" c="dimmed">The first {most} of {count(feed.fields.length)} fields</Text>}
              <Button variant="default" size="compact-sm" disabled={records.length < page} onClick={() => setBefore([...before, records.at(-1)!.source.row!])}>Older</Button>
            </Group>
          </>
        )}
      </Loaded>
      <LabelDrawer feed={feed.id} what={labelled} onClose={done => {
        setLabelled(null);
        if (done)
          setChosen(new Map());
      }} />
    </Panel>
  );
}
