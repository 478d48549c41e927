import type { ChartAnswer, ChartSeriesDetails, FieldDetails } from '../../api/contracts';
import { milliseconds } from '../../show/times';

type Column = (number | null)[];

/** What a chart of some fields with one unit draws: for each field a line of means within a band from smallest to largest. */
export interface Plotted {
  unit: string;
  fields: string[];
  /** Moments, then mean, smallest and largest of each field. */
  data: [number[], ...Column[]];
  hasBands: boolean;
}

const farApart = 12;
const disparate = 30;

/** Names of numeric fields, which can be drawn. */
export function drawable(fields: readonly FieldDetails[]): FieldDetails[] {
  return fields.filter(f => /^(float|int|uInt|boolean)/i.test(f.type) && !/list$/i.test(f.type));
}

/** Fields with the same unit stand in the same chart. */
export function groupsOf(fields: readonly FieldDetails[], chosen: readonly string[]): { unit: string; fields: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const name of chosen) {
    const unit = fields.find(f => f.name === name)?.unit ?? '';
    groups.set(unit, [...(groups.get(unit) ?? []), name]);
  }
  return [...groups].map(([unit, names]) => ({ unit, fields: names }));
}

/** Splits fields of one unit where some are so small beside others that they would be a flat line. */
export function byMagnitude(answer: ChartAnswer, fields: readonly string[]): string[][] {
  const sizeOf = (name: string): number => {
    const series = answer.series.find(s => s.field === name);
    return Math.max(0, ...[...(series?.min ?? []), ...(series?.max ?? [])].map(v => Math.abs(number(v) ?? 0)));
  };
  const groups: { size: number; fields: string[] }[] = [];
  for (const name of fields) {
    const size = sizeOf(name);
    const group = groups.find(g => size === 0 || g.size === 0 || (g.size / size < disparate && size / g.size < disparate));
    if (group) {
      group.fields.push(name);
      group.size ||= size;
    } else {
      groups.push({ size, fields: [name] });
    }
  }
  return groups.map(g => g.fields);
}

/** Makes what is drawn of what the node answers. Buckets without a value are left out; where many are missing in a row, lines break. */
export function plotted(answer: ChartAnswer, unit: string, fields: readonly string[]): Plotted {
  const found = fields.map(name => answer.series.find(s => s.field === name));
  const series = found.filter((s): s is ChartSeriesDetails => s !== undefined);
  const used: number[] = [];
  for (let i = 0; i < answer.count; i++) {
    if (series.some(s => (s.counts[i] ?? 0) > 0))
      used.push(i);
  }
  const start = milliseconds(answer.start) / 1000;
  const width = answer.widthNanoseconds / 1e9;
  const typical = median(used.slice(1).map((bucket, k) => bucket - used[k]!));
  // A place in a break stands for no bucket.
  const places: (number | null)[] = [];
  const x: number[] = [];
  used.forEach((bucket, k) => {
    const before = used[k - 1];
    if (before !== undefined && bucket - before > Math.max(farApart, typical * farApart)) {
      places.push(null);
      x.push(start + ((before + bucket) / 2 + 0.5) * width);
    }
    places.push(bucket);
    x.push(start + (bucket + 0.5) * width);
  });
  const column = (values: readonly (number | null | undefined)[]): Column => places.map(p => (p === null ? null : number(values[p])));
  return {
    unit,
    fields: series.map(s => s.field),
    data: [x, ...series.flatMap(s => [column(s.mean), column(s.min), column(s.max)])],
    hasBands: series.some(s => s.counts.some(c => c > 1)),
  };
}

function number(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function median(values: readonly number[]): number {
  return values.length === 0 ? 1 : [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}
