import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

export interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** What is shown of what was answered. */
  children: (data: T) => ReactNode;
  /** How many lines stand there while it loads. */
  lines?: number;
}

/** Shows what a query answers; lines while it is on its way, and the problem with a button when it was refused. */
export function Loaded<T>({ query, children, lines = 3 }: LoadedProps<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.isError)
    return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="xs" p="md" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={14} width={`${100 - ((i * 17) % 45)}%`} />)}
    </Stack>
  );
}
