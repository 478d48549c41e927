import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { LiveStream, type LiveName, type LiveState, type Wish } from './live';

const stream = new LiveStream();
const hiddenFor = 30_000;

if (typeof document !== 'undefined') {
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden)
      timer = setTimeout(() => stream.pause(true), hiddenFor);
    else
      stream.pause(false);
  });
}

/** Listens to events while the component is shown; null wishes nothing. */
export function useLive(wish: Wish | null, hear: (name: LiveName, data: unknown) => void, opened?: () => void): void {
  const onHear = useEffectEvent(hear);
  const onOpened = useEffectEvent(() => opened?.());
  const key = JSON.stringify(wish);
  useEffect(() => {
    const wanted = JSON.parse(key) as Wish | null;
    return wanted ? stream.listen({ wish: wanted, hear: (name, data) => onHear(name, data), opened: () => onOpened() }) : undefined;
  }, [key]);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(watcher => stream.watch(watcher), () => stream.state);
}
