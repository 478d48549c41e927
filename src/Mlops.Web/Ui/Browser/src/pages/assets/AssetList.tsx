import { Anchor, Table, Text, TextInput } from '@mantine/core';
import { IconCpu, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAnswer, useRefresh } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { EmptyState } from '../../show/EmptyState';
import { GuardedLink } from '../../show/GuardedLink';
import { Loaded } from '../../show/Loaded';
import { shortCount } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';

export function AssetList() {
  const query = useAnswer('listAssets', {}, { every: 5000 });
  const refresh = useRefresh();
  const [search, setSearch] = useState('');
  useLive({ topics: ['asset'] }, () => void refresh('listAssets'));
  const add = <GuardedLink operation="putAsset" href="/assets/new" leftSection={<IconPlus size={16} />}>Add asset</GuardedLink>;
  const many = (query.data?.length ?? 0) > 8;

  return (
    <Page title="Assets" text="Machines, sensors and cameras that a driver connects." actions={(query.data?.length ?? 0) > 0 ? add : null}>
      <Panel flush>
        <Loaded query={query}>
          {assets => assets.length === 0 ? (
            <EmptyState icon={IconCpu} title="No asset yet" action={add}>
              Add a machine, a sensor or a folder of files, and its driver brings the records in. What publishes on MQTT by itself needs no asset: see <Anchor component={Link} href="/ingest" inherit underline="always">Ingest</Anchor>.
            </EmptyState>
          ) : (
            <>
              {many && <TextInput m="md" mb={0} maw={320} aria-label="Search assets" placeholder="Search" leftSection={<IconSearch size={15} />} value={search} onChange={e => setSearch(e.currentTarget.value)} />}
              <Table.ScrollContainer minWidth={300}>
                <Table highlightOnHover>
                  <Table.Thead>
                    <Table.Tr><Table.Th>Asset</Table.Th><Table.Th visibleFrom="sm">Driver</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Records</Table.Th><Table.Th visibleFrom="sm">Last record</Table.Th><Table.Th visibleFrom="sm" ta="right">Feeds</Table.Th></Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {assets.filter(a => `${a.id} ${a.kind}`.toLowerCase().includes(search.toLowerCase())).map(asset => (
                      <Table.Tr key={asset.id}>
                        <Table.Td className="mlops-wrap"><Anchor component={Link} href={`/assets/${encodeURIComponent(asset.id)}`} size="sm" fw={600}>{asset.id}</Anchor></Table.Td>
                        <Table.Td visibleFrom="sm">{asset.kind}</Table.Td>
                        <Table.Td>
                          <StateBadge state={asset.enabled ? asset.state ?? 'starting' : 'disabled'} />
                          {asset.enabled && asset.reason && <Text size="xs" c="dimmed" lineClamp={3} maw={420} className="mlops-wrap">{asset.reason}</Text>}
                        </Table.Td>
                        <Table.Td ta="right" className="mlops-number">{shortCount(asset.records)}</Table.Td>
                        <Table.Td visibleFrom="sm"><TimeText at={asset.lastRecord} relative /></Table.Td>
                        <Table.Td visibleFrom="sm" ta="right" className="mlops-number">{asset.feeds?.length ?? 0}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
