import { ActionIcon, Group, MultiSelect, SegmentedControl, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowLeft, IconArrowRight, IconArrowsMaximize, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { FeedSummary } from '../../api/contracts';
import { useAnswer, useRefresh } from '../../api/queries';
import { useLive } from '../../api/useLive';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { duration } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { exactTime, milliseconds } from '../../show/times';
import { useMay, whoMay } from '../../session/session';
import type { Hand } from './hand';
import { LabelDrawer, type Labelled } from './LabelDrawer';
import { byMagnitude, drawable, groupsOf, plotted } from './points';
import { instant, moved, rangeOf, readRange, widened, zoomed, type Range } from './range';
import { SeriesChart } from './SeriesChart';

const first = 4;
const most = 12;
const points = 1200;
const spans = [
  { value: '60', label: '1 min' }, { value: '600', label: '10 min' }, { value: '3600', label: '1 h' }, { value: '86400', label: '1 d' }, { value: '604800', label: '7 d' }, { value: 'all', label: 'All' },
];

/** Lines of a feed's fields: however many records, the node makes few points of them. */
export function ChartTab({ feed }: { feed: FeedSummary }) {
  const numeric = useMemo(() => drawable(feed.fields), [feed.fields]);
  const bounds = useMemo(() => rangeOf(feed.first, feed.last), [feed.first, feed.last]);
  if (!bounds)
    return <Panel><EmptyState title="No record yet">Lines are drawn here as soon as the feed has records.</EmptyState></Panel>;
  if (numeric.length === 0)
    return <Panel><EmptyState title="Nothing to draw">None of its fields holds numbers. Look at the table.</EmptyState></Panel>;
  return <Lines feed={feed} bounds={bounds} names={numeric.map(f => f.name)} />;
}

function Lines({ feed, bounds, names }: { feed: FeedSummary; bounds: Range; names: readonly string[] }) {
  const [search, setSearch] = useSearchParams();
  const [hand, setHand] = useState<Hand>('zoom');
  const [isLive, setLive] = useState(false);
  const [labelled, setLabelled] = useState<Labelled | null>(null);
  const may = useMay()('postLabels');
  const refresh = useRefresh();
  const [fixed, setFixed] = useState<Range | null>(() => readRange(search));
  const length = Math.min(bounds.to - bounds.from, 600);
  const [liveSpan, setLiveSpan] = useState(length);
  const range = isLive ? { from: bounds.to - liveSpan, to: bounds.to } : fixed ?? bounds;
  const chosen = (search.get('fields')?.split(',').filter(f => names.includes(f)) ?? []).slice(0, most);
  const fields = chosen.length > 0 ? chosen : names.slice(0, first);

  function choose(next: readonly string[]) {
    setSearch(before => new URLSearchParams([...[...before].filter(([name]) => name !== 'fields'), ['fields', next.join(',')]]), { replace: true });
  }

  function look(next: Range | null) {
    setLive(false);
    setFixed(next);
  }

  // The address follows when the hand rests: browsers take only so many changes of it.
  const [resting] = useDebouncedValue(fixed, 400);
  useEffect(() => {
    setSearch(before => {
      const after = new URLSearchParams([...before].filter(([name]) => name !== 'from' && name !== 'to'));
      if (resting) {
        after.set('from', instant(resting.from));
        after.set('to', instant(resting.to, true));
      }
      return after;
    }, { replace: true });
  }, [resting]);

  // What is asked for is wider than what is shown and follows it a little later, so that a hand that moves the chart never waits.
  const wide = isLive || !fixed ? range : widened(range, bounds);
  const share = (wide.to - wide.from) / (range.to - range.from);
  const [asked] = useDebouncedValue(JSON.stringify({ ...wide, points: Math.min(4000, Math.ceil(points * share)), fields }), isLive ? 0 : 120);
  const wish = JSON.parse(asked) as Range & { points: number; fields: string[] };
  const chart = useAnswer('getChart', { path: { feed: feed.id }, query: { from: instant(wish.from), to: instant(wish.to, true), points: wish.points, fields: wish.fields.join(',') } }, { keep: true, staleTime: fixed ? 5000 : 0 });
  const labels = useAnswer('listLabels', { path: { feed: feed.id }, query: { limit: 1000 } }, { staleTime: 5000 });
  const groups = useMemo(() => (chart.data ? groupsOf(feed.fields, fields).flatMap(g => byMagnitude(chart.data, g.fields).map(names => plotted(chart.data, g.unit, names))) : []), [chart.data, feed.fields, fields.join(',')]);
  const bands = useMemo(() => (labels.data ?? []).filter(l => l.from && l.to).map(l => ({ from: milliseconds(l.from!) / 1000, to: milliseconds(l.to!) / 1000, text: l.value })), [labels.data]);

  // One look a second, however many records come.
  const [hasNews, setNews] = useState(false);
  useLive(isLive ? { feeds: [feed.id] } : null, () => setNews(true));
  useEffect(() => {
    if (!isLive || !hasNews)
      return undefined;
    const timer = setTimeout(() => {
      setNews(false);
      void refresh('getFeed');
    }, 700);
    return () => clearTimeout(timer);
  }, [isLive, hasNews]);

  return (
    <Panel>
      <Stack gap="sm">
        <Group gap="xs" justify="space-between" align="flex-end">
          <MultiSelect label="Fields" data={[...names]} value={fields} maxValues={most} searchable hidePickedOptions flex={1} miw={240} onChange={next => next.length > 0 && choose(next)} />
          <Group gap="xs">
            <SegmentedControl size="xs" aria-label="How much is shown" data={spans} value={spanOf(range, bounds, fixed !== null || isLive)} onChange={value => {
              if (value === 'all')
                look(null);
              else if (isLive)
                setLiveSpan(Number(value));
              else
                look({ from: (fixed ?? bounds).to - Number(value), to: (fixed ?? bounds).to });
            }} />
            <Switch label="Live" checked={isLive} onChange={e => {
              setLiveSpan(fixed ? Math.min(86_400, fixed.to - fixed.from) : length);
              setLive(e.currentTarget.checked);
            }} />
          </Group>
        </Group>
        <Group gap="xs" justify="space-between">
          <Tooltip label={may ? 'What dragging over the chart does' : `To label: ${whoMay('postLabels').toLowerCase()}`}>
            <SegmentedControl size="xs" aria-label="What dragging does" value={hand} onChange={value => setHand(value as Hand)}
              data={[{ value: 'zoom', label: 'Zoom' }, { value: 'pan', label: 'Move' }, { value: 'label', label: 'Label', disabled: !may }]} />
          </Tooltip>
          <Group gap={4}>
            <Step label="Earlier" icon={IconArrowLeft} onClick={() => look(moved(range, -0.5))} />
            <Step label="Later" icon={IconArrowRight} onClick={() => look(moved(range, 0.5))} />
            <Step label="Zoom in" icon={IconZoomIn} onClick={() => look(zoomed(range, 0.5))} />
            <Step label="Zoom out" icon={IconZoomOut} onClick={() => look(zoomed(range, 2))} />
            <Step label="Show all" icon={IconArrowsMaximize} onClick={() => look(null)} />
          </Group>
        </Group>
        <Loaded query={chart} lines={10}>
          {answer => groups.every(g => g.data[0].length === 0) ? <EmptyState title="No record in this time">Zoom out, or show all.</EmptyState> : (
            <Stack gap="lg">
              {groups.map((group, i) => (
                <SeriesChart key={`${group.unit} ${group.fields.join(' ')}`} group={group} range={range} hand={hand} bands={bands} sync={feed.id} colorFrom={groups.slice(0, i).reduce((n, g) => n + g.fields.length, 0)}
                  height={groups.length === 1 ? 400 : groups.length === 2 ? 260 : 200}
                  onRange={look} onLabel={selected => setLabelled({ range: selected })} onAll={() => look(null)} />
              ))}
              <Text size="xs" c="dimmed" className="mlops-number">
                {exactTime(range.from * 1000)} to {exactTime(range.to * 1000)} ({duration(range.to - range.from)}), a point each {duration(answer.widthNanoseconds / 1e9)}: the mean, within the band from smallest to largest.
              </Text>
            </Stack>
          )}
        </Loaded>
      </Stack>
      <LabelDrawer feed={feed.id} what={labelled} onClose={() => setLabelled(null)} />
    </Panel>
  );
}

function spanOf(range: Range, bounds: Range, isFixed: boolean): string {
  if (!isFixed)
    return 'all';
  const length = range.to - range.from;
  return spans.find(s => s.value !== 'all' && Math.abs(Number(s.value) - length) < length * 0.001)?.value ?? (length >= bounds.to - bounds.from ? 'all' : '');
}

function Step({ label, icon: Icon, onClick }: { label: string; icon: typeof IconZoomIn; onClick: () => void }) {
  return <Tooltip label={label}><ActionIcon variant="default" size="md" aria-label={label} onClick={onClick}><Icon size={16} /></ActionIcon></Tooltip>;
}
