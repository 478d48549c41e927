import { Anchor, SimpleGrid, Stack, Table, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { call } from '../../api/call';
import type { AssetDetails, DriverDetails } from '../../api/contracts';
import { useAnswer, useRefresh, useTold } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { useConfirm } from '../../show/confirm';
import { Figure } from '../../show/Figure';
import type { Schema, Settings } from '../../show/form/schema';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { notifyDone, notifyProblem } from '../../show/notify';
import { count, duration } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { milliseconds } from '../../show/times';
import { AssetForm } from './AssetForm';
import { BrowseTree } from './BrowseTree';
import { Preview } from './Preview';

export function AssetPage({ id }: { id: string }) {
  const query = useTold('getAsset', { path: { id } }, { every: 3000 });
  const drivers = useAnswer('listDrivers', {});
  const refresh = useRefresh();
  const confirm = useConfirm();
  const [, go] = useLocation();
  useLive({ topics: ['asset'] }, () => void refresh('getAsset', 'getAssetHistory'));
  const asset = query.data?.body;

  async function toggle() {
    if (!asset)
      return;
    try {
      await call('putAsset', { path: { id }, body: { kind: asset.kind, settings: asset.settings, enabled: !asset.enabled }, tag: asset.version });
      notifyDone(asset.enabled ? `The driver of ${id} was stopped.` : `The driver of ${id} connects.`);
      await refresh('getAsset', 'getAssetHistory', 'listAssets');
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function remove() {
    if (!asset || !await confirm({ title: `Remove ${id}?`, text: 'Its driver is stopped and its settings are forgotten. Feeds and records that it has brought stay.', action: 'Remove asset', isDangerous: true }))
      return;
    try {
      await call('deleteAsset', { path: { id }, tag: asset.version });
      notifyDone(`Asset ${id} was removed.`);
      await refresh('listAssets');
      go('/assets');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Page title={id} above={[{ name: 'Assets', path: '/assets' }]} text={asset && `Driver ${asset.kind}`} actions={asset && (
      <>
        <GuardedButton operation="putAsset" variant="default" onClick={() => void toggle()}>{asset.enabled ? 'Stop' : 'Start'}</GuardedButton>
        <GuardedButton operation="deleteAsset" variant="default" c="var(--mlops-bad)" onClick={() => void remove()}>Remove</GuardedButton>
      </>
    )}>
      <Loaded query={query}>
        {({ body }) => (
          <Stack gap="md">
            <Panel>
              <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg">
                <Figure name="State" value={<StateBadge state={body.enabled ? body.state ?? 'starting' : 'disabled'} />} remark={body.since && <>since <TimeText at={body.since} relative /></>} />
                <Figure name="Records" value={count(body.records)} remark="since the node started" />
                <Figure name="Last record" value={<TimeText at={body.lastRecord} relative />} />
                <Figure name="Restarts" value={count(body.restarts)} remark="of the driver, after failures" />
              </SimpleGrid>
              {body.enabled && body.reason && <Text size="sm" mt="sm" className="mlops-wrap">{body.reason}</Text>}
            </Panel>
            <Tabs defaultValue="settings" keepMounted={false}>
              <Tabs.List mb="md">
                <Tabs.Tab value="settings">Settings</Tabs.Tab>
                {body.canBrowse && <Tabs.Tab value="browse">Browse</Tabs.Tab>}
                {body.canPreview && <Tabs.Tab value="preview">Preview</Tabs.Tab>}
                <Tabs.Tab value="feeds">Feeds</Tabs.Tab>
                <Tabs.Tab value="history">History</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="settings">
                <Panel>
                  <Loaded query={drivers}>
                    {list => {
                      const driver = list.find(d => d.kind === body.kind);
                      return driver ? <Change key={body.version} asset={body} driver={driver} /> : <Text size="sm">This host has no driver of the kind {body.kind}. Let the host add it, or remove the asset.</Text>;
                    }}
                  </Loaded>
                </Panel>
              </Tabs.Panel>
              <Tabs.Panel value="browse"><BrowseTree asset={body} settings={drivers.data?.find(d => d.kind === body.kind)?.settings as Schema | undefined} /></Tabs.Panel>
              <Tabs.Panel value="preview"><Preview id={id} /></Tabs.Panel>
              <Tabs.Panel value="feeds"><Feeds asset={body} /></Tabs.Panel>
              <Tabs.Panel value="history"><History id={id} /></Tabs.Panel>
            </Tabs>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Change({ asset, driver }: { asset: AssetDetails; driver: DriverDetails }) {
  const [settings, setSettings] = useState<Settings>(asset.settings);
  const [mirror, setMirror] = useState(asset.mirror);
  const refresh = useRefresh();
  async function save(values: Settings) {
    await call('putAsset', { path: { id: asset.id }, body: { kind: asset.kind, settings: values, mirror }, tag: asset.version });
    notifyDone('Saved; the driver runs with the new settings.');
    await refresh('getAsset', 'getAssetHistory', 'listAssets');
  }
  return <AssetForm driver={driver} id={asset.id} value={settings} onChange={setSettings} mirror={mirror} onMirror={setMirror} saveText="Save" onSave={save} />;
}

function Feeds({ asset }: { asset: AssetDetails }) {
  const feeds = asset.feeds ?? [];
  return (
    <Panel>
      {feeds.length === 0 ? <Text size="sm" c="dimmed">Its driver has announced no feed yet. It does so when it reaches the asset.</Text> : (
        <Stack gap={6}>
          {feeds.map(feed => <Anchor key={feed} component={Link} href={`/data/${encodeURIComponent(feed)}`} size="sm">{feed}</Anchor>)}
        </Stack>
      )}
    </Panel>
  );
}

function History({ id }: { id: string }) {
  const query = useAnswer('getAssetHistory', { path: { id } });
  return (
    <Panel flush>
      <Loaded query={query}>
        {changes => changes.length === 0 ? <Text size="sm" c="dimmed" p="md">Nothing has happened since the node started.</Text> : (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>State</Table.Th><Table.Th>For</Table.Th><Table.Th>Reason</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {changes.map((change, i) => ({ change, until: changes[i + 1] })).reverse().map(({ change, until }, i) => (
                  <Table.Tr key={i}>
                    <Table.Td><TimeText at={change.time} /></Table.Td>
                    <Table.Td><StateBadge state={change.state} /></Table.Td>
                    <Table.Td className="mlops-number">{duration(((until ? milliseconds(until.time) : Date.now()) - milliseconds(change.time)) / 1000)}</Table.Td>
                    <Table.Td className="mlops-wrap">{change.reason}</Table.Td>
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
