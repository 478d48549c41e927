import { Anchor, Timeline, Text } from '@mantine/core';
import { IconBinaryTree, IconBolt, IconChartHistogram, IconDatabase, IconFileImport, IconPackage } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { ModelDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { Digest } from '../../show/Digest';
import { Facts } from '../../show/Facts';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { SelectionFacts } from '../trainings/SelectionFacts';

/** What a model came from, step by step, and who uses it. */
export function Lineage({ model }: { model: ModelDetails }) {
  const deployments = useAnswer('listDeployments', {});
  const users = (deployments.data ?? []).filter(d => [d.model, d.candidate?.model, d.previousModel].includes(model.id));
  const package_ = `/workflows/${encodeURIComponent(model.workflow)}?version=${encodeURIComponent(model.version)}`;
  return (
    <Panel title="Lineage">
      <Timeline bulletSize={26} lineWidth={2} active={4}>
        <Timeline.Item bullet={<IconPackage size={14} />} title="Package">
          <Facts facts={[
            ['Workflow', <Anchor key="w" component={Link} href={package_} size="sm">{model.workflow} {model.version}</Anchor>],
            ['Digest', <Digest key="d" value={model.packageDigest} name="the digest of the package" />],
          ]} />
        </Timeline.Item>
        <Timeline.Item bullet={<IconDatabase size={14} />} title="Data"><SelectionFacts request={model.request} data={model.data} /></Timeline.Item>
        <Timeline.Item bullet={<IconChartHistogram size={14} />} title="Training">
          <Facts facts={[
            ['Run', model.origin ? model.training : <Anchor key="t" component={Link} href={`/trainings/${model.training}`} size="sm" className="mlops-code">{model.training}</Anchor>],
            ['Started by', model.author],
            ['Environment', Object.entries(model.environment).filter(([name]) => name !== 'conversion').map(([name, version]) => `${name} ${version}`).join(', ')],
            ['ONNX', model.environment.conversion],
          ]} />
        </Timeline.Item>
        <Timeline.Item bullet={<IconBinaryTree size={14} />} title="Model">
          <Facts facts={[
            ['Stored', <TimeText key="s" at={model.created} />],
            ['Digest', <Digest key="d" value={model.digest} name="the digest of the model" />],
          ]} />
        </Timeline.Item>
        {model.origin && (
          <Timeline.Item bullet={<IconFileImport size={14} />} title="Import">
            <Facts facts={[
              ['From node', model.origin.node],
              ['Signed by', <Digest key="k" value={model.origin.key} name="the key" />],
              ['At', <TimeText key="i" at={model.origin.imported} />],
              ['By', model.origin.author],
            ]} />
          </Timeline.Item>
        )}
        <Timeline.Item bullet={<IconBolt size={14} />} title="Deployments">
          {users.length === 0 ? <Text size="sm" c="dimmed">Not deployed.</Text> : users.map(d => (
            <Text key={d.id} size="sm" component="div">
              <Anchor component={Link} href={`/deployments/${d.id}`} size="sm" className="mlops-code">{d.id}</Anchor>
              {' '}{d.model === model.id ? 'in production' : d.candidate?.model === model.id ? `under trial (${d.candidate.kind})` : 'earlier model, can be rolled back to'}{' · '}
              <StateBadge state={d.state} />
            </Text>
          ))}
        </Timeline.Item>
      </Timeline>
    </Panel>
  );
}
