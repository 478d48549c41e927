import { useElementSize } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useChartInk } from './chartInk';
import { measure, quantity } from './numbers';
import { selectRange } from './selectRange';

export interface ChartSeries {
  label: string;
  unit?: string | null;
  /** Index into the palette; its own place where nothing is said. */
  color?: number;
  /** Points without a line between them. */
  points?: boolean;
  dash?: boolean;
  /** Steps instead of straight lines, for what holds until it changes. */
  stepped?: boolean;
  /** On an axis of its own at the right. */
  right?: boolean;
  /** Not in the legend: drawn for another series, as the bounds of a band are. */
  quiet?: boolean;
  width?: number;
}

export interface ChartProps {
  /** What the chart shows, for who does not see it. */
  label: string;
  /** First the x values (seconds since 1970 when `time`), then one array for each series. */
  data: uPlot.AlignedData;
  series: readonly ChartSeries[];
  /** Pairs of series, from 1, between which the colour of the first is laid. */
  bands?: readonly (readonly [number, number])[];
  time?: boolean;
  height?: number;
  xLabel?: string;
  /** What is shown of x; all data where nothing is said. */
  x?: readonly [number, number];
  /** Fixed bounds of the left axis; null leaves a bound to the data. */
  y?: readonly [number | null, number | null];
  /** Is told a range of x that was selected by dragging. */
  onSelect?: (from: number, to: number) => void;
  /** Gets the plot when it is made, for who draws or listens to more. */
  onPlot?: (plot: uPlot) => (() => void) | void;
  /** Draws more than lines into the plot, behind them. */
  draw?: (plot: uPlot) => void;
  /** Charts of the same name share their cursor. */
  sync?: string;
  legend?: boolean;
}

/** Lines over time or another number. */
export function Chart(props: ChartProps) {
  const { label, data, series, bands, time = false, height = 220, xLabel, x, y, onSelect, onPlot, draw, sync, legend = true } = props;
  const { ref, width } = useElementSize();
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const ink = useChartInk();
  const [at, setAt] = useState<number | null>(null);
  const select = useEffectEvent((from: number, to: number) => onSelect?.(from, to));
  const paint = useEffectEvent((u: uPlot) => draw?.(u));
  const made = useEffectEvent((u: uPlot) => onPlot?.(u));
  const shownX = useEffectEvent((low: number, high: number): [number, number] => (x ? [x[0], x[1]] : [low, high]));
  const shape = JSON.stringify({ series, bands, time, height, xLabel, y, sync, selects: onSelect !== undefined });
  const latest = useEffectEvent(() => data);
  const isWide = width > 0;

  useEffect(() => {
    if (!isWide || !root.current)
      return undefined;
    const colorOf = (s: ChartSeries, i: number) => ink.palette[(s.color ?? i) % ink.palette.length]!;
    const axis: uPlot.Axis = { stroke: ink.text, font: ink.font, grid: { stroke: ink.grid, width: 1 }, ticks: { stroke: ink.grid, width: 1, size: 4 } };
    const numbers = (_: uPlot, splits: number[]) => splits.map(v => (v === null ? '' : measure(v, 5)));
    const created = new uPlot({
      width: root.current.clientWidth,
      height,
      cursor: { drag: { x: false, y: false, setScale: false }, sync: sync ? { key: sync } : undefined, points: { size: 6 } },
      legend: { show: false },
      scales: {
        // A single moment would be shown in almost three years.
        x: { time, range: (u, low, high) => shownX(low, u.data[0].length < 2 || high === low ? low + 1 : high) },
        y: y ? { range: (_, low, high) => [y[0] ?? low, y[1] ?? (high > (y[0] ?? low) ? high + (high - (y[0] ?? low)) * 0.08 : (y[0] ?? low) + 1)] } : {},
      },
      axes: [
        { ...axis, label: xLabel, labelFont: ink.font, labelSize: 18, size: xLabel ? 30 : 34, gap: 3, values: time ? (_, splits, _axis, _space, step) => ink.ticks(splits, step) : numbers, space: time ? 70 : 50 },
        { ...axis, size: 54, gap: 4, values: numbers },
        ...(series.some(s => s.right) ? [{ ...axis, scale: 'right', side: 1, size: 50, gap: 4, grid: { show: false }, values: numbers } as uPlot.Axis] : []),
      ],
      bands: bands?.map(([a, b]) => ({ series: [a, b] as [number, number], fill: `${colorOf(series[a - 1]!, a - 1)}33` })),
      series: [
        {},
        ...series.map((s, i): uPlot.Series => ({
          scale: s.right ? 'right' : 'y',
          stroke: s.points || s.width === 0 ? undefined : colorOf(s, i),
          width: s.width ?? 1.5,
          dash: s.dash ? [5, 4] : undefined,
          paths: s.points ? () => null : s.stepped ? uPlot.paths.stepped!({ align: 1 }) : undefined,
          points: s.points ? { show: true, size: 5, fill: colorOf(s, i), stroke: colorOf(s, i) } : s.quiet ? { show: false } : { size: 4 },
          spanGaps: false,
        })),
      ],
      hooks: {
        setCursor: [u => setAt(u.cursor.idx ?? null)],
        drawAxes: [u => paint(u)],
      },
    }, latest(), root.current);
    plot.current = created;
    const end = made(created);
    const endSelection = onSelect ? selectRange(created, select) : undefined;
    return () => {
      end?.();
      endSelection?.();
      created.destroy();
      plot.current = null;
    };
    // The shape holds what else is used.
  }, [shape, ink, isWide]);

  const bounds = JSON.stringify(x);
  useEffect(() => plot.current?.setData(data), [data, bounds]);
  useEffect(() => plot.current?.redraw(false), [draw]);
  useEffect(() => {
    if (width > 0)
      plot.current?.setSize({ width, height });
  }, [width, height]);

  const moment = at === null ? undefined : data[0][at];
  return (
    <div ref={ref}>
      <div ref={root} role="img" aria-label={label} className="mlops-chart" />
      {legend && (
        <div className="mlops-legend mlops-number" aria-hidden="true">
          {series.map((s, i) => !s.quiet && (
            <span key={i}>
              <svg className="mlops-key" width="10" height="3"><rect width="10" height="3" fill={ink.palette[(s.color ?? i) % ink.palette.length]} /></svg>
              {s.label}{moment === undefined ? (s.unit ? ` (${s.unit})` : '') : `: ${quantity((data[i + 1] as (number | null | undefined)[])[at!] ?? null, s.unit)}`}
            </span>
          ))}
          {moment !== undefined && <span className="mlops-dimmed">{time ? ink.moment(moment) : `${xLabel ?? 'x'} ${measure(moment)}`}</span>}
        </div>
      )}
    </div>
  );
}
