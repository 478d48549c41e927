import { useQueryClient } from '@tanstack/react-query';
import type { TrainingStatus } from '../../api/contracts';
import { useLive } from '../../api/useLive';

export function isUnderWay(state: string): boolean {
  return state === 'queued' || state === 'running';
}

/** Keeps trainings that are shown up to date with what the node tells. */
export function useLiveTrainings(): void {
  const client = useQueryClient();
  useLive({ topics: ['training'] }, (_, data) => {
    const training = data as TrainingStatus;
    client.setQueryData(['getTraining', { path: { id: training.id } }], training);
    for (const [key, list] of client.getQueriesData<TrainingStatus[]>({ queryKey: ['listTrainings'] })) {
      if (list?.some(t => t.id === training.id))
        client.setQueryData(key, list.map(t => (t.id === training.id ? training : t)));
      else
        void client.invalidateQueries({ queryKey: key });
    }
    if (!isUnderWay(training.state))
      void client.invalidateQueries({ queryKey: ['getTrainingLog', { path: { id: training.id } }], exact: false });
  }, () => void client.invalidateQueries({ queryKey: ['listTrainings'] }));
}
