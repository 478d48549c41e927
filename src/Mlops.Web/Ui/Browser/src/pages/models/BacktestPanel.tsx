import { Button, Divider, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BacktestStatus } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useMay } from '../../session/session';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyProblem } from '../../show/notify';
import { count, duration, percent } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { RunProgress } from '../../show/RunProgress';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { instant } from '../trainings/wizard/draft';
import { Figures } from './Figures';
import { useBacktests } from './useBacktests';

/** How a model would have answered stored records, alone or beside another one. */
export function BacktestPanel({ model, deployment }: { model: string; deployment?: string }) {
  const [isOpen, setOpen] = useState(false);
  const backtests = useBacktests();
  const mine = (backtests.data ?? []).filter(b => !b.request.heldOut && (deployment ? b.request.deployment === deployment : b.request.model === model)).slice(0, 5);
  return (
    <Panel title="Backtests" actions={<GuardedButton operation="startBacktest" size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? 'Close' : 'New backtest…'}</GuardedButton>}>
      <Stack gap="md">
        {isOpen && <Form model={model} deployment={deployment} onDone={() => setOpen(false)} />}
        {mine.length === 0 && !isOpen && <Text size="sm" c="dimmed">None yet. A backtest asks the model about stored records and compares the answers with labels, and with another model if you like.</Text>}
        {mine.map((b, i) => <div key={b.id}>{i > 0 && <Divider mb="md" />}<Result backtest={b} /></div>)}
      </Stack>
    </Panel>
  );
}

function Form({ model, deployment, onDone }: { model: string; deployment?: string; onDone: () => void }) {
  const details = useAnswer('getModel', { path: { id: model } }, { staleTime: 60_000 });
  const models = useAnswer('listModels', {}, { staleTime: 10_000 });
  const feeds = useAnswer('listFeeds', {}, { staleTime: 10_000 });
  const start = useChange('startBacktest', ['listBacktests']);
  const [tried, setTried] = useState<string | null>(deployment ? null : model);
  const [against, setAgainst] = useState<string | null>(null);
  const [feed, setFeed] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [filter, setFilter] = useState('');
  const [limit, setLimit] = useState<number | null>(2000);
  const others = (models.data ?? []).filter(m => m.workflow === details.data?.workflow && m.id !== model && m.stage !== 'archived').map(m => ({ value: m.id, label: `${m.id} (${m.version})` }));

  async function begin() {
    try {
      await start.mutateAsync({
        body: {
          model: tried ?? model,
          against,
          deployment: deployment ?? null,
          feed: deployment ? null : feed ?? details.data?.data.feed ?? null,
          inputs: !deployment && (feed === null || feed === details.data?.data.feed) ? details.data?.request?.inputs ?? null : null,
          from: instant(from),
          to: instant(to),
          filter: filter.trim() || null,
          limit,
        },
      });
      onDone();
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Stack gap="sm">
      {deployment
        ? <Select label="Model" description="It is compared with the one that answers now" placeholder="Choose one" data={others} value={tried} onChange={setTried} />
        : (
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <Select label="Feed" searchable data={(feeds.data ?? []).map(f => f.id)} value={feed ?? details.data?.data.feed ?? null} onChange={setFeed} />
            <Select label="Compare with" placeholder="nothing but labels" clearable data={others} value={against} onChange={setAgainst} />
          </Group>
        )}
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput type="datetime-local" step={1} label="From" value={from} onChange={e => setFrom(e.currentTarget.value)} />
        <TextInput type="datetime-local" step={1} label="To" value={to} onChange={e => setTo(e.currentTarget.value)} />
      </Group>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput label="Filter" placeholder="an SQL expression over the fields" value={filter} onChange={e => setFilter(e.currentTarget.value)} />
        <NumberInput label="Newest records only" placeholder="all" min={1} allowDecimal={false} thousandSeparator="," value={limit ?? ''} onChange={v => setLimit(typeof v === 'number' ? v : null)} />
      </Group>
      <Group justify="flex-end"><Button size="xs" loading={start.isPending} disabled={deployment !== undefined && tried === null} onClick={() => void begin()}>Start backtest</Button></Group>
    </Stack>
  );
}

function Result({ backtest }: { backtest: BacktestStatus }) {
  const may = useMay();
  const cancel = useChange('cancelBacktest', ['listBacktests']);
  const goesOn = backtest.state === 'queued' || backtest.state === 'running';
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Text size="sm" component="div"><StateBadge state={backtest.state} tone={backtest.state === 'running' ? 'busy' : undefined} reason={backtest.reason} /></Text>
        <Text size="xs" c="dimmed"><TimeText at={backtest.created} relative /> · {count(backtest.records)} records, {count(backtest.labelled)} labelled</Text>
      </Group>
      {goesOn && (
        <RunProgress
          label="Progress of the backtest"
          share={backtest.progress}
          onCancel={may('cancelBacktest') ? () => void cancel.mutateAsync({ path: { id: backtest.id } }).catch(notifyProblem) : undefined}
        />
      )}
      {backtest.reason && <Text size="sm" className="mlops-wrap">{backtest.reason}</Text>}
      {backtest.results.map(r => (
        <div key={r.model}>
          <Text size="sm" fw={500} className="mlops-code">{r.model}</Text>
          <Text size="xs" c="dimmed" mb={4}>{count(r.answered)} answered, {count(r.failed)} failed, computed for {duration(r.computeMs / 1000)}</Text>
          {r.figures.count > 0 && <Figures figures={r.figures} caption={`Answers of ${r.model}`} />}
        </div>
      ))}
      {backtest.withoutLabels && <Text size="sm" c="dimmed" className="mlops-wrap">{backtest.withoutLabels}</Text>}
      {backtest.agreement && <Text size="sm">They agree on {percent(backtest.agreement.accuracy, 2)} of {count(backtest.agreement.count)} records.</Text>}
    </Stack>
  );
}
