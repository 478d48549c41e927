import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { problemOf } from '../api/problem';
import { isCancelled } from '../api/upload';

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 4000 });
}

/** Says why something was not done, and what helps. Says nothing of what the caller cancelled. */
export function notifyProblem(error: unknown): void {
  if (isCancelled(error))
    return;
  const problem = problemOf(error);
  notifications.show({
    title: problem.title,
    message: (
      <>
        <Text size="sm">{[problem.detail, ...(problem.errors ?? [])].filter(Boolean).join(' ')}</Text>
        {problem.remedy && <Text size="sm" fw={600}>{problem.remedy}</Text>}
      </>
    ),
    color: 'red',
    autoClose: 15_000,
  });
}
