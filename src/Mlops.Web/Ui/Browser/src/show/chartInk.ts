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
}

const font = '11px Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
const light: ChartInk = {
  text: '#5b6673', grid: '#e8ecf0', font, moment: seconds => exactTime(seconds * 1000),
  palette: ['#1f5fa8', '#c2571a', '#0f8a6a', '#8b4fb3', '#a5790a', '#c23a6b', '#4b5a6a', '#5b8f1c'],
};
const dark: ChartInk = {
  text: '#9aa3af', grid: '#2a3038', font, moment: light.moment,
  palette: ['#6cb0f5', '#f2995c', '#4fd1a8', '#c59bea', '#e3c04e', '#f58bb0', '#aab6c4', '#a6d469'],
};

/** Returns the colours of charts in the theme that is shown. */
export function useChartInk(): ChartInk {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => (scheme === 'dark' ? dark : light), [scheme]);
}
