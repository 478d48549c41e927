import { Anchor, Group, Select, Table, Text } from '@mantine/core';
import { IconBinaryTree } from '@tabler/icons-react';
import { Link, useSearchParams } from 'wouter';
import type { ModelDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { metricText } from '../../show/MetricFigures';
import { count } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { ImportModel } from './ImportModel';
import { headline, stages, stageText, stageTone } from './stages';

export function ModelList() {
  const [search, setSearch] = useSearchParams();
  const workflow = search.get('workflow') ?? undefined;
  const stage = search.get('stage') ?? undefined;
  const query = useAnswer('listModels', { query: { workflow, stage, limit: 500 } }, { keep: true, every: 15_000 });
  const workflows = useAnswer('listWorkflows', {}, { staleTime: 30_000 });

  function narrow(name: string, value: string | null) {
    setSearch(now => {
      const next = new URLSearchParams(now);
      if (value)
        next.set(name, value);
      else
        next.delete(name);
      return next;
    });
  }

  return (
    <Page title="Models" text="Results of trainings. A model never changes; its page shows what it was made from." actions={<ImportModel />}>
      <Group gap="xs">
        <Select aria-label="Workflow" placeholder="All workflows" clearable size="xs" w={170} value={workflow ?? null} onChange={v => narrow('workflow', v)} data={[...new Set((workflows.data ?? []).map(w => w.name))]} />
        <Select aria-label="Stage" placeholder="Any stage" clearable size="xs" w={140} value={stage ?? null} onChange={v => narrow('stage', v)} data={stages.map(s => ({ value: s, label: stageText(s) }))} />
      </Group>
      <Panel flush>
        <Loaded query={query} lines={6}>
          {models => models.length === 0
            ? (
              <EmptyState icon={IconBinaryTree} title={workflow || stage ? 'No model like this' : 'No model yet'}>
                {workflow || stage ? 'Choose another workflow or stage.' : <>A model comes out of each successful training. <Anchor component={Link} href="/trainings/new" inherit>Train a workflow</Anchor>, or import a model of another node.</>}
              </EmptyState>
            )
            : <Rows models={models} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Rows({ models }: { models: readonly ModelDetails[] }) {
  const deployments = useAnswer('listDeployments', {}, { staleTime: 10_000 });
  const users = (id: string) => (deployments.data ?? []).filter(d => d.state !== 'stopped' && (d.model === id || d.candidate?.model === id));
  return (
    <Table.ScrollContainer minWidth={330}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr><Table.Th>Model</Table.Th><Table.Th>Stage</Table.Th><Table.Th visibleFrom="sm">Workflow</Table.Th><Table.Th>Metric</Table.Th><Table.Th visibleFrom="sm">Records</Table.Th><Table.Th visibleFrom="sm">In use</Table.Th><Table.Th visibleFrom="sm">Created</Table.Th><Table.Th visibleFrom="sm">By</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map(m => {
            const best = headline(m.metrics);
            return (
              <Table.Tr key={m.id}>
                <Table.Td className="mlops-nowrap"><Anchor component={Link} href={`/models/${m.id}`} size="sm" className="mlops-code">{m.id}</Anchor><Text size="xs" c="dimmed" hiddenFrom="sm">{m.workflow} {m.version}</Text></Table.Td>
                <Table.Td><StateBadge state={stageText(m.stage)} tone={stageTone(m.stage)} /></Table.Td>
                <Table.Td visibleFrom="sm">{m.workflow} {m.version}</Table.Td>
                <Table.Td className="mlops-number">{best ? `${best[0]} ${metricText(...best)}` : '–'}</Table.Td>
                <Table.Td visibleFrom="sm" className="mlops-number">{count(m.data.records)}</Table.Td>
                <Table.Td visibleFrom="sm">{users(m.id).map(d => <Anchor key={d.id} component={Link} href={`/deployments/${d.id}`} size="sm" mr={6} className="mlops-code">{d.id}</Anchor>)}{users(m.id).length === 0 && '–'}</Table.Td>
                <Table.Td visibleFrom="sm" className="mlops-nowrap"><TimeText at={m.created} relative /></Table.Td>
                <Table.Td visibleFrom="sm">{m.author ?? '–'}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
