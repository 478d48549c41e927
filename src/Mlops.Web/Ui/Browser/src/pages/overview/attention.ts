import type { AssetDetails, DeadLetterEntry, DeploymentStatus, NodeStatus } from '../../api/contracts';

export interface Alert {
  key: string;
  tone: 'bad' | 'warn';
  title: string;
  /** Why, and what helps. */
  text: string;
  /** Where one can do something about it. */
  path?: string;
}

/** What somebody should look at, the worst first. */
export function alertsOf(node: NodeStatus, assets: readonly AssetDetails[], deployments: readonly DeploymentStatus[], letters: readonly DeadLetterEntry[]): Alert[] {
  const alerts: Alert[] = [];
  for (const asset of assets) {
    if (asset.state === 'faulted' || asset.state === 'degraded')
      alerts.push({ key: `asset ${asset.id}`, tone: asset.state === 'faulted' ? 'bad' : 'warn', title: `Asset ${asset.id} is ${asset.state}`, text: asset.reason ?? '', path: `/assets/${encodeURIComponent(asset.id)}` });
  }
  for (const deployment of deployments) {
    const path = `/deployments/${encodeURIComponent(deployment.id)}`;
    if (deployment.state === 'faulted')
      alerts.push({ key: `deployment ${deployment.id}`, tone: 'bad', title: `Deployment of ${deployment.workflow} does not answer`, text: deployment.reason ?? '', path });
    if (deployment.drift?.drifted)
      alerts.push({ key: `drift ${deployment.id}`, tone: 'warn', title: `${deployment.workflow}: records differ from the training data`, text: 'The newest records are far from those that the model has learned from. Look at the drift of each feature, and train again if the change is real.', path });
  }
  const [newest] = letters;
  if (newest)
    alerts.push({ key: 'dead letters', tone: 'warn', title: letters.length === 1 ? 'A message could not be decoded' : 'Messages could not be decoded', text: `The newest is of ${newest.topic}: ${newest.reason}`, path: '/ingest/dead-letters' });
  for (const room of node.rooms) {
    // What the drivers and deployments say themselves is more exact.
    if (room.state !== 'ok' && !(room.name === 'drivers' && assets.length > 0) && !(room.name === 'prediction' && deployments.length > 0))
      alerts.push({ key: `room ${room.name}`, tone: room.state === 'faulted' ? 'bad' : 'warn', title: `${room.name} is ${room.state}`, text: room.reason ?? '' });
  }
  return alerts.sort((a, b) => (a.tone === b.tone ? 0 : a.tone === 'bad' ? -1 : 1));
}
