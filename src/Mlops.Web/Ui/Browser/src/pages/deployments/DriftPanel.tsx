import { Stack, Text } from '@mantine/core';
import type { DriftDetails } from '../../api/contracts';
import { Bars } from '../../show/Bars';
import { count, fixed } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { StateBadge } from '../../show/StateBadge';

const threshold = 0.25;

/** How far the newest data is from what the model learned from, for each input and for the answers. */
export function DriftPanel({ drift }: { drift?: DriftDetails | null }) {
  return (
    <Panel title="Data drift" actions={drift && <Text size="sm" component="div"><StateBadge state={drift.drifted ? 'drift' : 'no drift'} tone={drift.drifted ? 'warn' : 'good'} /></Text>}>
      {!drift || drift.figures.length === 0
        ? <Text size="sm" c="dimmed">Nothing to compare yet. Drift is shown once enough new records were predicted.</Text>
        : (
          <Stack gap="xs">
            <Text size="xs" c="dimmed">Newest {count(drift.records)} records against the training data. Population stability index (PSI): 0 is no change, {threshold} or more is drift. KS: largest distance between the distributions.</Text>
            <Bars
              label="Drift of each input and of the predictions"
              bars={drift.figures.map(f => ({
                name: f.isAnswer ? `predictions (${f.name})` : f.name,
                value: f.psi,
                text: `${fixed(f.psi, 3)}${typeof f.ks === 'number' ? ` · KS ${fixed(f.ks, 3)}` : ''}`,
                isMarked: f.psi >= threshold,
              }))}
              least={threshold}
            />
          </Stack>
        )}
    </Panel>
  );
}
