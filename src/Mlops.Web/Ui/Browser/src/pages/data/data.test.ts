import { describe, expect, test } from 'vitest';
import type { ChartAnswer } from '../../api/contracts';
import { feedNameOf } from './feedName';
import { byMagnitude, drawable, groupsOf, plotted } from './points';
import { instant, moved, rangeOf, readRange, widened, zoomed } from './range';

describe('ranges', () => {
  test('zooming keeps the moment under the cursor in its place', () => {
    expect(zoomed({ from: 0, to: 100 }, 0.5, 25)).toEqual({ from: 12.5, to: 62.5 });
    expect(zoomed({ from: 0, to: 100 }, 2)).toEqual({ from: -50, to: 150 });
  });

  test('a range is never shorter than a millisecond', () => {
    const range = zoomed({ from: 10, to: 10.0011 }, 0.1);
    expect(range.to - range.from).toBeCloseTo(0.001);
  });

  test('moving and widening', () => {
    expect(moved({ from: 0, to: 10 }, 0.5)).toEqual({ from: 5, to: 15 });
    expect(widened({ from: 40, to: 60 }, { from: 0, to: 65 })).toEqual({ from: 30, to: 65 });
    expect(widened({ from: -20, to: 60 }, { from: 0, to: 65 })).toEqual({ from: -20, to: 65 });
  });

  test('a feed with one record has a minute', () => {
    expect(rangeOf('2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z')).toEqual({ from: 1714564770, to: 1714564830 });
    expect(rangeOf(null, null)).toBeNull();
  });

  test('an address holds a range', () => {
    expect(instant(1714564800.0005)).toBe('2024-05-01T12:00:00.000Z');
    expect(instant(1714564800.0005, true)).toBe('2024-05-01T12:00:00.001Z');
    expect(readRange(new URLSearchParams('from=2024-05-01T12:00:00Z&to=2024-05-01T13:00:00Z'))).toEqual({ from: 1714564800, to: 1714568400 });
    expect(readRange(new URLSearchParams('from=x'))).toBeNull();
  });
});

describe('points', () => {
  const answer = (counts: number[]): ChartAnswer => {
    const values = counts.map((c, i) => (c > 0 ? i : null));
    return { feed: 'f', start: '1970-01-01T00:00:00Z', widthNanoseconds: 1e9, count: counts.length, series: [{ field: 'a', counts, min: values, max: values, mean: values, first: values, last: values }] };
  };

  test('empty buckets between values do not break the line', () => {
    const made = plotted(answer([1, 0, 0, 1, 0, 0, 1]), '°C', ['a']);
    expect(made.data).toEqual([[0.5, 3.5, 6.5], [0, 3, 6], [0, 3, 6], [0, 3, 6]]);
    expect(made.hasBands).toBe(false);
  });

  test('a long gap does', () => {
    const made = plotted(answer([2, 2, ...Array<number>(20).fill(0), 2]), '', ['a', 'gone']);
    expect(made.data[1]).toEqual([0, 1, null, 22]);
    expect(made.hasBands).toBe(true);
    expect(made.fields).toEqual(['a']);
  });

  test('a field that would be a flat line beside others gets a chart of its own', () => {
    const of = (field: string, size: number) => ({ ...answer([1]).series[0]!, field, min: [-size], max: [size / 2] });
    const wide = { ...answer([1]), series: [of('a', 100), of('b', 0.9), of('c', 150), of('d', 2), of('zero', 0)] };
    expect(byMagnitude(wide, ['a', 'b', 'c', 'd', 'zero'])).toEqual([['a', 'c', 'zero'], ['b', 'd']]);
  });

  test('fields are sorted by unit, and text is not drawn', () => {
    const fields = [{ name: 't', type: 'float64', unit: '°C' }, { name: 'p', type: 'float64', unit: 'bar' }, { name: 'u', type: 'int64', unit: '°C' }, { name: 's', type: 'text' }, { name: 'l', type: 'float64List' }];
    expect(drawable(fields).map(f => f.name)).toEqual(['t', 'p', 'u']);
    expect(groupsOf(fields, ['t', 'p', 'u'])).toEqual([{ unit: '°C', fields: ['t', 'u'] }, { unit: 'bar', fields: ['p'] }]);
  });
});

test('a file names its feed', () => expect(feedNameOf('Press Hall 2 (May).csv')).toBe('press-hall-2-may'));
