import { describe, expect, test } from 'vitest';
import { bytes, count, decimalsOf, duration, energy, fixed, measure, percent, quantity, rate, shortCount } from './numbers';
import { milliseconds, relativeTime, spanSeconds } from './times';

const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

describe('numbers', () => {
  test.each([
    [count(1234567), '1,234,567'],
    [count(null), '–'],
    [shortCount(9999), '9,999'],
    [shortCount(1_234_567), '1.2M'],
    [measure(0.000012345), '1.235E-5'],
    [measure(21.46999), '21.47'],
    [measure(123456.7), '123,457'],
    [measure(0), '0'],
    [measure(Number.NaN), '–'],
    [quantity(21.5, '°C'), '21.5 °C'],
    [quantity(null, '°C'), '–'],
    [percent(0.8742), '87.4 %'],
    [bytes(512), '512 B'],
    [bytes(1536), '1.5 KiB'],
    [bytes(5 * 1024 ** 3), '5 GiB'],
    [energy(0.0000815), '81.5 µWh'],
    [energy(0.0146), '14.6 mWh'],
    [energy(2), '2 Wh'],
    [energy(0), '0 µWh'],
    [rate(12.34), '12.3 /s'],
    [duration(0.0000042), '4 µs'],
    [duration(0.0123), '12.3 ms'],
    [duration(59), '59 s'],
    [duration(12_000), '3 h 20 min'],
    [duration(90_061), '1 d 1 h'],
    [duration(7200), '2 h'],
    [duration(59.99), '60 s'],
  ])('%s', (shown, expected) => expect(plain(shown)).toBe(expected));
});

test('values of a column stand below each other', () => {
  expect(decimalsOf([1.5, 2, null, 'x', 0.125])).toBe(3);
  expect(fixed(1.5, 3)).toBe('1.500');
  expect(decimalsOf([1 / 3])).toBe(6);
});

describe('times', () => {
  const now = Date.parse('2024-05-01T12:00:00Z');
  test.each([
    ['2024-05-01T11:59:58Z', 'just now'],
    ['2024-05-01T11:57:00Z', '3 minutes ago'],
    ['2024-04-30T12:00:00Z', 'yesterday'],
    ['2024-05-01T14:00:00Z', 'in 2 hours'],
  ])('%s', (at, expected) => expect(relativeTime(at, now)).toBe(expected));

  test('nothing yet', () => expect(relativeTime(null, now)).toBe('never'));

  test('lengths of time are read as the node writes them', () => expect(['00:05:00', '1.02:00:00.5000000', 300, 'never'].map(spanSeconds)).toEqual([300, 93_600.5, 300, Number.NaN]));
  test('times of the node are read to the millisecond', () => expect(milliseconds('2024-05-01T12:00:00.1234567Z')).toBe(now + 123));
});
