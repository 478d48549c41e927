import { useElementSize } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useChartInk } from './chartInk';
import { measure } from './numbers';

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
  /** Which axis: the left one, or one of its own at the right. */
  right?: boolean;
}

export interface ChartProps {
  /** What the chart shows, for who does not see it. */
  label: string;
  /** First the x values (seconds since 1970 when `time`), then one array for each series. */
  data: uPlot.AlignedData;
  series: readonly ChartSeries[];
  time?: boolean;
  height?: number;
  xLabel?: string;
  /** Fixed bounds of the left axis; null leaves a bound to the data. */
  y?: readonly [number | null, number | null];
  /** Is told a range of x that was selected by dragging. */
  onSelect?: (from: number, to: number) => void;
  /** Draws more than lines into the plot, behind them. */
  draw?: (plot: uPlot) => void;
  /** Charts of the same name share their cursor. */
  sync?: string;
  legend?: boolean;
}

/** Lines over time or another number. */
export function Chart({ label, data, series, time = false, height = 220, xLabel, y, onSelect, draw, sync, legend = true }: ChartProps) {
  const { ref, width } = useElementSize();
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const ink = useChartInk();
  const select = useEffectEvent((from: number, to: number) => onSelect?.(from, to));
  const paint = useEffectEvent((u: uPlot) => draw?.(u));
  const shape = JSON.stringify({ series, time, height, xLabel, y, sync, legend, selects: onSelect !== undefined });
  const latest = useRef(data);
  latest.current = data;
  const isWide = width > 0;

  useEffect(() => {
    if (!isWide || !root.current)
      return undefined;
    const colorOf = (s: ChartSeries, i: number) => ink.palette[(s.color ?? i) % ink.palette.length]!;
    const hasRight = series.some(s => s.right);
    const axis: uPlot.Axis = { stroke: ink.text, font: ink.font, grid: { stroke: ink.grid, width: 1 }, ticks: { stroke: ink.grid, width: 1, size: 4 } };
    const created = new uPlot({
      width: root.current.clientWidth,
      height,
      cursor: { drag: { x: onSelect !== undefined, y: false, setScale: false }, sync: sync ? { key: sync } : undefined, points: { size: 6 } },
      legend: { show: legend, live: true },
      scales: { x: { time }, y: y ? { range: (_, low, high) => [y[0] ?? (low === high ? low - 1 : low), y[1] ?? (low === high ? high + 1 : high)] } : {} },
      axes: [
        { ...axis, label: xLabel, labelFont: ink.font, labelSize: 18, size: xLabel ? 30 : 34, gap: 3 },
        { ...axis, size: 54, gap: 4, values: (_, splits) => splits.map(v => (v === null ? '' : measure(v, 5))) },
        ...(hasRight ? [{ ...axis, scale: 'right', side: 1, size: 54, gap: 4, grid: { show: false }, values: (_: uPlot, splits: number[]) => splits.map(v => measure(v, 5)) } as uPlot.Axis] : []),
      ],
      series: [
        time ? { label: 'Time', value: (_, v) => (v === null ? '–' : ink.moment(v)) } : { label: xLabel ?? 'x', value: (_, v) => measure(v) },
        ...series.map((s, i): uPlot.Series => ({
          label: s.unit ? `${s.label} (${s.unit})` : s.label,
          scale: s.right ? 'right' : 'y',
          stroke: s.points ? undefined : colorOf(s, i),
          width: 1.5,
          dash: s.dash ? [5, 4] : undefined,
          paths: s.points ? () => null : s.stepped ? uPlot.paths.stepped!({ align: 1 }) : undefined,
          points: s.points ? { show: true, size: 5, fill: colorOf(s, i), stroke: colorOf(s, i) } : { show: undefined },
          value: (_, v) => (v === null || v === undefined ? '–' : measure(v)),
          spanGaps: false,
        })),
      ],
      hooks: {
        setSelect: [u => {
          if (u.select.width > 3)
            select(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
        drawAxes: [u => paint(u)],
      },
    }, latest.current, root.current);
    plot.current = created;
    return () => {
      created.destroy();
      plot.current = null;
    };
    // The shape holds what else is used.
  }, [shape, ink, isWide]);

  useEffect(() => plot.current?.setData(data), [data, draw]);
  useEffect(() => {
    if (width > 0)
      plot.current?.setSize({ width, height });
  }, [width, height]);

  return (
    <div ref={ref}>
      <div ref={root} role="img" aria-label={label} className="mlops-chart" />
    </div>
  );
}
