import { describe, expect, it } from 'vitest';
import type { LabelEntry, PredictionAnswer } from '../../api/contracts';
import { accuracyOverTime, givenBy, isRight, judge, quantile, Truths } from './judged';

const label = (value: string, more: Partial<LabelEntry>): LabelEntry => ({ id: 1, set: 's', value, created: '2024-01-01T00:00:00Z', origin: 'rest', ...more });

const answer = (row: number, value: string): PredictionAnswer => ({ source: { feed: 'f', row, seq: null, ts: `2024-01-01T00:00:${String(row).padStart(2, '0')}Z` }, values: { label: value, score: 0.9 }, model: 'm', computeMs: 1 });

describe('Truths', () => {
  it('takes the newest label of a record, which comes first', () => {
    const truths = new Truths([label('new', { source: { row: 7 } }), label('old', { source: { row: 7 } })]);

    expect(truths.find({ row: 7 })).toBe('new');
    expect(truths.find({ row: 8 })).toBeNull();
  });

  it('finds labels by message number and by interval', () => {
    const truths = new Truths([label('a', { source: { seq: 5 } }), label('b', { from: '2024-01-01T00:00:00Z', to: '2024-01-01T00:01:00Z' })]);

    expect(truths.find({ row: 1, seq: 5 })).toBe('a');
    expect(truths.find({ row: 1, ts: '2024-01-01T00:00:59Z' })).toBe('b');
    expect(truths.find({ row: 1, ts: '2024-01-01T00:01:00Z' })).toBeNull();
  });
});

describe('Truths of before', () => {
  it('count for records of which nothing newer is said', () => {
    const before = new Truths([label('old', { source: { row: 1 } }), label('kept', { source: { row: 2 } })]);

    const truths = new Truths([label('new', { source: { row: 1 } })], before);

    expect(truths.find({ row: 1 })).toBe('new');
    expect(truths.find({ row: 2 })).toBe('kept');
  });
});

describe('judge', () => {
  it('knows right, wrong and unlabelled answers', () => {
    const judged = judge([answer(1, 'good'), answer(2, 'bad'), answer(3, 'good')], 'quality', source => (source.row === 3 ? null : 'good'));

    expect(judged.map(j => j.isRight)).toEqual([true, false, null]);
  });

  it('compares numbers within a thousandth and nothing else', () => {
    expect(isRight(100.05, '100')).toBe(true);
    expect(isRight(100.2, '100')).toBe(false);
    expect(isRight(0, '')).toBe(false);
    expect(isRight(null, 'a')).toBe(false);
    expect(isRight(true, 'true')).toBe(true);
  });

  it('compares the class, else the field named like the label, else the first', () => {
    expect(givenBy({ score: 1, label: 'a' }, 'x')).toBe('a');
    expect(givenBy({ y: 1, x: 2 }, 'x')).toBe(2);
    expect(givenBy({ y: 1, x: 2 }, null)).toBe(1);
    expect(givenBy({}, null)).toBeNull();
  });
});

describe('accuracyOverTime', () => {
  it('is the share of right answers in groups in order of time', () => {
    const judged = judge([answer(4, 'b'), answer(3, 'a'), answer(2, 'a'), answer(1, 'a')], null, () => 'a');

    expect(accuracyOverTime(judged, 2).map(p => p.y)).toEqual([1, 0.5]);
    expect(accuracyOverTime([], 2)).toEqual([]);
  });
});

describe('quantile', () => {
  it('is a value that is there, or null', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([1], 0.99)).toBe(1);
    expect(quantile([], 0.5)).toBeNull();
  });
});
