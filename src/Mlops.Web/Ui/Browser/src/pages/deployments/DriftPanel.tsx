import { Stack, Text } from '@mantine/core';
import type { DriftDetails } from '../../api/contracts';
import { Bars } from '../../show/Bars';
import { count, measure } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';

const threshold = 0.25;

/** How far the newest data is from what the model learned from, for each input and for the answers. */
export function DriftPanel({ drift }: { drift?: DriftDetails | null }) {
  return (
    <Panel title="Drift" actions={drift && <Text size="sm" component="div"><StateBadge state={drift.drifted ? 'data drifts' : 'as in training'} tone={drift.drifted ? 'warn' : 'good'} /></Text>}>
      {!drift || drift.figures.length === 0
        ? <Text size="sm" c="dimmed">Nothing to compare yet. Drift appears when enough records were answered by a model whose training kept how its data was distributed.</Text>
        : (
          <Stack gap="xs">
            <Text size="xs" c="dimmed">PSI of the newest {count(drift.records)} records against the training data: 0 is the same, from {threshold} on it counts as drift. KS is the largest distance of the distributions.</Text>
            <Bars
              label="Drift of each input and of the answers"
              bars={drift.figures.map(f => ({
                name: f.isAnswer ? `answers (${f.name})` : f.name,
                value: f.psi,
                text: `${measure(f.psi, 2)}${typeof f.ks === 'number' ? ` · KS ${measure(f.ks, 2)}` : ''}`,
                isMarked: f.psi >= threshold,
              }))}
              least={threshold}
            />
          </Stack>
        )}
    </Panel>
  );
}
