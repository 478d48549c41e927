import type uPlot from 'uplot';

const least = 4;

/** Lets a mouse, pen or finger select a range of x by dragging, also while the data changes. Returns what ends it. */
export function selectRange(u: uPlot, onSelect: (from: number, to: number) => void): () => void {
  const over = u.over;
  const end = new AbortController();
  const { signal } = end;
  let start: number | null = null;
  const place = (e: PointerEvent) => Math.max(0, Math.min(over.clientWidth, e.clientX - over.getBoundingClientRect().left));
  const show = (left: number, width: number) => u.setSelect({ left, width, top: 0, height: width > 0 ? over.clientHeight : 0 }, false);

  over.addEventListener('pointerdown', e => {
    if (e.button !== 0)
      return;
    start = place(e);
    over.setPointerCapture(e.pointerId);
  }, { signal });
  over.addEventListener('pointermove', e => {
    if (start !== null)
      show(Math.min(start, place(e)), Math.abs(place(e) - start));
  }, { signal });
  over.addEventListener('pointerup', e => {
    if (start === null)
      return;
    const [left, right] = [Math.min(start, place(e)), Math.max(start, place(e))];
    start = null;
    show(0, 0);
    if (right - left >= least)
      onSelect(u.posToVal(left, 'x'), u.posToVal(right, 'x'));
  }, { signal });
  over.addEventListener('pointercancel', () => {
    start = null;
    show(0, 0);
  }, { signal });
  return () => end.abort();
}
