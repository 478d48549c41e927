import { ActionIcon, Anchor, Drawer, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconArrowsSplit2, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../api/call';
import type { Mapping } from '../../api/contracts';
import { useAnswer, useRefresh } from '../../api/queries';
import { useConfirm } from '../../show/confirm';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { notifyDone, notifyProblem } from '../../show/notify';
import { Panel } from '../../show/Panel';
import { useMay, whoMay } from '../../session/session';
import { MappingForm } from './MappingForm';

/** How plain JSON becomes records. */
export function Mappings() {
  const query = useAnswer('listMappings', {});
  const refresh = useRefresh();
  const confirm = useConfirm();
  const may = useMay();
  const [edited, setEdited] = useState<Mapping | null>(null);

  async function remove(mapping: Mapping) {
    if (!await confirm({ title: `Remove the mapping of ${mapping.topic}?`, text: `Its messages go to the dead letters from then on. What the feed ${mapping.feed} holds stays.`, action: 'Remove mapping', isDangerous: true }))
      return;
    try {
      await call('deleteMapping', { path: { id: mapping.id! } });
      notifyDone('The mapping was removed.');
      await refresh('listMappings');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Panel title="Mappings of plain JSON" flush actions={<GuardedButton operation="addMapping" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => setEdited({ topic: '', feed: '', timestampField: 'timestamp', fields: [{ field: '', path: '' }] })}>Add</GuardedButton>}>
      <Loaded query={query}>
        {mappings => mappings.length === 0 ? (
          <EmptyState icon={IconArrowsSplit2} title="No mapping yet">
            Open <Anchor component={Link} href="/ingest" inherit underline="always">Topics</Anchor>, choose one that carries JSON, and press Make a mapping: it is proposed from the messages seen.
          </EmptyState>
        ) : (
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>Topics</Table.Th><Table.Th>Feed</Table.Th><Table.Th>Fields</Table.Th><Table.Th>Time</Table.Th><Table.Th w={80} aria-label="What can be done" /></Table.Tr></Table.Thead>
              <Table.Tbody>
                {mappings.map(mapping => (
                  <Table.Tr key={mapping.id}>
                    <Table.Td className="mlops-code">{mapping.topic}</Table.Td>
                    <Table.Td><Anchor component={Link} href={`/data/${encodeURIComponent(mapping.feed)}`} size="sm">{mapping.feed}</Anchor></Table.Td>
                    <Table.Td><Text size="sm" lineClamp={2}>{mapping.fields?.length ? mapping.fields.map(f => f.field).join(', ') : 'all'}</Text></Table.Td>
                    <Table.Td className="mlops-code">{mapping.timestampField || 'arrival'}</Table.Td>
                    <Table.Td>
                      <Group gap={2} wrap="nowrap">
                        <Tooltip label={may('changeMapping') ? 'Change' : whoMay('changeMapping')}><ActionIcon aria-label={`Change the mapping of ${mapping.topic}`} data-disabled={!may('changeMapping') || undefined} onClick={() => may('changeMapping') && setEdited(mapping)}><IconPencil size={16} /></ActionIcon></Tooltip>
                        <Tooltip label={may('deleteMapping') ? 'Remove' : whoMay('deleteMapping')}><ActionIcon color="red" aria-label={`Remove the mapping of ${mapping.topic}`} data-disabled={!may('deleteMapping') || undefined} onClick={() => may('deleteMapping') && void remove(mapping)}><IconTrash size={16} /></ActionIcon></Tooltip>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      <Drawer opened={edited !== null} onClose={() => setEdited(null)} size="xl" title={<Text fw={600}>{edited?.id ? `Mapping of ${edited.topic}` : 'Add mapping'}</Text>}>
        {edited && <MappingForm key={edited.id ?? ''} first={edited} onDone={() => setEdited(null)} />}
      </Drawer>
    </Panel>
  );
}
