import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeploymentStatus } from '../../api/contracts';
import { useLiveState } from '../../api/useLive';
import { Chart } from '../../show/Chart';
import { EmptyState } from '../../show/EmptyState';
import { Figure } from '../../show/Figure';
import { decimalsOf, fixed, measure, percent } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { StateBadge } from '../../show/StateBadge';
import { exactTime, timeOfDay } from '../../show/times';
import { accuracyOverTime, judge, quantile, type Judged } from './judged';
import { useAnswers } from './useAnswers';
import { useTruth } from './useTruth';

const shownRows = 15;
const charted = 300;
const mostDecimals = 4;

/** Answers as they come, beside the truth where it is known; how often they are right, and how long they take. */
export function LivePanel({ deployment, label }: { deployment: DeploymentStatus; label: string | null }) {
  const { answers, isSample, isLoading, error } = useAnswers(deployment.id);
  const truth = useTruth(deployment.feed, label);
  const [frozen, setFrozen] = useState<readonly Judged[] | null>(null);
  const state = useLiveState();
  const judged = frozen ?? judge(answers, label, truth);
  return (
    <>
      <Panel
        title="Live predictions"
        flush
        actions={(
          <Group gap="sm">
            <Text size="sm" component="div"><StateBadge state={frozen ? 'paused' : state === 'open' ? (isSample ? 'live, a sample' : 'live') : 'connecting'} tone={frozen ? 'idle' : state === 'open' ? 'good' : 'busy'} /></Text>
            <Button size="xs" variant="default" leftSection={frozen ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />} onClick={() => setFrozen(frozen ? null : judged)}>{frozen ? 'Resume' : 'Pause'}</Button>
          </Group>
        )}
      >
        {error ? <ProblemAlert error={error} /> : null}
        {judged.length === 0
          ? !isLoading && <EmptyState title="No prediction yet">As soon as a record comes in on {deployment.feed ?? 'the feed'}, its prediction stands here.</EmptyState>
          : <Answers judged={judged.slice(0, shownRows)} />}
      </Panel>
      {judged.length > 0 && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Accuracy judged={judged} />
          <Latency judged={judged} />
        </SimpleGrid>
      )}
    </>
  );
}

function Answers({ judged }: { judged: readonly Judged[] }) {
  const others = [...new Set(judged.flatMap(j => Object.keys(j.answer.values)))].filter(n => n !== 'label' && n !== 'error');
  const isClass = judged.some(j => 'label' in j.answer.values);
  const columns = isClass ? others : others.slice(1);
  const first = isClass ? 'Prediction' : (others[0] ?? 'Prediction');
  const valuesOf = (name: string) => judged.map(j => j.answer.values[name]);
  const isNumber = (name: string) => valuesOf(name).some(v => typeof v === 'number');
  const decimals = new Map(columns.map(c => [c, Math.min(mostDecimals, decimalsOf(valuesOf(c)))]));
  return (
    <Table.ScrollContainer minWidth={720} aria-label="Newest predictions">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Record time</Table.Th><Table.Th>{first}</Table.Th><Table.Th>Label</Table.Th>{columns.map(c => <Table.Th key={c} ta={isNumber(c) ? 'right' : undefined}>{c}</Table.Th>)}
            <Table.Th ta="right">Ingest</Table.Th><Table.Th ta="right">Compute</Table.Th><Table.Th>Model</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {judged.map(j => (
            <Table.Tr key={`${j.answer.source.row} ${j.answer.model}`}>
              <Table.Td className="mlops-number mlops-nowrap" title={exactTime(j.answer.source.ts)}>{timeOfDay(j.answer.source.ts)}</Table.Td>
              <Table.Td fw={600} className="mlops-nowrap">{typeof j.answer.values.error === 'string' ? <StateBadge state="no prediction" tone="bad" reason={j.answer.values.error} /> : show(j.given)}</Table.Td>
              <Table.Td>
                {j.truth === null ? <Text span inherit c="dimmed">none yet</Text> : (
                  <Group gap={4} wrap="nowrap" className="mlops-nowrap" c={j.isRight ? 'var(--mlops-good)' : 'var(--mlops-bad)'}>
                    {j.isRight ? <IconCheck size={15} aria-label="right" /> : <IconX size={15} aria-label="wrong" />}{j.truth}
                  </Group>
                )}
              </Table.Td>
              {columns.map(c => <Table.Td key={c} ta={isNumber(c) ? 'right' : undefined} className="mlops-number">{show(j.answer.values[c], decimals.get(c))}</Table.Td>)}
              <Table.Td ta="right" className="mlops-number">{milliseconds(j.answer.ingestMs)}</Table.Td>
              <Table.Td ta="right" className="mlops-number">{milliseconds(j.answer.computeMs)}</Table.Td>
              <Table.Td className="mlops-nowrap"><span className="mlops-code">{j.answer.model}</span></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Accuracy({ judged }: { judged: readonly Judged[] }) {
  const labelled = judged.filter(j => j.isRight !== null);
  const points = accuracyOverTime(judged);
  return (
    <Panel title="Accuracy over time">
      {labelled.length === 0
        ? <Text size="sm" c="dimmed">None of the newest {judged.length} predictions has a label yet. As labels arrive, by MQTT, REST or by hand on the page of the feed, the accuracy is shown here.</Text>
        : (
          <Stack gap="sm">
            <Group gap="xl">
              <Figure name="Accuracy" value={percent(labelled.filter(j => j.isRight).length / labelled.length)} remark={`of ${labelled.length} with a label among the newest ${judged.length} shown`} />
            </Group>
            <Chart label="Accuracy over time, percent" time height={180} y={[0, 100]} legend={false} series={[{ label: 'accuracy', unit: '%' }]} data={[points.map(p => p.x / 1000), points.map(p => p.y * 100)]} />
          </Stack>
        )}
    </Panel>
  );
}

function Latency({ judged }: { judged: readonly Judged[] }) {
  const newest = judged.slice(0, charted).filter(j => j.answer.source.ts).reverse();
  const of = (name: 'ingestMs' | 'computeMs') => judged.map(j => j.answer[name]).filter((v): v is number => typeof v === 'number');
  const [ingest, compute] = [of('ingestMs'), of('computeMs')];
  return (
    <Panel title="Latency">
      <Stack gap="sm">
        <Group gap="xl">
          <Figure name="Ingest, median" value={milliseconds(quantile(ingest, 0.5))} remark={`95th percentile ${milliseconds(quantile(ingest, 0.95))}`} />
          <Figure name="Compute, median" value={milliseconds(quantile(compute, 0.5))} remark={`95th percentile ${milliseconds(quantile(compute, 0.95))}`} />
        </Group>
        <Chart
          label={`Ingest and compute time of the newest ${newest.length} predictions, milliseconds`}
          time
          height={180}
          y={[0, null]}
          series={[{ label: 'Ingest', unit: 'ms' }, { label: 'Compute', unit: 'ms' }]}
          data={[newest.map(j => Date.parse(j.answer.source.ts!) / 1000), newest.map(j => j.answer.ingestMs ?? null), newest.map(j => j.answer.computeMs)]}
        />
      </Stack>
    </Panel>
  );
}

function milliseconds(value: number | null | undefined): string {
  return typeof value === 'number' ? `${measure(value, 3)}\u202fms` : '–';
}

function show(value: unknown, decimals?: number): string {
  return value === null || value === undefined ? '–' : typeof value === 'number' ? (decimals === undefined ? measure(value) : fixed(value, decimals)) : String(value);
}
