import type uPlot from 'uplot';
import { moved, zoomed, type Range } from './range';

/** What dragging over a chart does. */
export type Hand = 'zoom' | 'pan' | 'label';

export interface Handling {
  hand: Hand;
  onRange: (range: Range) => void;
  onAll: () => void;
}

/** Lets a hand move the chart: by dragging, by the wheel with Ctrl or Shift, by a double click. Returns what ends it. */
export function handle(u: uPlot, latest: () => Handling): () => void {
  const over = u.over;
  const shown = (): Range => ({ from: u.scales.x!.min!, to: u.scales.x!.max! });
  let held: { x: number; range: Range } | null = null;
  const end = new AbortController();
  const { signal } = end;

  // The wheel alone scrolls the page.
  over.addEventListener('wheel', e => {
    if (!e.ctrlKey && !e.metaKey && !e.shiftKey)
      return;
    e.preventDefault();
    const delta = e.deltaY || e.deltaX;
    latest().onRange(e.shiftKey ? moved(shown(), delta / 1000) : zoomed(shown(), Math.exp(delta / 400), u.posToVal(e.offsetX, 'x')));
  }, { passive: false, signal });
  over.addEventListener('pointerdown', e => {
    if (latest().hand !== 'pan' || e.button !== 0)
      return;
    held = { x: e.clientX, range: shown() };
    over.setPointerCapture(e.pointerId);
  }, { signal });
  over.addEventListener('pointermove', e => {
    if (held)
      latest().onRange(moved(held.range, (held.x - e.clientX) / over.clientWidth));
  }, { signal });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    over.addEventListener(name, () => {
      held = null;
    }, { signal });
  }
  over.addEventListener('dblclick', () => latest().onAll(), { signal });
  return () => end.abort();
}
