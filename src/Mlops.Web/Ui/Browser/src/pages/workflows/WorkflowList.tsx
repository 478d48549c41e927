import { Anchor, Badge, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { WorkflowDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { useMay } from '../../session/session';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { several } from '../../show/words';
import { PackageDrop } from './PackageDrop';
import { SignatureBadge } from './SignatureBadge';

/** All workflows, each once with its newest version, and the place to drop a new one. */
export function WorkflowList() {
  const may = useMay();
  const query = useAnswer('listWorkflows', {});
  return (
    <Page title="Workflows" text="Packages of Python code or ONNX that data scientists upload: they train on stored data and predict for new data.">
      {may('uploadWorkflow') && <PackageDrop />}
      <Loaded query={query}>
        {all => all.length === 0
          ? (
            <Panel>
              <EmptyState icon={IconPackage} title="No workflow yet">
                {may('uploadWorkflow')
                  ? <>Drop a package above. To write one, begin with <Code>python -m mlops init my-flow</Code>, try it with <Code>python -m mlops test my-flow</Code> and make the zip with <Code>python -m mlops pack my-flow</Code>.</>
                  : 'A data scientist or an administrator can upload one here.'}
              </EmptyState>
            </Panel>
          )
          : <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md">{group(all).map(versions => <WorkflowCard key={versions[0]!.name} versions={versions} />)}</SimpleGrid>}
      </Loaded>
    </Page>
  );
}

/** The versions of each workflow; the newest of a name comes first. */
export function group(all: readonly WorkflowDetails[]): WorkflowDetails[][] {
  const names = new Map<string, WorkflowDetails[]>();
  for (const workflow of all)
    names.set(workflow.name, [...(names.get(workflow.name) ?? []), workflow]);
  return [...names.values()];
}

function WorkflowCard({ versions }: { versions: readonly WorkflowDetails[] }) {
  const newest = versions[0]!;
  return (
    <Panel>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Anchor component={Link} href={`/workflows/${encodeURIComponent(newest.name)}`} fw={600} fz="lg" className="mlops-wrap">{newest.name}</Anchor>
          <Badge variant="default">{newest.version}</Badge>
        </Group>
        <Text size="sm" className="mlops-wrap">{newest.description || 'No description.'}</Text>
        <Group gap="xs">
          <Badge color="gray">{newest.runtime}</Badge>
          <SignatureBadge trusted={newest.trusted} />
          <Text size="xs" c="dimmed">{several(versions.length, 'version')}</Text>
        </Group>
      </Stack>
    </Panel>
  );
}
