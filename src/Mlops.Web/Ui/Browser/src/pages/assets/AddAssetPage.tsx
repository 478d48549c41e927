import { Grid, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../../api/call';
import { useAnswer, useRefresh } from '../../api/queries';
import { Loaded } from '../../show/Loaded';
import { notifyDone } from '../../show/notify';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import type { Settings } from '../../show/form/schema';
import { AssetForm } from './AssetForm';

const kinds: Record<string, { name: string; text: string }> = {
  opcua: { name: 'OPC UA server', text: 'A machine or controller that offers its values by OPC UA.' },
  genicam: { name: 'Camera', text: 'An industrial camera with GigE Vision or USB3 Vision.' },
  file: { name: 'Folder of files', text: 'CSV, JSON lines or Parquet that others write into a folder.' },
  'mqtt-decoder': { name: 'MQTT messages other than JSON', text: 'Binary or delimited payloads. JSON needs no asset, only a mapping under Ingest.' },
};

const validId = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export function AddAssetPage() {
  const drivers = useAnswer('listDrivers', {});
  const refresh = useRefresh();
  const [, go] = useLocation();
  const [kind, setKind] = useState<string | null>(null);
  const [id, setId] = useState('');
  const [idProblem, setIdProblem] = useState<string | null>(null);
  const [settings, setSettings] = useState<Settings>({});
  const [mirror, setMirror] = useState(false);

  async function save(values: Settings) {
    if (!validId.test(id)) {
      setIdProblem('Give it a name of letters, digits, ".", "_" and "-".');
      document.getElementById('asset-id')?.focus();
      return;
    }
    // 0 is the version of what is not there yet: an asset of the same name is not replaced unseen.
    await call('putAsset', { path: { id }, body: { kind: kind!, settings: values, mirror }, tag: 0 });
    await refresh('listAssets');
    notifyDone(`Asset ${id} was added; its driver connects.`);
    go(`/assets/${encodeURIComponent(id)}`);
  }

  return (
    <Page title="Add asset" above={[{ name: 'Assets', path: '/assets' }]}>
      <Loaded query={drivers}>
        {list => {
          const driver = list.find(d => d.kind === kind);
          return (
            <Grid gap="md">
              <Grid.Col span={{ base: 12, md: 4 }}>
                <Panel title="Kind of asset">
                  <Radio.Group value={kind} onChange={next => { setKind(next); setSettings({}); }} aria-label="Driver">
                    <Stack gap="xs">
                      {list.map(d => (
                        <Radio.Card key={d.kind} value={d.kind} p="sm" radius="sm" className="mlops-choice">
                          <Stack gap={0}>
                            <Text size="sm" fw={600}>{kinds[d.kind]?.name ?? d.kind}</Text>
                            <Text size="xs" c="dimmed">{kinds[d.kind]?.text ?? 'A driver that this host has added.'}</Text>
                          </Stack>
                        </Radio.Card>
                      ))}
                    </Stack>
                  </Radio.Group>
                </Panel>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 8 }}>
                {driver ? (
                  <Panel title={kinds[driver.kind]?.name ?? driver.kind}>
                    <Stack gap="sm">
                      <TextInput id="asset-id" label="Name of the asset" description="Part of the names of its feeds; it cannot be changed later." withAsterisk value={id} error={idProblem} maxLength={100}
                        onChange={e => { setId(e.currentTarget.value); setIdProblem(null); }} />
                      <AssetForm key={driver.kind} driver={driver} id={id} value={settings} onChange={setSettings} mirror={mirror} onMirror={setMirror} saveText="Add asset" onSave={save} />
                    </Stack>
                  </Panel>
                ) : <Panel><Text size="sm" c="dimmed">Choose the kind of asset first; its settings appear here.</Text></Panel>}
              </Grid.Col>
            </Grid>
          );
        }}
      </Loaded>
    </Page>
  );
}
