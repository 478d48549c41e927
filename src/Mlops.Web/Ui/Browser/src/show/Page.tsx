import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import { usePageTitle } from '../app/pageTitle';

let isFirst = true;

export interface PageProps {
  title: string;
  /** One line below the title. */
  text?: ReactNode;
  /** Pages above this one. */
  above?: readonly { name: string; path: string }[];
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: names it, and takes the focus when it was navigated to. */
export function Page({ title, text, above, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title);
  useEffect(() => {
    // Not when the browser has just loaded it: the skip link comes first then.
    if (!isFirst)
      heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <Stack gap="md">
      <div>
        {above && (
          <Breadcrumbs separatorMargin={6} mb={2} fz="sm" component="nav" aria-label="Breadcrumb">
            {above.map(a => <Anchor key={a.path} component={Link} href={a.path} size="sm" c="dimmed">{a.name}</Anchor>)}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={1} ref={heading} tabIndex={-1} className="mlops-wrap">{title}</Title>
            {text && <Text size="sm" c="dimmed" component="div">{text}</Text>}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </div>
      {children}
    </Stack>
  );
}
