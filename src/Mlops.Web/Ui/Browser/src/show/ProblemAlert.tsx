import { Alert, Button, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { problemOf } from '../api/problem';

/** Shows what was refused, why, and what helps. */
export function ProblemAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = problemOf(error);
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={problem.title}>
      {problem.detail && <Text size="sm" className="mlops-wrap">{problem.detail}</Text>}
      {problem.errors && problem.errors.length > 0 && (
        <List size="sm" my={4} spacing={2}>
          {problem.errors.map((line, i) => <List.Item key={i}>{line}</List.Item>)}
        </List>
      )}
      {problem.remedy && <Text size="sm" fw={600} mt={4}>{problem.remedy}</Text>}
      {problem.traceId && <Text size="xs" c="dimmed" mt={4}>In the log under {problem.traceId}</Text>}
      {onRetry && <Button size="compact-sm" variant="default" mt="xs" onClick={onRetry}>Try again</Button>}
    </Alert>
  );
}
