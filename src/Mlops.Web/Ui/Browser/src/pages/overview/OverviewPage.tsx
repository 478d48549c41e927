import { Box, Group, SimpleGrid, Stack } from '@mantine/core';
import { useAnswer, useRefresh } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { Loaded } from '../../show/Loaded';
import { duration } from '../../show/numbers';
import { Page } from '../../show/Page';
import { TimeText } from '../../show/TimeText';
import { ActivityPanel } from './ActivityPanel';
import { alertsOf } from './attention';
import { AttentionPanel } from './AttentionPanel';
import { DeploymentsPanel } from './DeploymentsPanel';
import { FiguresPanel } from './FiguresPanel';
import { FirstSteps } from './FirstSteps';
import { LoadPanel } from './LoadPanel';
import { RoomsPanel } from './RoomsPanel';

/** How the node is doing. */
export default function OverviewPage() {
  const status = useAnswer('getStatus', {});
  const assets = useAnswer('listAssets', {}, { every: 10_000 });
  const feeds = useAnswer('listFeeds', {}, { every: 10_000 });
  const deployments = useAnswer('listDeployments', {}, { every: 5000 });
  const letters = useAnswer('listDeadLetters', { query: { limit: 2 } }, { every: 10_000 });
  const workflows = useAnswer('listWorkflows', {});
  const refresh = useRefresh();
  useLive({ topics: ['asset', 'deployment', 'lifecycle'] }, name => {
    void refresh(...(name === 'asset' ? ['listAssets' as const] : name === 'deployment' ? ['listDeployments' as const] : ['listLifecycle' as const]));
  });
  const node = status.data;
  const isNew = feeds.data?.length === 0 || workflows.data?.length === 0 || deployments.data?.length === 0;

  return (
    <Page title={node?.name ?? 'Overview'} text={node && (
      <Group gap="0 8px" mt={2}>
        <span>{node.layer}</span>
        <span>·</span>
        <span>version {node.version}</span>
        <span>·</span>
        <span>up {duration(node.uptime)}, since <TimeText at={node.started} /></span>
      </Group>
    )}>
      <Loaded query={status} lines={8}>
        {current => (
          <Stack gap="md">
            <FiguresPanel node={current} feeds={feeds.data} />
            {isNew && feeds.data && workflows.data && deployments.data && <FirstSteps node={current} feeds={feeds.data.length} workflows={workflows.data.length} deployments={deployments.data.length} />}
            <AttentionPanel alerts={alertsOf(current, assets.data ?? [], deployments.data ?? [], letters.data ?? [])} />
            <LoadPanel />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
              <Box miw={0}><RoomsPanel node={current} /></Box>
              <Stack gap="md" miw={0}>
                <DeploymentsPanel query={deployments} />
                <ActivityPanel />
              </Stack>
            </SimpleGrid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
