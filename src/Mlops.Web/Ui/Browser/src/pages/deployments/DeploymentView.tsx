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

/** One deployment: its answers as they come, how good they are, and what can be done about it. */
export function DeploymentView({ id }: { id: string }) {
  useLiveDeployments();
  const query = useAnswer('getDeployment', { path: { id } }, { every: 3000 });
  const deployment = query.data;
  return (
    <Page
      title={deployment?.workflow ?? id}
      above={[{ name: 'Deployments', path: '/deployments' }]}
      text={<>Deployment <span className="mlops-code">{id}</span>{deployment && <> · <StateBadge state={deployment.state} reason={deployment.reason} /></>}</>}
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
          <Panel title="Judged by labels">
            {qualities.length === 0
              ? <Text size="sm" c="dimmed">No answer has a label yet. Label records of the feed, by hand on the data page or by REST and MQTT; the answers are compared with them by themselves.</Text>
              : (
                <Stack gap="lg">
                  {qualities.map(q => (
                    <div key={`${q.model}${q.shadow}`}>
                      <Text size="sm" fw={600} mb={6}><Anchor component={Link} href={`/models/${q.model}`} inherit className="mlops-code">{q.model}</Anchor>{q.shadow ? ' (shadow)' : q.model === deployment.model ? ' (answers now)' : ' (before)'}</Text>
                      <Figures figures={q.total} caption={`All labelled answers of ${q.model}`} />
                    </div>
                  ))}
                </Stack>
              )}
          </Panel>
          {deployment.state !== 'stopped' && <BacktestPanel model={deployment.model} deployment={deployment.id} />}
        </Stack>
        <Stack gap="md">
          <DriftPanel drift={deployment.drift} />
          <Panel title="Where it answers">
            <Facts facts={[
              ['Model', <Anchor key="m" component={Link} href={`/models/${deployment.model}`} size="sm" className="mlops-code">{deployment.model}</Anchor>],
              ['Model before', deployment.previousModel ? <Anchor key="p" component={Link} href={`/models/${deployment.previousModel}`} size="sm" className="mlops-code">{deployment.previousModel}</Anchor> : null],
              ['Feed', deployment.feed ? <Anchor key="f" component={Link} href={`/data/${encodeURIComponent(deployment.feed)}`} size="sm">{deployment.feed}</Anchor> : null],
              ['Inputs', Object.entries(deployment.inputs ?? {}).map(([name, f]) => `${name} ← ${f.field} of ${f.feed}`).join(', ') || null],
              ['Answers', count(deployment.answered)],
              ['Stored in', <Anchor key="s" component={Link} href={`/data/${encodeURIComponent(deployment.predictionFeed)}`} size="sm">{deployment.predictionFeed}</Anchor>],
              ['Published on', deployment.topic ? <span key="t" className="mlops-code">{deployment.topic}</span> : null],
              ['Delivery', deployment.delivery === 'latest' ? 'only the newest that waits' : 'every record'],
              ['Published up to an age of', duration(spanSeconds(deployment.maxAge))],
              ['Runs', deployment.modeReason ? `${deployment.mode}: ${deployment.modeReason}` : deployment.mode],
              ['Waits', deployment.interruption],
              ['Memory of its model', deployment.memory ? bytes(deployment.memory.bytes) : null],
              ['Since', <TimeText key="c" at={deployment.created} />],
              ['By', deployment.author],
            ]} />
          </Panel>
          {deployment.measurements && <Panel title="What it takes"><RunFiguresList figures={deployment.measurements} parts={false} /></Panel>}
          <History subject={deployment.id} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
