import { expect, test } from 'vitest';
import type { AssetDetails, DeadLetterEntry, DeploymentStatus, NodeStatus } from '../../api/contracts';
import { alertsOf } from './attention';

const node = (rooms: NodeStatus['rooms']): NodeStatus => ({ name: 'n', layer: 'edge', version: '1', uptime: 1, started: '', healthy: true, rooms, containment: [], memoryMiB: 1, cpuPercent: 1 });
const asset = (id: string, state: string): AssetDetails => ({ id, state, reason: 'no answer', kind: 'opcua', settings: {}, enabled: true, mirror: false, version: 1, changed: '', records: 0, restarts: 0, canBrowse: false, canWrite: false, canPreview: false } as AssetDetails);

const letter: DeadLetterEntry = { id: '1', time: '', topic: 'a/b', reason: 'no JSON', bytes: 3, whole: true };

test('all is well: nothing to look at', () => {
  expect(alertsOf(node([{ name: 'ingest', state: 'ok', figures: { deadLetters: 3 } }]), [asset('press', 'connected')], [], [])).toEqual([]);
});

test('the worst comes first, and an asset is not named twice', () => {
  const alerts = alertsOf(node([{ name: 'drivers', state: 'degraded', reason: 'press' }, { name: 'ingest', state: 'ok' }]), [asset('press', 'degraded'), asset('saw', 'faulted')], [], [letter]);
  expect(alerts.map(a => a.key)).toEqual(['asset saw', 'asset press', 'dead letters']);
  expect(alerts[0]!.path).toBe('/assets/saw');
});

test('drift is told of a deployment that runs', () => {
  const deployment = { id: 'd1', workflow: 'w', state: 'running', drift: { records: 100, drifted: true, figures: [] } } as unknown as DeploymentStatus;
  expect(alertsOf(node([]), [], [deployment], []).map(a => a.key)).toEqual(['drift d1']);
});
