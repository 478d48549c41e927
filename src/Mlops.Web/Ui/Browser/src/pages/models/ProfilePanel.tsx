import { Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { FeatureDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { Bars } from '../../show/Bars';
import { count, measure } from '../../show/numbers';
import { Panel } from '../../show/Panel';

/** How the data was distributed that a model learned from; drift is measured against this. */
export function ProfilePanel({ id }: { id: string }) {
  const query = useAnswer('getModelProfile', { path: { id } }, { staleTime: Infinity });
  const [chosen, setChosen] = useState<string | null>(null);
  if (!query.data)
    return null;
  const features = [...query.data.inputs, ...(query.data.label ? [query.data.label] : [])];
  const feature = features.find(f => f.name === chosen) ?? features[0];
  return (
    <Panel title="Training data distribution" actions={<Select aria-label="Input" size="xs" w={180} searchable allowDeselect={false} data={features.map(f => f.name)} value={feature?.name ?? null} onChange={setChosen} />}>
      <Stack gap="xs">
        <Text size="xs" c="dimmed">How many records of the training data have which value. Data drift is measured against this.</Text>
        {feature && <Bars label={`Distribution of ${feature.name}`} bars={binsOf(feature).map(b => ({ ...b, text: count(b.value) }))} />}
      </Stack>
    </Panel>
  );
}

/** The bins of a feature with their names; the last count is of missing values. */
export function binsOf(feature: FeatureDetails): { name: string; value: number }[] {
  const edges = feature.edges ?? [];
  const names = feature.classes
    ? [...feature.classes, ...(feature.counts.length > feature.classes.length + 1 ? ['others'] : [])]
    : edges.length === 0 ? ['all'] : [`to ${measure(edges[0])}`, ...edges.slice(1).map((e, i) => `${measure(edges[i])} to ${measure(e)}`), `over ${measure(edges.at(-1))}`];
  return feature.counts
    .map((value, i) => ({ name: i === feature.counts.length - 1 ? 'missing' : names[i] ?? `bin ${i + 1}`, value }))
    .filter(b => b.name !== 'missing' || b.value > 0);
}
