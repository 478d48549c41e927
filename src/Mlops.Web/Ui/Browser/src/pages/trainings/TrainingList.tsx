import { Anchor, Button, Checkbox, Group, Progress, Select, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconChartHistogram, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { TrainingStatus } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { metricText } from '../../show/MetricFigures';
import { duration, percent } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { headline } from '../models/stages';
import { isUnderWay, useLiveTrainings } from './useTrainings';

const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

export function TrainingList() {
  const [search, setSearch] = useSearchParams();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const workflow = search.get('workflow') ?? undefined;
  const state = search.get('state') ?? undefined;
  const query = useAnswer('listTrainings', { query: { workflow, state, limit: 200 } }, { keep: true, every: 15_000 });
  const workflows = useAnswer('listWorkflows', {}, { staleTime: 30_000 });
  useLiveTrainings();

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
    <Page
      title="Trainings"
      text="Runs of a workflow on stored data; each successful one makes a model."
      actions={(
        <>
          <Button component={Link} href="/trainings/again" variant="default" leftSection={<IconRefresh size={16} />}>Automatic retraining</Button>
          <GuardedButton operation="startTraining" leftSection={<IconPlus size={16} />} onClick={() => navigate('/trainings/new')}>New training</GuardedButton>
        </>
      )}
    >
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Select aria-label="Workflow" placeholder="All workflows" clearable size="xs" w={170} value={workflow ?? null} onChange={v => narrow('workflow', v)} data={[...new Set((workflows.data ?? []).map(w => w.name))]} />
          <Select aria-label="State" placeholder="Any state" clearable size="xs" w={130} value={state ?? null} onChange={v => narrow('state', v)} data={states} />
        </Group>
        <Button size="xs" variant="default" visibleFrom="sm" disabled={chosen.length < 2} onClick={() => navigate(`/trainings/compare?ids=${chosen.join(',')}`)}>Compare{chosen.length > 1 ? ` ${chosen.length}` : ''}</Button>
      </Group>
      <Panel flush>
        <Loaded query={query} lines={6}>
          {trainings => trainings.length === 0
            ? (
              <EmptyState icon={IconChartHistogram} title={workflow || state ? 'No training like this' : 'No training yet'}>
                {workflow || state ? 'Choose another workflow or state.' : 'Choose a workflow and data with "New training"; a model comes out.'}
              </EmptyState>
            )
            : <Rows trainings={trainings} chosen={chosen} onChoose={setChosen} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

interface RowsProps {
  trainings: readonly TrainingStatus[];
  chosen: readonly string[];
  onChoose: (ids: readonly string[]) => void;
}

function Rows({ trainings, chosen, onChoose }: RowsProps) {
  return (
    <Table.ScrollContainer minWidth={330}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36} visibleFrom="sm"><VisuallyHidden>Compare</VisuallyHidden></Table.Th>
            <Table.Th>Training</Table.Th><Table.Th>State</Table.Th><Table.Th visibleFrom="sm">Workflow</Table.Th><Table.Th visibleFrom="sm">Data</Table.Th>
            <Table.Th>Result</Table.Th><Table.Th visibleFrom="sm">Duration</Table.Th><Table.Th visibleFrom="sm">Started</Table.Th><Table.Th visibleFrom="sm">By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {trainings.map(t => {
            const best = headline(t.metrics);
            return (
              <Table.Tr key={t.id}>
                <Table.Td visibleFrom="sm">
                  <Checkbox
                    size="xs"
                    aria-label={`Compare ${t.id}`}
                    checked={chosen.includes(t.id)}
                    onChange={e => onChoose(e.currentTarget.checked ? [...chosen, t.id] : chosen.filter(id => id !== t.id))}
                  />
                </Table.Td>
                <Table.Td className="mlops-nowrap"><Anchor component={Link} href={`/trainings/${t.id}`} size="sm" className="mlops-code">{t.id}</Anchor><Text size="xs" c="dimmed" hiddenFrom="sm">{t.workflow} {t.version}</Text></Table.Td>
                <Table.Td miw={{ base: 90, sm: 130 }}>
                  <StateBadge state={t.state} tone={t.state === 'running' ? 'busy' : undefined} reason={t.state === 'failed' ? t.reason?.split('\n')[0] : undefined} />
                  {isUnderWay(t.state) && <Progress mt={4} size="xs" value={t.progress * 100} aria-label={`Progress of ${t.id}: ${percent(t.progress, 0)}`} />}
                </Table.Td>
                <Table.Td visibleFrom="sm"><Anchor component={Link} href={`/workflows/${encodeURIComponent(t.workflow)}?version=${encodeURIComponent(t.version)}`} size="sm">{t.workflow}</Anchor> {t.version}</Table.Td>
                <Table.Td visibleFrom="sm" className="mlops-wrap">{t.request.feed ?? 'several feeds'}</Table.Td>
                <Table.Td className="mlops-number">{best ? `${best[0]} ${metricText(...best)}` : '–'}</Table.Td>
                <Table.Td visibleFrom="sm" className="mlops-number">{duration(t.measurements?.seconds)}</Table.Td>
                <Table.Td visibleFrom="sm" className="mlops-nowrap"><TimeText at={t.started ?? t.created} relative /></Table.Td>
                <Table.Td visibleFrom="sm">{t.author ?? '–'}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
