import { Autocomplete, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/call';
import type { LabelBody, StoredRecord } from '../../api/contracts';
import { useAnswer, useRefresh } from '../../api/queries';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone } from '../../show/notify';
import { count, duration } from '../../show/numbers';
import { ProblemAlert } from '../../show/ProblemAlert';
import { exactTime } from '../../show/times';
import { instant, type Range } from './range';

/** What gets a label: a stretch of time, or some records. */
export type Labelled = { range: Range } | { records: readonly StoredRecord[] };

export function LabelDrawer({ feed, what, onClose }: { feed: string; what: Labelled | null; onClose: (done: boolean) => void }) {
  return (
    <Drawer opened={what !== null} onClose={() => onClose(false)} size="md" title={<Text fw={600}>Label</Text>}>
      {what && <LabelForm feed={feed} what={what} onClose={onClose} />}
    </Drawer>
  );
}

function LabelForm({ feed, what, onClose }: { feed: string; what: Labelled; onClose: (done: boolean) => void }) {
  const known = useAnswer('listLabels', { path: { feed }, query: { limit: 1000 } });
  const sets = [...new Set((known.data ?? []).map(l => l.set))];
  const [set, setSet] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const refresh = useRefresh();
  const chosenSet = set ?? sets[0] ?? 'label';
  const values = [...new Set((known.data ?? []).filter(l => l.set === chosenSet).map(l => l.value))];

  async function save(e: FormEvent) {
    e.preventDefault();
    setBusy(true);
    setError(null);
    const labels: LabelBody[] = 'range' in what
      ? [{ set: chosenSet, value, from: instant(what.range.from), to: instant(what.range.to, true) }]
      : what.records.map(r => ({ set: chosenSet, value, source: { row: r.source.row } }));
    try {
      await call('postLabels', { path: { feed }, body: { labels } });
      await refresh('listLabels');
      notifyDone('range' in what ? 'The stretch has its label.' : `${count(labels.length)} ${labels.length === 1 ? 'record has its label' : 'records have their label'}.`);
      onClose(true);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={e => void save(e)}>
      <Stack gap="md">
        <Text size="sm" component="div">
          {'range' in what
            ? <>From {exactTime(what.range.from * 1000)}<br />to {exactTime(what.range.to * 1000)} ({duration(what.range.to - what.range.from)})</>
            : what.records.length === 1 ? <>The record of {exactTime(what.records[0]!.source.ts)}</> : <>{count(what.records.length)} records</>}
        </Text>
        <Autocomplete label="Label set" description="Under which name a training finds these labels" data={sets} value={chosenSet} required onChange={setSet} />
        <Autocomplete label="Value" description="The truth, for example good" data={values} value={value} required data-autofocus onChange={setValue} />
        {error !== null && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onClose(false)}>Cancel</Button>
          <GuardedButton operation="postLabels" type="submit" loading={isBusy}>Save label</GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}
