import { ActionIcon, Button, Group, Select, SimpleGrid, Stack, Table, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/call';
import type { Mapping, MappingField } from '../../api/contracts';
import { useRefresh } from '../../api/queries';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone } from '../../show/notify';
import { ProblemAlert } from '../../show/ProblemAlert';

const types = ['float64', 'int64', 'uInt64', 'boolean', 'text', 'timestamp'];
const formats = ['auto', 'iso8601', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

/** Which values of a message become which fields of a feed. */
export function MappingForm({ first, onDone }: { first: Mapping; onDone: () => void }) {
  const [mapping, setMapping] = useState<Mapping>(first);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const refresh = useRefresh();
  const isNew = !first.id || first.id === '';
  const fields = mapping.fields ?? [];
  const change = (part: Partial<Mapping>) => setMapping({ ...mapping, ...part });
  const put = (i: number, part: Partial<MappingField>) => change({ fields: fields.map((f, j) => (j === i ? { ...f, ...part } : f)) });

  async function save(e: FormEvent) {
    e.preventDefault();
    setBusy(true);
    setError(null);
    const body = { ...mapping, fields: fields.filter(f => f.field && f.path).map(f => ({ ...f, type: f.type || undefined, unit: f.unit || undefined })) };
    try {
      if (isNew)
        await call('addMapping', { body: { ...body, id: undefined } });
      else
        await call('changeMapping', { path: { id: first.id! }, body });
      await refresh('listMappings', 'listFeeds');
      notifyDone(`Messages of ${mapping.topic} go into the feed ${mapping.feed} from now on.`);
      onDone();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={e => void save(e)}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label="Topics" description="+ for one level, # for the rest" required value={mapping.topic} onChange={e => change({ topic: e.currentTarget.value })} />
          <TextInput label="Feed" description="Where the records go" required value={mapping.feed} onChange={e => change({ feed: e.currentTarget.value })} />
          <TextInput label="Time" description="Where a record has its time; empty: when it arrives" value={mapping.timestampField ?? ''} onChange={e => change({ timestampField: e.currentTarget.value })} />
          <Select label="Written as" description="How the time is written" data={formats.includes(mapping.timestampFormat ?? 'auto') ? formats : [...formats, mapping.timestampFormat!]} value={mapping.timestampFormat ?? 'auto'} onChange={value => change({ timestampFormat: value ?? 'auto' })} />
          <TextInput label="Records" description="Where the list of records is; empty: the message is one" value={mapping.records ?? ''} onChange={e => change({ records: e.currentTarget.value })} />
        </SimpleGrid>
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label="Fields" verticalSpacing={4} horizontalSpacing={6}>
            <Table.Thead><Table.Tr><Table.Th>Field</Table.Th><Table.Th>Path in the message</Table.Th><Table.Th w={130}>Type</Table.Th><Table.Th w={90}>Unit</Table.Th><Table.Th w={36} aria-label="Remove" /></Table.Tr></Table.Thead>
            <Table.Tbody>
              {fields.map((field, i) => (
                <Table.Tr key={i}>
                  <Table.Td><TextInput size="xs" aria-label={`Field ${i + 1}`} value={field.field} onChange={e => put(i, { field: e.currentTarget.value })} /></Table.Td>
                  <Table.Td><TextInput size="xs" aria-label={`Path of field ${i + 1}`} value={field.path} onChange={e => put(i, { path: e.currentTarget.value })} /></Table.Td>
                  <Table.Td><Select size="xs" aria-label={`Type of field ${i + 1}`} placeholder="as it is" clearable data={field.type && !types.includes(field.type) ? [...types, field.type] : types} value={field.type ?? null} onChange={value => put(i, { type: value ?? undefined })} /></Table.Td>
                  <Table.Td><TextInput size="xs" aria-label={`Unit of field ${i + 1}`} value={field.unit ?? ''} onChange={e => put(i, { unit: e.currentTarget.value })} /></Table.Td>
                  <Table.Td><ActionIcon color="red" size="sm" aria-label={`Leave ${field.field || 'field'} out`} onClick={() => change({ fields: fields.filter((_, j) => j !== i) })}><IconTrash size={15} /></ActionIcon></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {error !== null && <ProblemAlert error={error} />}
        <Group justify="space-between">
          <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => change({ fields: [...fields, { field: '', path: '' }] })}>Add field</Button>
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>Cancel</Button>
            <GuardedButton operation={isNew ? 'addMapping' : 'changeMapping'} type="submit" loading={isBusy}>Save mapping</GuardedButton>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
