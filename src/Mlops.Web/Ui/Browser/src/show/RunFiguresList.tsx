import { Group, Stack, Text } from '@mantine/core';
import type { RunFigures } from '../api/contracts';
import { Bars } from './Bars';
import { Figure } from './Figure';
import { bytes, duration, energy, percent } from './numbers';
import { energyMethods } from './words';

/** What a run took: time with its parts, memory, processor, energy with its method. */
export function RunFiguresList({ figures, parts = true }: { figures: RunFigures; parts?: boolean }) {
  const phases = Object.entries(figures.phases).filter(([, seconds]) => seconds > 0);
  return (
    <Stack gap="md">
      <Group gap="xl" align="flex-start">
        <Figure name="Duration" value={duration(figures.seconds)} />
        <Figure name="Peak memory" value={bytes(figures.peakMemoryMiB * 1024 * 1024)} remark="node and its workers" />
        <Figure name="Peak CPU" value={percent(figures.peakCpuPercent / 100, 0)} remark="100 % is one core" />
        <Figure name="Energy" value={energy(figures.energyWh)} remark={energyMethods[figures.energyMethod] ?? figures.energyMethod} />
      </Group>
      {parts && phases.length > 0 && (
        <div>
          <Text size="xs" c="dimmed" mb={6}>Time by phase</Text>
          <Bars label="Time of each part" bars={phases.map(([name, seconds]) => ({ name, value: seconds, text: duration(seconds) }))} />
        </div>
      )}
    </Stack>
  );
}
