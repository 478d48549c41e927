import { useQueryClient } from '@tanstack/react-query';
import type { DeploymentStatus } from '../../api/contracts';
import { useLive } from '../../api/useLive';

/** Keeps deployments that are shown up to date with what the node tells. */
export function useLiveDeployments(): void {
  const client = useQueryClient();
  useLive({ topics: ['deployment', 'lifecycle'] }, (name, data) => {
    if (name === 'deployment') {
      const told = data as DeploymentStatus;
      client.setQueryData(['getDeployment', { path: { id: told.id } }], told);
    }
    void client.invalidateQueries({ queryKey: ['listDeployments'] });
    if (name === 'lifecycle')
      void client.invalidateQueries({ queryKey: ['listLifecycle'] });
  });
}
