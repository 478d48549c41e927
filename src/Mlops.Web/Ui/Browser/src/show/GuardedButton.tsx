import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import type { OperationId } from '../api/contracts';
import { useMay, whoMay } from '../session/session';

export interface GuardedButtonProps extends ButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> {
  /** What the button does: who may not, sees it disabled and is told who may. */
  operation: OperationId;
  children: ReactNode;
}

export function GuardedButton({ operation, disabled, children, ...button }: GuardedButtonProps) {
  const may = useMay()(operation);
  // Disabled for sight and keyboard, but still there to be asked why.
  return may
    ? <Button disabled={disabled} {...button}>{children}</Button>
    : <Tooltip label={whoMay(operation)}><Button {...button} data-disabled aria-disabled="true" onClick={e => e.preventDefault()}>{children}</Button></Tooltip>;
}
