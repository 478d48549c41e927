import { Stack, Text, Title } from '@mantine/core';
import type { IconProps } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';

export interface EmptyStateProps {
  icon?: ComponentType<IconProps>;
  title: string;
  /** What to do next. */
  children: ReactNode;
  action?: ReactNode;
}

/** Stands where nothing is yet, and says what to do next. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      {Icon && <Icon size={34} stroke={1.3} aria-hidden="true" color="var(--mantine-color-dimmed)" />}
      <Title order={3} size="h3">{title}</Title>
      <Text size="sm" c="dimmed" maw={520} component="div">{children}</Text>
      {action}
    </Stack>
  );
}
