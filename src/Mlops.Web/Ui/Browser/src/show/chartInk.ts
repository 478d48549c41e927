import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { exactTime } from './times';

export interface ChartInk {
  text: string;
  grid: string;
  font: string;
  /** Colours of series, told apart by people who see few colours as well. */
  palette: readonly string[];
  moment: (seconds: number) => string;
  /** Names of the marks on a time axis, `step` seconds apart. */
  ticks: (seconds: readonly number[], step: number) => string[];
}

const font = '11px Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };

/** The day stands below the first mark, and below each that begins another one. */
export function timeTicks(seconds: readonly number[], step: number): string[] {
  const withYear = step > 86_400 * 60;
  const dayOf = new Intl.DateTimeFormat(undefined, withYear ? { month: 'short', year: 'numeric' } : day);
  const clockOf = new Intl.DateTimeFormat(undefined, step < 1 ? { ...clock, second: '2-digit', fractionalSecondDigits: 3 } : step < 60 ? { ...clock, second: '2-digit' } : clock);
  let before = '';
  return seconds.map(s => {
    const date = dayOf.format(s * 1000);
    const isNew = date !== before;
    before = date;
    return step >= 86_400 ? date : isNew ? `${clockOf.format(s * 1000)}\n${date}` : clockOf.format(s * 1000);
  });
}

const light: ChartInk = {
  text: '#5b6673', grid: '#e8ecf0', font, moment: seconds => exactTime(seconds * 1000), ticks: timeTicks,
  palette: ['#1f5fa8', '#c2571a', '#0f8a6a', '#8b4fb3', '#a5790a', '#c23a6b', '#4b5a6a', '#5b8f1c'],
};
const dark: ChartInk = {
  ...light, text: '#9aa3af', grid: '#2a3038',
  palette: ['#6cb0f5', '#f2995c', '#4fd1a8', '#c59bea', '#e3c04e', '#f58bb0', '#aab6c4', '#a6d469'],
};

/** Returns the colours of charts in the theme that is shown. */
export function useChartInk(): ChartInk {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => (scheme === 'dark' ? dark : light), [scheme]);
}
