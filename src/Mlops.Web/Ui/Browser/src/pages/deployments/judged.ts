import type { LabelEntry, PredictionAnswer, RecordSource } from '../../api/contracts';

/** A prediction with the truth, where somebody has said it. */
export interface Judged {
  answer: PredictionAnswer;
  given: string | number | boolean | null;
  truth: string | null;
  isRight: boolean | null;
}

/** The value by which answers are compared: the class, the field named like the label, or the first one. */
export function givenBy(values: Record<string, unknown>, label: string | null | undefined): string | number | boolean | null {
  const name = 'label' in values ? 'label' : label && label in values ? label : Object.keys(values).find(n => n !== 'error');
  const value = name === undefined ? null : values[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** Whether an answer is what was expected: classes exactly, numbers within a thousandth, as the node compares them. */
export function isRight(given: string | number | boolean | null, truth: string): boolean {
  if (typeof given === 'number') {
    const wanted = Number(truth);
    return truth.trim() !== '' && (given === wanted || Math.abs(given - wanted) <= Math.max(1e-6, 1e-3 * Math.abs(wanted)));
  }
  return given !== null && String(given) === truth;
}

const remembered = 20_000;

/** Finds the truth about records in labels, of which the newest come first, and in those that were known before. */
export class Truths {
  private readonly rows = new Map<number, string>();
  private readonly sequences = new Map<number, string>();
  private readonly intervals: { from: number; to: number; value: string }[] = [];

  constructor(labels: readonly LabelEntry[], before?: Truths) {
    for (const label of labels) {
      if (typeof label.source?.row === 'number')
        keep(this.rows, label.source.row, label.value);
      else if (typeof label.source?.seq === 'number')
        keep(this.sequences, label.source.seq, label.value);
      else if (label.from && label.to)
        this.intervals.push({ from: Date.parse(label.from), to: Date.parse(label.to), value: label.value });
    }
    if (before) {
      before.rows.forEach((value, row) => keep(this.rows, row, value));
      before.sequences.forEach((value, sequence) => keep(this.sequences, sequence, value));
      const known = new Set(this.intervals.map(i => `${i.from} ${i.to}`));
      this.intervals.push(...before.intervals.filter(i => !known.has(`${i.from} ${i.to}`)));
      this.intervals.length = Math.min(this.intervals.length, remembered);
    }
  }

  find(source: RecordSource): string | null {
    const at = source.ts ? Date.parse(source.ts) : Number.NaN;
    return (typeof source.row === 'number' ? this.rows.get(source.row) : undefined)
      ?? (typeof source.seq === 'number' ? this.sequences.get(source.seq) : undefined)
      ?? this.intervals.find(i => i.from <= at && at < i.to)?.value
      ?? null;
  }
}

function keep(map: Map<number, string>, key: number, value: string): void {
  if (!map.has(key) && map.size < remembered)
    map.set(key, value);
}

/** Sets answers beside the truth. */
export function judge(answers: readonly PredictionAnswer[], label: string | null | undefined, truthOf: (source: RecordSource) => string | null): Judged[] {
  return answers.map(answer => {
    const given = givenBy(answer.values, label);
    const truth = truthOf(answer.source);
    return { answer, given, truth, isRight: truth === null ? null : isRight(given, truth) };
  });
}

/** The share of right answers over time, in groups of equally many labelled answers. */
export function accuracyOverTime(judged: readonly Judged[], groups = 24): { x: number; y: number; count: number }[] {
  const labelled = judged
    .filter(j => j.isRight !== null && j.answer.source.ts)
    .map(j => ({ at: Date.parse(j.answer.source.ts!), isRight: j.isRight === true }))
    .sort((a, b) => a.at - b.at);
  const size = Math.max(1, Math.ceil(labelled.length / groups));
  const points: { x: number; y: number; count: number }[] = [];
  for (let first = 0; first < labelled.length; first += size) {
    const group = labelled.slice(first, first + size);
    points.push({ x: group.at(-1)!.at, y: group.filter(g => g.isRight).length / group.length, count: group.length });
  }
  return points;
}

/** The middle and the slow end of some milliseconds. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0)
    return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
