import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One figure with its name above and, if need be, a remark below. */
export function Figure({ name, value, remark }: { name: string; value: ReactNode; remark?: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" lh={1.3}>{name}</Text>
      <Text fz="1.25rem" fw={600} lh={1.35} className="mlops-number" component="div">{value}</Text>
      {remark && <Text size="xs" c="dimmed" lh={1.3} component="div">{remark}</Text>}
    </div>
  );
}
