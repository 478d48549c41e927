import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { DeploymentStatus } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { Facts } from '../../show/Facts';
import { Loaded } from '../../show/Loaded';
import { bytes, count, duration } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { RunFiguresList } from '../../show/RunFiguresList';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { spanSeconds } from '../../show/times';
import { BacktestPanel } from '../models/BacktestPanel';
import { Figures } from '../models/Figures';
import { History } from '../models/History';
import { CandidatePanel } from './CandidatePanel';
import { DeploymentActions } from './DeploymentActions';
import { DriftPanel } from './DriftPanel';
import { LivePanel } from './LivePanel';
import { useLiveDeployments } from './useDeployments';

const modes: Readonly<Record<string, string>> = { 'in-process': 'Python in the node\'s process', worker: 'Python in a process of its own', onnx: 'ONNX Runtime in the node\'s process' };

/** One deployment: its answers as they come, how good they are, and what can be done about it. */
export function DeploymentView({ id }: { id: string }) {
  useLiveDeployments();
  const query = useAnswer('getDeployment', { path: { id } }, { every: 3000 });
  const deployment = query.data;
  return (
    <Page
      title={deployment?.workflow ?? id}
      above={[{ name: 'Deployments', path: '/deployments' }]}
      text={<>Deployment <span className="mlops-code">{id}</span>{deployment && <> · <StateBadge state={deployment.state} reason={deployment.reason} /> · model <Anchor component={Link} href={`/models/${deployment.model}`} inherit className="mlops-code">{deployment.model}</Anchor></>}</>}
      actions={deployment && deployment.state !== 'stopped' && <DeploymentActions deployment={deployment} />}
    >
      <Loaded query={query} lines={8}>{found => <Content deployment={found} />}</Loaded>
    </Page>
  );
}

function Content({ deployment }: { deployment: DeploymentStatus }) {
  const model = useAnswer('getModel', { path: { id: deployment.model } }, { staleTime: 60_000 });
  const qualities = deployment.quality.filter(q => q.total.count > 0);
  return (
    <Stack gap="md">
      {deployment.reason && <Panel><Text size="sm" fw={500} className="mlops-wrap">{deployment.reason}</Text></Panel>}
      {deployment.candidate && <CandidatePanel deployment={deployment} />}
      {model.data && <LivePanel key={deployment.id} deployment={deployment} label={model.data.data.labels ?? null} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md">
          <Panel title="Evaluation against labels">
            {qualities.length === 0
              ? <Text size="sm" c="dimmed">No prediction has a label yet. Label records of the feed: by hand on its page under Data, by REST or by MQTT. Predictions are compared with labels as they arrive.</Text>
              : (
                <Stack gap="lg">
                  {qualities.map(q => (
                    <div key={`${q.model}${q.shadow}`}>
                      <Text size="sm" fw={600} mb={6}><Anchor component={Link} href={`/models/${q.model}`} inherit className="mlops-code">{q.model}</Anchor>{q.shadow ? ' (shadow)' : q.model === deployment.model ? ' (in production now)' : ' (earlier)'}</Text>
                      <Figures figures={q.total} caption={`All labelled predictions of ${q.model}`} />
                    </div>
                  ))}
                </Stack>
              )}
          </Panel>
          {deployment.state !== 'stopped' && <BacktestPanel model={deployment.model} deployment={deployment.id} />}
        </Stack>
        <Stack gap="md">
          <DriftPanel drift={deployment.drift} />
          <Panel title="Details">
            <Facts facts={[
              ['Model', <Anchor key="m" component={Link} href={`/models/${deployment.model}`} size="sm" className="mlops-code">{deployment.model}</Anchor>],
              ['Previous model', deployment.previousModel ? <Anchor key="p" component={Link} href={`/models/${deployment.previousModel}`} size="sm" className="mlops-code">{deployment.previousModel}</Anchor> : null],
              ['Feed', deployment.feed ? <Anchor key="f" component={Link} href={`/data/${encodeURIComponent(deployment.feed)}`} size="sm">{deployment.feed}</Anchor> : null],
              ['Inputs', Object.entries(deployment.inputs ?? {}).map(([name, f]) => `${name} ← ${f.field} of ${f.feed}`).join(', ') || null],
              ['Predictions', count(deployment.answered)],
              ['Stored in', <Anchor key="s" component={Link} href={`/data/${encodeURIComponent(deployment.predictionFeed)}`} size="sm">{deployment.predictionFeed}</Anchor>],
              ['Published on', deployment.topic ? <span key="t" className="mlops-code">{deployment.topic}</span> : null],
              ['Delivery', deployment.delivery === 'latest' ? 'only the newest that waits' : 'every record'],
              ['Publish up to age', duration(spanSeconds(deployment.maxAge))],
              ['Runtime', deployment.modeReason ? `${modes[deployment.mode ?? ''] ?? deployment.mode}: ${deployment.modeReason}` : modes[deployment.mode ?? ''] ?? deployment.mode],
              ['Waits', deployment.interruption],
              ['Memory of its model', deployment.memory ? bytes(deployment.memory.bytes) : null],
              ['Since', <TimeText key="c" at={deployment.created} />],
              ['By', deployment.author],
            ]} />
          </Panel>
          {deployment.measurements && <Panel title="Resources used"><RunFiguresList figures={deployment.measurements} parts={false} /></Panel>}
          <History subject={deployment.id} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
