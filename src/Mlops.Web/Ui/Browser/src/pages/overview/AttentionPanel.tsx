import { Anchor, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'wouter';
import { Panel } from '../../show/Panel';
import type { Alert } from './attention';

const shown = 6;

/** What somebody should look at. */
export function AttentionPanel({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) {
    return (
      <Panel>
        <Group gap="xs" wrap="nowrap">
          <IconCircleCheck size={20} color="var(--mlops-good)" aria-hidden="true" />
          <Text size="sm">All components, assets and deployments are healthy.</Text>
        </Group>
      </Panel>
    );
  }
  return (
    <Panel title="Needs attention">
      <Stack gap="sm" component="ul" className="mlops-list">
        {alerts.slice(0, shown).map(alert => (
          <Group key={alert.key} component="li" gap="sm" wrap="nowrap" align="flex-start">
            <IconAlertTriangle size={18} color={`var(--mlops-${alert.tone})`} aria-label={alert.tone === 'bad' ? 'Fault' : 'Warning'} className="mlops-still" />
            <div>
              {alert.path ? <Anchor component={Link} href={alert.path} size="sm" fw={600} c="inherit" underline="always">{alert.title}</Anchor> : <Text size="sm" fw={600}>{alert.title}</Text>}
              {alert.text && <Text size="sm" c="dimmed" className="mlops-wrap">{alert.text}</Text>}
            </div>
          </Group>
        ))}
        {alerts.length > shown && <Text component="li" size="sm" c="dimmed">and {alerts.length - shown} more</Text>}
      </Stack>
    </Panel>
  );
}
