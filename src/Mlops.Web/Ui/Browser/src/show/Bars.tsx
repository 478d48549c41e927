import { Text } from '@mantine/core';
import classes from './Bars.module.css';

export interface Bar {
  name: string;
  value: number;
  /** What stands beside the bar. */
  text: string;
  /** Draws attention to the bar. */
  isMarked?: boolean;
}

/** Bars beside each other's names, longest first or in the order given; values below zero go to the left edge. */
export function Bars({ bars, label, least = Number.MIN_VALUE }: { bars: readonly Bar[]; label: string; /** What a full bar stands for at least. */ least?: number }) {
  const largest = Math.max(...bars.map(b => Math.abs(b.value)), least);
  return (
    <ul className={classes.list} aria-label={label}>
      {bars.map(bar => (
        <li key={bar.name} className={classes.row}>
          <Text size="sm" truncate="end" title={bar.name}>{bar.name}</Text>
          <div className={classes.track} aria-hidden="true">
            <div className={classes.bar} data-marked={bar.isMarked || undefined} style={{ width: `${Math.max(0, bar.value / largest) * 100}%` }} />
          </div>
          <Text size="sm" className={classes.value}>{bar.text}</Text>
        </li>
      ))}
    </ul>
  );
}
