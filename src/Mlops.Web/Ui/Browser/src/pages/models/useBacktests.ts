import { useQueryClient } from '@tanstack/react-query';
import type { BacktestStatus } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { useLive } from '../../api/useLive';
import type { UseQueryResult } from '@tanstack/react-query';

/** All backtests, newest first, kept up to date. */
export function useBacktests(): UseQueryResult<BacktestStatus[]> {
  const client = useQueryClient();
  const key = ['listBacktests', { query: { limit: 200 } }];
  const query = useAnswer('listBacktests', { query: { limit: 200 } }, { staleTime: 5000 });
  const goesOn = query.data?.some(b => b.state === 'queued' || b.state === 'running') === true;
  useAnswer('listBacktests', { query: { limit: 200 } }, { every: goesOn ? 2000 : false, staleTime: 5000 });
  useLive({ topics: ['backtest'] }, (_, data) => {
    const told = data as BacktestStatus;
    client.setQueryData<BacktestStatus[]>(key, list => (list?.some(b => b.id === told.id) ? list.map(b => (b.id === told.id ? told : b)) : [told, ...(list ?? [])]));
  });
  return query;
}
