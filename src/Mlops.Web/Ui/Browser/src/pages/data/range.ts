import { milliseconds } from '../../show/times';

/** A stretch of time, seconds since 1970. */
export interface Range {
  from: number;
  to: number;
}

const shortest = 0.001;

/** What a feed spans; a minute around the only moment of a feed with one record. */
export function rangeOf(first: string | null | undefined, last: string | null | undefined): Range | null {
  if (!first || !last)
    return null;
  const [from, to] = [milliseconds(first) / 1000, milliseconds(last) / 1000];
  return to > from ? { from, to } : { from: from - 30, to: to + 30 };
}

/** Makes a range shorter (below 1) or longer around one of its moments. */
export function zoomed(range: Range, factor: number, around: number = (range.from + range.to) / 2): Range {
  const length = Math.max(shortest, (range.to - range.from) * factor);
  const share = (around - range.from) / (range.to - range.from);
  const from = around - length * share;
  return { from, to: from + length };
}

/** Moves a range by a share of its length. */
export function moved(range: Range, share: number): Range {
  const by = (range.to - range.from) * share;
  return { from: range.from + by, to: range.to + by };
}

/** A range with as much again at both sides, so that moving it needs no waiting. */
export function widened(range: Range, bounds: Range): Range {
  const half = (range.to - range.from) / 2;
  return { from: Math.max(Math.min(bounds.from, range.from), range.from - half), to: Math.min(Math.max(bounds.to, range.to), range.to + half) };
}

/** The time in the form in which the node takes it; outward, so that nothing at the border is lost. */
export function instant(seconds: number, isEnd = false): string {
  return new Date(isEnd ? Math.ceil(seconds * 1000) : Math.floor(seconds * 1000)).toISOString();
}

/** Reads a range from an address; null when there is none. */
export function readRange(search: URLSearchParams): Range | null {
  const [from, to] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')];
  return Number.isFinite(from) && Number.isFinite(to) && to > from ? { from: from / 1000, to: to / 1000 } : null;
}
