import { Anchor, Group, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { IconBolt, IconPlus } from '@tabler/icons-react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { DeploymentStatus } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { Figure } from '../../show/Figure';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { count, measure, percent } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { useLiveDeployments } from './useDeployments';

export function DeploymentList() {
  const [search, setSearch] = useSearchParams();
  const [, navigate] = useLocation();
  const withStopped = search.get('ended') === 'true';
  const query = useAnswer('listDeployments', { query: { limit: 500 } }, { every: 5000 });
  useLiveDeployments();
  return (
    <Page
      title="Deployments"
      text="Models in production: each predicts for every record of a feed, as it comes."
      actions={<GuardedButton operation="startDeployment" leftSection={<IconPlus size={16} />} onClick={() => navigate('/deployments/new')}>New deployment</GuardedButton>}
    >
      <Loaded query={query} lines={6}>
        {all => {
          const shown = all.filter(d => withStopped || d.state !== 'stopped');
          const stopped = all.filter(d => d.state === 'stopped').length;
          return (
            <Stack gap="md">
              {shown.length === 0
                ? (
                  <Panel>
                    <EmptyState icon={IconBolt} title="Nothing is deployed">
                      Deploy a model, and it predicts for each new record of a feed. <Anchor component={Link} href="/models" inherit>Choose a model</Anchor>
                    </EmptyState>
                  </Panel>
                )
                : <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">{shown.map(d => <Card key={d.id} deployment={d} />)}</SimpleGrid>}
              {stopped > 0 && <Switch label={`Show the ${count(stopped)} that have ended`} checked={withStopped} onChange={e => setSearch(e.currentTarget.checked ? { ended: 'true' } : {})} />}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Card({ deployment }: { deployment: DeploymentStatus }) {
  const quality = deployment.quality.find(q => q.model === deployment.model && !q.shadow);
  return (
    <Panel>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Anchor component={Link} href={`/deployments/${deployment.id}`} fw={600} fz="lg" className="mlops-wrap">{deployment.workflow}</Anchor>
            <Text size="xs" c="dimmed" className="mlops-code">{deployment.id}</Text>
          </div>
          <Text size="sm" component="div"><StateBadge state={deployment.state} reason={deployment.reason} /></Text>
        </Group>
        <Text size="sm" className="mlops-wrap">
          <Anchor component={Link} href={`/models/${deployment.model}`} size="sm" className="mlops-code">{deployment.model}</Anchor> on {deployment.feed ?? 'several feeds'}
        </Text>
        <Group gap="xl">
          <Figure name="Predictions" value={count(deployment.answered)} />
          {quality && quality.window.count > 0 && (typeof quality.window.rootMeanSquareError === 'number'
            ? <Figure name="RMSE" value={measure(quality.window.rootMeanSquareError)} remark="newest labelled" />
            : <Figure name="Accuracy" value={percent(quality.window.accuracy)} remark="newest labelled" />)}
        </Group>
        {(deployment.candidate || deployment.drift?.drifted) && (
          <Group gap="md" fz="sm">
            {deployment.candidate && <StateBadge state={`${deployment.candidate.kind} under trial`} tone="busy" />}
            {deployment.drift?.drifted && <StateBadge state="data drift" tone="warn" />}
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
