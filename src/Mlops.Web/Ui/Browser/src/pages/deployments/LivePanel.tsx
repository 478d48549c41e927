import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeploymentStatus } from '../../api/contracts';
import { useLiveState } from '../../api/useLive';
import { Chart } from '../../show/Chart';
import { EmptyState } from '../../show/EmptyState';
import { Figure } from '../../show/Figure';
import { measure, percent } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { StateBadge } from '../../show/StateBadge';
import { exactTime, timeOfDay } from '../../show/times';
import { accuracyOverTime, judge, quantile, type Judged } from './judged';
import { useAnswers } from './useAnswers';
import { useTruth } from './useTruth';

const shownRows = 15;
const charted = 300;

/** Answers as they come, beside the truth where it is known; how often they are right, and how long they take. */
export function LivePanel({ deployment, label }: { deployment: DeploymentStatus; label: string | null }) {
  const { answers, isLoading, error } = useAnswers(deployment.id);
  const truth = useTruth(deployment.feed, label);
  const [frozen, setFrozen] = useState<readonly Judged[] | null>(null);
  const state = useLiveState();
  const judged = frozen ?? judge(answers, label, truth);
  return (
    <>
      <Panel
        title="Answers"
        flush
        actions={(
          <Group gap="sm">
            <Text size="sm" component="div"><StateBadge state={frozen ? 'paused' : state === 'open' ? 'live' : 'connecting'} tone={frozen ? 'idle' : state === 'open' ? 'good' : 'busy'} /></Text>
            <Button size="xs" variant="default" leftSection={frozen ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />} onClick={() => setFrozen(frozen ? null : judged)}>{frozen ? 'Go on' : 'Pause'}</Button>
          </Group>
        )}
      >
        {error ? <ProblemAlert error={error} /> : null}
        {judged.length === 0
          ? !isLoading && <EmptyState title="No answer yet">As soon as a record comes in on {deployment.feed ?? 'the feed'}, its answer stands here.</EmptyState>
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
  const first = isClass ? 'Answer' : (others[0] ?? 'Answer');
  return (
    <Table.ScrollContainer minWidth={720} aria-label="Newest answers">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Record of</Table.Th><Table.Th>{first}</Table.Th>{columns.map(c => <Table.Th key={c}>{c}</Table.Th>)}<Table.Th>Truth</Table.Th>
            <Table.Th ta="right">Ingest</Table.Th><Table.Th ta="right">Compute</Table.Th><Table.Th>Model</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {judged.map(j => (
            <Table.Tr key={`${j.answer.source.row} ${j.answer.model}`}>
              <Table.Td className="mlops-number mlops-nowrap" title={exactTime(j.answer.source.ts)}>{timeOfDay(j.answer.source.ts)}</Table.Td>
              <Table.Td fw={600} className="mlops-nowrap">{typeof j.answer.values.error === 'string' ? <StateBadge state="no answer" tone="bad" reason={j.answer.values.error} /> : show(j.given)}</Table.Td>
              {columns.map(c => <Table.Td key={c} className="mlops-number">{show(j.answer.values[c])}</Table.Td>)}
              <Table.Td>
                {j.truth === null ? <Text span inherit c="dimmed">not labelled</Text> : (
                  <Group gap={4} wrap="nowrap" className="mlops-nowrap" c={j.isRight ? 'var(--mlops-good)' : 'var(--mlops-bad)'}>
                    {j.isRight ? <IconCheck size={15} aria-label="right" /> : <IconX size={15} aria-label="wrong" />}{j.truth}
                  </Group>
                )}
              </Table.Td>
              <Table.Td ta="right" className="mlops-number">{milliseconds(j.answer.ingestMs)}</Table.Td>
              <Table.Td ta="right" className="mlops-number">{milliseconds(j.answer.computeMs)}</Table.Td>
              <Table.Td><span className="mlops-code">{j.answer.model}</span></Table.Td>
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
    <Panel title="Right answers over time">
      {labelled.length === 0
        ? <Text size="sm" c="dimmed">None of the newest {judged.length} answers has a label yet. Label records, and this fills by itself.</Text>
        : (
          <Stack gap="sm">
            <Group gap="xl">
              <Figure name="Right" value={percent(labelled.filter(j => j.isRight).length / labelled.length)} remark={`of ${labelled.length} labelled among the newest ${judged.length}`} />
            </Group>
            <Chart label="Share of right answers over time" time height={180} y={[0, 1]} legend={false} series={[{ label: 'right' }]} data={[points.map(p => p.x / 1000), points.map(p => p.y)]} />
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
    <Panel title="Time to answer">
      <Stack gap="sm">
        <Group gap="xl">
          <Figure name="Ingest, half are below" value={milliseconds(quantile(ingest, 0.5))} remark={`95 % below ${milliseconds(quantile(ingest, 0.95))}`} />
          <Figure name="Compute, half are below" value={milliseconds(quantile(compute, 0.5))} remark={`95 % below ${milliseconds(quantile(compute, 0.95))}`} />
        </Group>
        <Chart
          label={`Ingest and compute time of the newest ${newest.length} answers, milliseconds`}
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

function show(value: unknown): string {
  return value === null || value === undefined ? '–' : typeof value === 'number' ? measure(value) : String(value);
}
