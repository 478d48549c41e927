import { useEffect, useRef, useState } from 'react';
import type { PredictionAnswer } from '../../api/contracts';
import { useAnswer, useRefresh } from '../../api/queries';
import { useLive } from '../../api/useLive';

const most = 1000;
const pause = 500;

/** Puts new answers before those that are there; a record's newer answer by the same model replaces the older one. */
export function merge(fresh: readonly PredictionAnswer[], old: readonly PredictionAnswer[], limit = most): PredictionAnswer[] {
  const seen = new Set<string>();
  const merged: PredictionAnswer[] = [];
  for (const answer of [...fresh, ...old]) {
    const key = `${answer.source.row} ${answer.model}`;
    if (seen.has(key))
      continue;
    seen.add(key);
    merged.push(answer);
  }
  return merged.sort((a, b) => (b.source.row ?? 0) - (a.source.row ?? 0)).slice(0, limit);
}

/** The newest answers of a deployment, newest first, as they come; drawn anew twice a second at most. */
export function useAnswers(deployment: string): { answers: readonly PredictionAnswer[]; isLoading: boolean; error: unknown } {
  const stored = useAnswer('listPredictions', { path: { id: deployment }, query: { limit: most } }, { staleTime: 0 });
  const refresh = useRefresh();
  const waiting = useRef<PredictionAnswer[]>([]);
  const [live, setLive] = useState<readonly PredictionAnswer[]>([]);
  useLive({ deployments: [deployment] }, (name, data) => {
    if (name === 'predictions')
      waiting.current.push(...(data as { predictions: PredictionAnswer[] }).predictions);
  }, () => void refresh('listPredictions'));
  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.length === 0)
        return;
      const fresh = waiting.current.splice(0).reverse();
      setLive(old => merge(fresh, old));
    }, pause);
    return () => clearInterval(timer);
  }, []);
  return { answers: merge(stored.data ?? [], live), isLoading: stored.isLoading, error: stored.error };
}
