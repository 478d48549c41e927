import { Alert, Button, Checkbox, FileButton, Group, List, Select, Table, Text } from '@mantine/core';
import { IconTags } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call';
import type { FeedSummary, LabelEntry, LabelsAdded } from '../../api/contracts';
import { useRefresh, useTold } from '../../api/queries';
import { upload } from '../../api/upload';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { notifyDone, notifyProblem } from '../../show/notify';
import { count } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { useMay } from '../../session/session';

const page = 100;

function subject(label: LabelEntry) {
  if (label.from)
    return <><TimeText at={label.from} /> to <TimeText at={label.to} /></>;
  if (label.key)
    return <span className="mlops-code">{Object.entries(label.key).map(([name, value]) => `${name} = ${String(value)}`).join(', ')}</span>;
  return <>record {label.source?.row ?? label.source?.seq}{label.source?.ts ? <> of <TimeText at={label.source.ts} /></> : null}</>;
}

/** The labels of a feed, newest first. */
export function LabelsTab({ feed }: { feed: FeedSummary }) {
  const [set, setSet] = useState<string | null>(null);
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [imported, setImported] = useState<LabelsAdded | null>(null);
  const query = useTold('listLabels', { path: { feed: feed.id }, query: { set: set ?? undefined, limit: page, offset } }, { every: 10_000, keep: true });
  const [sets, setSets] = useState<readonly string[]>([]);
  const refresh = useRefresh();
  const may = useMay();
  const seen = [...new Set([...sets, ...(query.data?.body ?? []).map(l => l.set)])];
  if (seen.length !== sets.length)
    setSets(seen);

  async function takeBack() {
    try {
      const { count: gone } = await call('deleteLabels', { path: { feed: feed.id }, body: { ids: [...chosen] } });
      notifyDone(`${count(gone)} ${gone === 1 ? 'label was' : 'labels were'} taken back; ${gone === 1 ? 'it stays' : 'they stay'} in the history.`);
      setChosen(new Set());
      await refresh('listLabels');
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function importFile(file: File | null) {
    if (!file)
      return;
    try {
      setImported(await upload('postLabels', { path: { feed: feed.id }, query: { set: set ?? undefined }, file, type: 'text/csv' }));
      await refresh('listLabels');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Panel flush title="Labels" actions={(
      <FileButton accept=".csv,text/csv" onChange={file => void importFile(file)}>
        {props => <GuardedButton operation="postLabels" variant="default" size="compact-sm" {...props}>Import CSV</GuardedButton>}
      </FileButton>
    )}>
      <Group px="md" pb="sm" gap="xs">
        {seen.length > 0 && <Select aria-label="Label set" placeholder="All sets" data={seen} value={set} clearable w={200} onChange={value => { setSet(value); setOffset(0); }} />}
        {chosen.size > 0 && <GuardedButton operation="deleteLabels" variant="default" c="var(--mlops-bad)" onClick={() => void takeBack()}>Take {count(chosen.size)} back</GuardedButton>}
      </Group>
      {imported && (
        <Alert mx="md" mb="sm" color={(imported.rejected ?? 0) > 0 ? 'yellow' : 'green'} withCloseButton closeButtonLabel="Close" onClose={() => setImported(null)} title={`${count(imported.added)} labels were imported`}>
          {(imported.problems?.length ?? 0) > 0 && <List size="sm">{imported.problems!.slice(0, 10).map(p => <List.Item key={p.line}>line {count(p.line)}: {p.reason}</List.Item>)}</List>}
        </Alert>
      )}
      <Loaded query={query}>
        {({ body, total }) => body.length === 0 ? (
          <EmptyState icon={IconTags} title="No label yet">
            A label says what is true of a record or a stretch of time. Select a stretch on the chart or rows in the table, send them on the databus, or import a CSV with the columns <span className="mlops-code">from, to, value</span> or <span className="mlops-code">row, value</span>.
          </EmptyState>
        ) : (
          <>
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead><Table.Tr><Table.Th w={40} aria-label="Choose" /><Table.Th>Labelled</Table.Th><Table.Th>Set</Table.Th><Table.Th>Value</Table.Th><Table.Th>By</Table.Th><Table.Th>When</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {body.map(label => (
                    <Table.Tr key={label.id}>
                      <Table.Td><Checkbox size="xs" aria-label={`Choose label ${label.id}`} disabled={!may('deleteLabels')} checked={chosen.has(label.id)} onChange={e => {
                        const next = new Set(chosen);
                        if (e.currentTarget.checked)
                          next.add(label.id);
                        else
                          next.delete(label.id);
                        setChosen(next);
                      }} /></Table.Td>
                      <Table.Td>{subject(label)}</Table.Td>
                      <Table.Td>{label.set}</Table.Td>
                      <Table.Td fw={600}>{label.value}</Table.Td>
                      <Table.Td>{label.author ?? label.origin}</Table.Td>
                      <Table.Td><TimeText at={label.created} relative /></Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {(offset > 0 || (total ?? 0) > offset + page) && (
              <Group p="md" justify="space-between">
                <Button variant="default" size="compact-sm" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - page))}>Newer</Button>
                <Text size="sm" c="dimmed">{count(offset + 1)} to {count(offset + body.length)}</Text>
                <Button variant="default" size="compact-sm" disabled={(total ?? 0) <= offset + page} onClick={() => setOffset(offset + page)}>Older</Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
