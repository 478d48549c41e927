import { useCallback, useEffect, useMemo, useRef } from 'react';
import type uPlot from 'uplot';
import { Chart, type ChartSeries } from '../../show/Chart';
import { useChartInk } from '../../show/chartInk';
import { handle, type Hand } from './hand';
import type { Plotted } from './points';
import type { Range } from './range';

export interface LabelBand {
  from: number;
  to: number;
  text: string;
}

export interface SeriesChartProps {
  group: Plotted;
  range: Range;
  hand: Hand;
  bands: readonly LabelBand[];
  sync: string;
  colorFrom: number;
  height: number;
  onRange: (range: Range) => void;
  onLabel: (range: Range) => void;
  onAll: () => void;
}

/** Fields of one unit over time. Dragging zooms, moves or labels; the wheel with Ctrl zooms, with Shift it moves. */
export function SeriesChart({ group, range, hand, bands, sync, colorFrom, height, onRange, onLabel, onAll }: SeriesChartProps) {
  const ink = useChartInk();
  const series = useMemo(() => group.fields.flatMap((field, i): ChartSeries[] => {
    const color = colorFrom + i;
    return [
      { label: field, unit: group.unit, color },
      { label: `${field}, smallest`, color, quiet: true, width: 0 },
      { label: `${field}, largest`, color, quiet: true, width: 0 },
    ];
  }), [group, colorFrom]);
  const between = useMemo(() => (group.hasBands ? group.fields.map((_, i) => [i * 3 + 3, i * 3 + 2] as const) : undefined), [group]);
  const draw = useCallback((u: uPlot) => {
    const { ctx } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.font = ink.font.replace('11px', `${11 * devicePixelRatio}px`);
    for (const band of bands) {
      const [left, right] = [u.valToPos(band.from, 'x', true), u.valToPos(band.to, 'x', true)];
      if (right < u.bbox.left || left > u.bbox.left + u.bbox.width)
        continue;
      ctx.fillStyle = `${ink.palette[hue(band.text, ink.palette.length)]!}22`;
      ctx.fillRect(left, u.bbox.top, Math.max(2, right - left), u.bbox.height);
      ctx.fillStyle = ink.text;
      if (right - left > 24)
        ctx.fillText(band.text, Math.max(left, u.bbox.left) + 5 * devicePixelRatio, u.bbox.top + 14 * devicePixelRatio);
    }
    ctx.restore();
  }, [bands, ink]);

  // The plot outlives what it was made with.
  const latest = useRef({ hand, onRange, onAll });
  useEffect(() => {
    latest.current = { hand, onRange, onAll };
  });

  return (
    <div data-hand={hand} className="mlops-series">
      <Chart label={`${group.fields.join(', ')}${group.unit ? ` in ${group.unit}` : ''} over time`} data={group.data as uPlot.AlignedData} series={series} bands={between} time height={height} x={[range.from, range.to]} sync={sync} draw={draw}
        onPlot={u => handle(u, () => latest.current)}
        onSelect={hand === 'pan' ? undefined : (from, to) => (hand === 'label' ? onLabel({ from, to }) : onRange({ from, to }))} />
    </div>
  );
}

function hue(text: string, count: number): number {
  let sum = 0;
  for (const char of text)
    sum = (sum * 31 + char.codePointAt(0)!) % 9973;
  return sum % count;
}
