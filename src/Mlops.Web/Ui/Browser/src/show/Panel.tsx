import { Box, Group, Title, type BoxProps } from '@mantine/core';
import { useId, type ReactNode } from 'react';

export interface PanelProps extends BoxProps {
  title?: ReactNode;
  actions?: ReactNode;
  /** Whether what is inside reaches the edges, as a table does. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page with a line around it. */
export function Panel({ title, actions, flush = false, children, ...box }: PanelProps) {
  const id = useId();
  return (
    <Box component="section" className="mlops-panel" aria-labelledby={title ? id : undefined} {...box}>
      {(title || actions) && (
        <Group justify="space-between" px="md" pt="sm" pb={flush ? 'xs' : 0} gap="xs" wrap="nowrap" align="flex-start">
          {title ? <Title order={2} id={id} size="h3">{title}</Title> : <span />}
          {actions && <Group gap="xs" wrap="nowrap">{actions}</Group>}
        </Group>
      )}
      <Box className={flush ? 'mlops-flush' : undefined} p={flush ? 0 : 'md'} pt={flush ? 0 : title ? 'xs' : 'md'}>{children}</Box>
    </Box>
  );
}
