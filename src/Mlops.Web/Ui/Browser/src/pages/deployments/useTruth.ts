import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RecordSource } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { Truths } from './judged';

const newest = 2000;
const pause = 1000;

/** Returns what finds the truth about a record: in labels of the set, else in the field of that name. */
export function useTruth(feed: string | null | undefined, label: string | null): (source: RecordSource) => string | null {
  const client = useQueryClient();
  const isWanted = Boolean(feed && label);
  const labels = useAnswer('listLabels', { path: { feed: feed ?? '' }, query: { set: label ?? undefined, limit: newest } }, { enabled: isWanted, every: 10_000 });
  const about = useAnswer('getFeed', { path: { feed: feed ?? '' } }, { enabled: isWanted, staleTime: 60_000 });
  const isField = labels.data?.length === 0 && about.data?.fields.some(f => f.name === label) === true;
  const records = useAnswer('getLastRecords', { path: { feed: feed ?? '' }, query: { limit: 1000 } }, { enabled: isField, every: 3000 });

  // Labels may come faster than they can be asked for: a question under way is left to end, and the next one waits.
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLive(isWanted ? { topics: ['labels'] } : null, () => {
    due.current ??= setTimeout(() => {
      due.current = undefined;
      void client.invalidateQueries({ queryKey: ['listLabels'] }, { cancelRefetch: false });
    }, pause);
  });
  useEffect(() => () => clearTimeout(due.current), []);

  const [truths, setTruths] = useState(() => new Truths([]));
  useEffect(() => {
    if (labels.data)
      // Where there are more than were asked for, those from before still count.
      setTruths(before => new Truths(labels.data, labels.data.length < newest ? undefined : before));
  }, [labels.data]);

  if (isField) {
    const values = new Map((records.data ?? []).map(r => [r.source.row, r.values[label!]]));
    return source => {
      const value = values.get(source.row);
      return value === null || value === undefined ? null : String(value);
    };
  }
  return source => truths.find(source);
}
