import { Button, Group, Progress, Text } from '@mantine/core';
import { percent } from './numbers';

export interface RunProgressProps {
  /** What runs, for who does not see the bar. */
  label: string;
  /** The share that is done, 0 to 1; null while nobody knows. */
  share: number | null;
  text?: string | null;
  onCancel?: () => void;
}

/** How far something is that takes long, with a way to cancel it. */
export function RunProgress({ label, share, text, onCancel }: RunProgressProps) {
  return (
    <div>
      <Group gap="sm" wrap="nowrap">
        <Progress.Root size="md" flex={1}>
          <Progress.Section value={share === null ? 100 : share * 100} animated={share === null} striped={share === null} aria-label={label} />
        </Progress.Root>
        <Text size="sm" className="mlops-number" miw={44} ta="right">{share === null ? '' : percent(share, 0)}</Text>
        {onCancel && <Button size="compact-sm" variant="default" onClick={onCancel}>Cancel</Button>}
      </Group>
      {text && <Text size="sm" c="dimmed" mt={4}>{text}</Text>}
    </div>
  );
}
