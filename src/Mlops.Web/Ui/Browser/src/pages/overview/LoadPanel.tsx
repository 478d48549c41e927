import { SimpleGrid, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useNodeHistory } from '../../app/nodeHistory';
import { Chart } from '../../show/Chart';
import { Panel } from '../../show/Panel';

const rates = [{ label: 'Records', unit: '/s' }, { label: 'Predictions', unit: '/s', color: 2 }];
const processor = [{ label: 'CPU', unit: '%', color: 1 }];
const memory = [{ label: 'Memory', unit: 'MiB', color: 3 }, { label: 'Power', unit: 'W', color: 4, right: true }];
const fromZero = [0, null] as const;
const least = 5 * 60;

/** What the node did while the page is open. */
export function LoadPanel() {
  const samples = useNodeHistory();
  const data = useMemo(() => {
    const x = samples.map(s => s.at);
    return {
      rates: [x, samples.map(s => s.records), samples.map(s => s.answers)] as [number[], (number | null)[], (number | null)[]],
      processor: [x, samples.map(s => s.cpuPercent)] as [number[], number[]],
      memory: [x, samples.map(s => s.memoryMiB), samples.map(s => s.watts)] as [number[], number[], (number | null)[]],
    };
  }, [samples]);
  const last = samples.at(-1)?.at ?? Date.now() / 1000;
  const x = [Math.min(samples[0]?.at ?? last, last - least), last] as const;
  return (
    <Panel title="Load" actions={<Text size="xs" c="dimmed">since this page was opened</Text>}>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="lg">
        <Chart label="Records and predictions each second" data={data.rates} series={rates} y={fromZero} x={x} time height={150} sync="load" />
        <Chart label="CPU load" data={data.processor} series={processor} y={fromZero} x={x} time height={150} sync="load" />
        <Chart label="Memory and power" data={data.memory} series={memory} x={x} time height={150} sync="load" />
      </SimpleGrid>
    </Panel>
  );
}
