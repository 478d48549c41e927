import { useEffect, useRef, useState } from 'react';
import type { PredictionAnswer } from '../../api/contracts';
import { useAnswer, useRefresh } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { Sampler } from './sampler';

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

export interface Answers {
  /** Newest first. */
  answers: readonly PredictionAnswer[];
  /** Whether more came than are kept, so that these are a sample. */
  isSample: boolean;
  isLoading: boolean;
  error: unknown;
}

/** The newest answers of a deployment as they come, drawn anew twice a second at most; a sample of them where there are many. */
export function useAnswers(deployment: string): Answers {
  const stored = useAnswer('listPredictions', { path: { id: deployment }, query: { limit: most } }, { staleTime: 0 });
  const refresh = useRefresh();
  const waiting = useRef<PredictionAnswer[]>([]);
  const [live, setLive] = useState<{ answers: readonly PredictionAnswer[]; isSample: boolean }>({ answers: [], isSample: false });
  useLive({ deployments: [deployment] }, (name, data) => {
    if (name === 'predictions')
      waiting.current.push(...(data as { predictions: PredictionAnswer[] }).predictions);
  }, () => void refresh('listPredictions'));
  useEffect(() => {
    const sampler = new Sampler();
    const timer = setInterval(() => {
      const all = waiting.current.splice(0).reverse();
      const fresh = sampler.take(all);
      if (fresh.length > 0)
        setLive(old => ({ answers: merge(fresh, old.answers), isSample: fresh.length < all.length }));
    }, pause);
    return () => clearInterval(timer);
  }, []);
  return { answers: merge(stored.data ?? [], live.answers), isSample: live.isSample, isLoading: stored.isLoading, error: stored.error };
}
