import { Anchor, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Fragment, useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { call } from '../../api/call';
import type { MetricValue, TrainingStatus } from '../../api/contracts';
import { Chart } from '../../show/Chart';
import { EmptyState } from '../../show/EmptyState';
import { metricName, metricText } from '../../show/MetricFigures';
import { bytes, duration, energy } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { StateBadge } from '../../show/StateBadge';
import { energyMethods } from '../../show/words';
import { byName } from './MetricCharts';
import { bestOf, differs } from './compare';

/** Trainings side by side: what was asked, what came out, what it took. */
export function CompareView() {
  const [search] = useSearchParams();
  const ids = (search.get('ids') ?? '').split(',').filter(Boolean).slice(0, 8);
  const results = useQueries({ queries: ids.map(id => ({ queryKey: ['getTraining', { path: { id } }], queryFn: () => call('getTraining', { path: { id } }) })) });
  const histories = useQueries({ queries: ids.map(id => ({ queryKey: ['getTrainingMetrics', { path: { id }, query: { limit: 10_000 } }], queryFn: () => call('getTrainingMetrics', { path: { id }, query: { limit: 10_000 } }) })) });
  const failed = results.find(r => r.isError);
  const trainings = results.map(r => r.data).filter((t): t is TrainingStatus => t !== undefined);
  return (
    <Page title="Compare trainings" above={[{ name: 'Trainings', path: '/trainings' }]} text="Differences are bold; the best value of each metric has a star.">
      {failed && <ProblemAlert error={failed.error} />}
      {ids.length === 0 && <Panel><EmptyState title="Nothing to compare">Tick two or more trainings in the list, then press Compare.</EmptyState></Panel>}
      {trainings.length > 0 && <Sheet trainings={trainings} />}
      <Curves ids={ids} histories={histories.map(h => h.data ?? [])} />
    </Page>
  );
}

function Sheet({ trainings }: { trainings: readonly TrainingStatus[] }) {
  const names = (of: (t: TrainingStatus) => object | null | undefined) => [...new Set(trainings.flatMap(t => Object.keys(of(t) ?? {})))];
  const rows: [string, (t: TrainingStatus) => React.ReactNode, (t: TrainingStatus) => unknown][] = [
    ['State', t => <StateBadge state={t.state} />, t => t.state],
    ['Workflow', t => `${t.workflow} ${t.version}`, t => `${t.workflow} ${t.version}`],
    ['Feed', t => t.request.feed ?? 'several', t => t.request.feed],
    ['Filter', t => t.request.filter ?? '–', t => t.request.filter],
    ['Labels', t => t.request.labels ?? 'as the workflow says', t => t.request.labels],
  ];
  return (
    <Panel flush>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {trainings.map(t => <Table.Th key={t.id}><Anchor component={Link} href={`/trainings/${t.id}`} size="sm" className="mlops-code">{t.id}</Anchor></Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([name, show, of]) => (
              <Table.Tr key={name} fw={differs(trainings.map(of)) ? 600 : undefined}>
                <Table.Th scope="row" fw={400}>{name}</Table.Th>
                {trainings.map(t => <Table.Td key={t.id}>{show(t)}</Table.Td>)}
              </Table.Tr>
            ))}
            <Heading text="Parameters" span={trainings.length + 1} />
            {names(t => t.request.params).map(name => (
              <Table.Tr key={name} fw={differs(trainings.map(t => t.request.params?.[name])) ? 600 : undefined}>
                <Table.Th scope="row" fw={400}>{name}</Table.Th>
                {trainings.map(t => <Table.Td key={t.id} className="mlops-number">{JSON.stringify(t.request.params?.[name]) ?? 'default'}</Table.Td>)}
              </Table.Tr>
            ))}
            <Heading text="Metrics" span={trainings.length + 1} />
            {names(t => t.metrics).map(name => {
              const best = bestOf(name, trainings.map(t => t.metrics[name]));
              return (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={400}>{metricName(name)}</Table.Th>
                  {trainings.map((t, i) => <Table.Td key={t.id} className="mlops-number" fw={i === best ? 600 : undefined}>{metricText(name, t.metrics[name])}{i === best ? ' ★' : ''}</Table.Td>)}
                </Table.Tr>
              );
            })}
            <Heading text="Resources used" span={trainings.length + 1} />
            {([['Duration', t => duration(t.measurements?.seconds)], ['Peak memory', t => bytes((t.measurements?.peakMemoryMiB ?? Number.NaN) * 1024 * 1024)], ['Energy', t => (t.measurements ? `${energy(t.measurements.energyWh)} (${energyMethods[t.measurements.energyMethod] ?? t.measurements.energyMethod})` : '–')]] as [string, (t: TrainingStatus) => string][]).map(([name, show]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>{name}</Table.Th>
                {trainings.map(t => <Table.Td key={t.id} className="mlops-number">{show(t)}</Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Heading({ text, span }: { text: string; span: number }) {
  return <Table.Tr><Table.Th colSpan={span} scope="colgroup"><Text size="xs" c="dimmed" fw={500} mt="xs">{text}</Text></Table.Th></Table.Tr>;
}

function Curves({ ids, histories }: { ids: readonly string[]; histories: readonly MetricValue[][] }) {
  const charts = useMemo(() => {
    const each = histories.map(h => new Map(byName(h)));
    const names = [...new Set(each.flatMap(m => [...m.keys()]))];
    return names.map(name => {
      const steps = [...new Set(each.flatMap(m => (m.get(name) ?? []).map(v => v.step)))].sort((a, b) => a - b);
      return { name, data: [steps, ...each.map(m => steps.map(s => m.get(name)?.find(v => v.step === s)?.value ?? null))] as [number[], ...(number | null)[][]] };
    });
  }, [histories]);
  return charts.length === 0 ? null : (
    <Panel title="Metrics by step">
      <SimpleGrid cols={{ base: 1, md: charts.length > 1 ? 2 : 1 }}>
        {charts.map(({ name, data }) => (
          <Fragment key={name}>
            <Stack gap={2}>
              <Text size="sm" fw={600}>{name}</Text>
              <Chart label={`${name} of ${ids.length} trainings`} xLabel="step" height={180} series={ids.map(id => ({ label: id }))} data={data} />
            </Stack>
          </Fragment>
        ))}
      </SimpleGrid>
    </Panel>
  );
}
