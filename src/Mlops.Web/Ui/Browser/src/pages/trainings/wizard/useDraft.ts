import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Draft } from './draft';

interface Kept {
  wizard?: string;
}

/**
 * Keeps a training that is being put together. The step stands in the address, so that the browser's buttons lead through the steps; what
 * was filled in is kept for this entry of the browser's history and those after it, so that neither they nor a reload lose it.
 */
export function useDraft(begin: Draft): { draft: Draft; change: (part: Partial<Draft>) => void; step: number; setStep: (step: number) => void } {
  const [search, setSearch] = useSearchParams();
  const [wizard] = useState(() => {
    const known = (history.state as Kept | null)?.wizard;
    const name = known ?? crypto.getRandomValues(new Uint32Array(2)).join('-');
    if (!known)
      history.replaceState({ ...(history.state as object | null), wizard: name }, '');
    return name;
  });
  const key = `mlops-training-${wizard}`;
  const [draft, setDraft] = useState<Draft>(() => ({ ...begin, ...(JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Draft>) }));
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(draft)), [key, draft]);
  const named = search.get('step');
  return {
    draft,
    change: part => setDraft(now => ({ ...now, ...part })),
    step: named === null ? (begin.workflow ? 1 : 0) : Math.max(0, Math.trunc(Number(named)) - 1 || 0),
    setStep: step => {
      setSearch(now => {
        const next = new URLSearchParams(now);
        next.set('step', String(step + 1));
        return next;
      }, { state: { wizard } });
      window.scrollTo(0, 0);
    },
  };
}
