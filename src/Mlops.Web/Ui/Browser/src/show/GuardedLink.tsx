import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { OperationId } from '../api/contracts';
import { useMay, whoMay } from '../session/session';

/** A button that leads to where something is done; who may not do it, is told who may. */
export function GuardedLink({ operation, href, children, ...button }: ButtonProps & { operation: OperationId; href: string; children: ReactNode }) {
  return useMay()(operation)
    ? <Button component={Link} href={href} {...button}>{children}</Button>
    : <Tooltip label={whoMay(operation)}><Button {...button} data-disabled aria-disabled="true" onClick={e => e.preventDefault()}>{children}</Button></Tooltip>;
}
