import { SimpleGrid, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { MetricValue } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { Chart } from '../../show/Chart';

/** Metrics that were reported more than once, each over its steps. */
export function MetricCharts({ id, goesOn }: { id: string; goesOn: boolean }) {
  const query = useAnswer('getTrainingMetrics', { path: { id }, query: { limit: 10_000 } }, { every: goesOn ? 1500 : false });
  const lines = useMemo(() => byName(query.data ?? []), [query.data]);
  if (lines.length === 0)
    return null;
  return (
    <SimpleGrid cols={{ base: 1, sm: lines.length > 1 ? 2 : 1 }} spacing="md">
      {lines.map(([name, values]) => (
        <div key={name}>
          <Text size="sm" fw={600}>{name}</Text>
          <Chart label={`${name} over ${values.length} steps`} height={160} xLabel="step" legend={false} series={[{ label: name }]} data={[values.map(v => v.step), values.map(v => v.value)]} />
        </div>
      ))}
    </SimpleGrid>
  );
}

/** The metrics with several steps, in the order of their steps. */
export function byName(values: readonly MetricValue[]): [string, MetricValue[]][] {
  const names = new Map<string, MetricValue[]>();
  for (const value of values)
    names.set(value.name, [...(names.get(value.name) ?? []), value]);
  return [...names].filter(([, v]) => v.length > 1).map(([name, v]) => [name, v.sort((a, b) => a.step - b.step)]);
}
