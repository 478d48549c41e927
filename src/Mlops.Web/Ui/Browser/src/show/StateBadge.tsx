import { Group, Text, Tooltip } from '@mantine/core';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'idle';

const tones: Record<string, Tone> = {
  ok: 'good', connected: 'good', running: 'good', succeeded: 'good', production: 'good', open: 'good',
  degraded: 'warn', waiting: 'warn', cancelled: 'idle', stopped: 'idle', disabled: 'idle', created: 'idle', archived: 'idle',
  faulted: 'bad', failed: 'bad', lost: 'bad',
  connecting: 'busy', loading: 'busy', queued: 'busy', starting: 'busy', staging: 'busy',
};

export function toneOf(state: string | null | undefined): Tone {
  return tones[state ?? ''] ?? 'idle';
}

/** A state as a coloured dot and a word; never the colour alone. */
export function StateBadge({ state, tone, reason }: { state: string | null | undefined; tone?: Tone; reason?: string | null }) {
  const shown = (
    <Group gap={6} wrap="nowrap" display="inline-flex" tabIndex={reason ? 0 : undefined}>
      <span className="mlops-dot" data-tone={tone ?? toneOf(state)} aria-hidden="true" />
      <Text span inherit>{state ?? 'unknown'}</Text>
    </Group>
  );
  return reason ? <Tooltip label={reason}>{shown}</Tooltip> : shown;
}
