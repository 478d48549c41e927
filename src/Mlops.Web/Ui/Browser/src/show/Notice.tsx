import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from './StateBadge';
import classes from './Notice.module.css';

const icons: Record<Tone, typeof IconCheck> = { good: IconCheck, warn: IconAlertTriangle, bad: IconAlertTriangle, busy: IconInfoCircle, idle: IconInfoCircle };

/** Something to know before going on, with what helps. */
export function Notice({ tone, title, children, className }: { tone: Tone; title: string; children: ReactNode; className?: string }) {
  const Icon = icons[tone];
  return (
    <div className={[classes.notice, className].filter(Boolean).join(' ')} data-tone={tone} role="group" aria-label={title}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Icon size={18} className={classes.icon} aria-hidden="true" />
        <Text fw={600} size="sm" className="mlops-wrap">{title}</Text>
      </Group>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
