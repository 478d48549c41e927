import { Group, Text } from '@mantine/core';
import { Figure } from './Figure';
import { measure, percent } from './numbers';

const shares = new Set(['accuracy', 'macro_f1', 'f1', 'precision', 'recall', 'auc']);

/** A metric as people read it: shares in percent, others as they are. */
export function metricText(name: string, value: number | null | undefined): string {
  return shares.has(name) && typeof value === 'number' && value >= 0 && value <= 1 ? percent(value, 2) : measure(value);
}

/** A metric's name; what the node adds itself is said in words. */
export function metricName(name: string): string {
  return name === 'goldenPassed' ? 'golden rows passed' : name;
}

/** The figures that a training's code reported. */
export function MetricFigures({ metrics }: { metrics: Readonly<Record<string, number>> }) {
  const names = Object.keys(metrics);
  return names.length === 0
    ? <Text size="sm" c="dimmed">None were reported. The workflow reports them with run.metric(&quot;accuracy&quot;, value).</Text>
    : <Group gap="xl">{names.map(name => <Figure key={name} name={metricName(name)} value={metricText(name, metrics[name])} />)}</Group>;
}
