import { useQueryClient } from '@tanstack/react-query';
import type { RecordSource } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { Truths } from './judged';

/** Returns what finds the truth about a record: in labels of the set, else in the field of that name. */
export function useTruth(feed: string | null | undefined, label: string | null): (source: RecordSource) => string | null {
  const client = useQueryClient();
  const isWanted = Boolean(feed && label);
  const labels = useAnswer('listLabels', { path: { feed: feed ?? '' }, query: { set: label ?? undefined, limit: 2000 } }, { enabled: isWanted, every: 10_000 });
  const about = useAnswer('getFeed', { path: { feed: feed ?? '' } }, { enabled: isWanted, staleTime: 60_000 });
  const isField = labels.data?.length === 0 && about.data?.fields.some(f => f.name === label) === true;
  const records = useAnswer('getLastRecords', { path: { feed: feed ?? '' }, query: { limit: 1000 } }, { enabled: isField, every: 3000 });
  useLive(isWanted ? { topics: ['labels'] } : null, () => void client.invalidateQueries({ queryKey: ['listLabels'] }));
  if (isField) {
    const values = new Map((records.data ?? []).map(r => [r.source.row, r.values[label!]]));
    return source => {
      const value = values.get(source.row);
      return value === null || value === undefined ? null : String(value);
    };
  }
  const truths = new Truths(labels.data ?? []);
  return source => truths.find(source);
}
