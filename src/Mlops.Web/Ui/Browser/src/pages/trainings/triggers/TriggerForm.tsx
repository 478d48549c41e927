import { Button, Drawer, Fieldset, Group, NumberInput, SegmentedControl, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TriggerDetails } from '../../../api/contracts';
import { useAnswer, useChange } from '../../../api/queries';
import { notifyDone } from '../../../show/notify';
import { ProblemAlert } from '../../../show/ProblemAlert';
import { bodyOf, draftOf, emptyTrigger, steps, type TriggerDraft } from './trigger';

const figures = [
  { value: 'accuracy', label: 'accuracy falls below' },
  { value: 'macroF1', label: 'macro F1 falls below' },
  { value: 'meanAbsoluteError', label: 'mean absolute error rises over' },
  { value: 'rootMeanSquareError', label: 'root mean square error rises over' },
];

/** Writes a trigger: when it fires and what becomes of the model. */
export function TriggerForm({ trigger, onClose }: { trigger: TriggerDetails | null; onClose: () => void }) {
  const [draft, setDraft] = useState<TriggerDraft>(() => (trigger ? draftOf(trigger) : emptyTrigger));
  const change = (part: Partial<TriggerDraft>) => setDraft(now => ({ ...now, ...part }));
  const deployments = useAnswer('listDeployments', {});
  const add = useChange('addTrigger', ['listTriggers']);
  const replace = useChange('changeTrigger', ['listTriggers']);
  const error = add.error ?? replace.error;
  const fires = draft.kind !== 'none' || draft.newLabels !== null || draft.psi !== null || draft.figure !== null;

  async function save() {
    try {
      await (trigger ? replace.mutateAsync({ path: { id: trigger.id }, body: bodyOf(draft, trigger.request) }) : add.mutateAsync({ body: bodyOf(draft) }));
      notifyDone(trigger ? 'The trigger is changed.' : 'The trigger is on.');
      onClose();
    } catch {
      // The alert below says why.
    }
  }

  return (
    <Drawer opened onClose={onClose} size="lg" title={trigger ? `Change '${trigger.request.name}'` : 'New trigger'}>
      <form onSubmit={e => { e.preventDefault(); void save(); }}>
        <Stack gap="md">
          <TextInput label="Name" required placeholder="paste height, nightly" value={draft.name} onChange={e => change({ name: e.currentTarget.value })} />
          {!trigger?.request.training && (
            <Select
              label="Deployment"
              description="Its production model is trained again, with the same settings, with newer data included."
              placeholder="Choose one"
              required
              data={(deployments.data ?? []).filter(d => d.state !== 'stopped').map(d => ({ value: d.id, label: `${d.id} (${d.workflow})` }))}
              value={draft.deployment}
              onChange={id => change({ deployment: id })}
            />
          )}
          <Fieldset legend="When to retrain">
            <Stack gap="md">
              <div>
                <Text size="sm" fw={600} id="trigger-schedule" mb={4}>By schedule</Text>
                <SegmentedControl aria-labelledby="trigger-schedule" value={draft.kind} onChange={kind => change({ kind: kind as TriggerDraft['kind'] })} data={[{ value: 'none', label: 'No' }, { value: 'cron', label: 'By calendar' }, { value: 'every', label: 'At intervals' }]} />
              </div>
              {draft.kind === 'cron' && (
                <Group grow align="flex-start" preventGrowOverflow={false}>
                  <TextInput label="Cron expression" description="minute hour day month weekday; 0 3 * * * is every night at three" value={draft.cron} onChange={e => change({ cron: e.currentTarget.value })} />
                  <TextInput label="Time zone" description="empty for UTC" value={draft.timeZone} onChange={e => change({ timeZone: e.currentTarget.value })} />
                </Group>
              )}
              {draft.kind === 'every' && <NumberInput label="Every" suffix=" h" min={0.01} maw={160} value={draft.everyHours} onChange={v => change({ everyHours: typeof v === 'number' ? v : 24 })} />}
              <Condition label="After so many new labels" isOn={draft.newLabels !== null} onChange={on => change({ newLabels: on ? 100 : null })}>
                <NumberInput aria-label="New labels" min={1} allowDecimal={false} w={140} value={draft.newLabels ?? 100} onChange={v => change({ newLabels: typeof v === 'number' ? v : 100 })} />
              </Condition>
              <Condition label="When inputs or predictions drift" isOn={draft.psi !== null} onChange={on => change({ psi: on ? 0.25 : null })}>
                <NumberInput label="PSI from" min={0.01} step={0.05} w={110} value={draft.psi ?? 0.25} onChange={v => change({ psi: typeof v === 'number' ? v : 0.25 })} />
                <NumberInput label="for" suffix=" min" min={0} w={110} value={draft.driftMinutes} onChange={v => change({ driftMinutes: typeof v === 'number' ? v : 0 })} />
              </Condition>
              <Condition label="When a metric crosses a limit" isOn={draft.figure !== null} onChange={on => change({ figure: on ? 'accuracy' : null })}>
                <Select aria-label="Figure" w={260} data={figures} allowDeselect={false} value={draft.figure} onChange={figure => change({ figure })} />
                <NumberInput aria-label="Limit" step={0.01} w={110} value={draft.limit} onChange={v => change({ limit: typeof v === 'number' ? v : 0.9 })} />
              </Condition>
            </Stack>
          </Fieldset>
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <NumberInput label="Train on the last" description="Empty for the same range as before" placeholder="all" suffix=" days" min={0.01} value={draft.windowDays ?? ''} onChange={v => change({ windowDays: typeof v === 'number' ? v : null })} />
            <NumberInput label="Pause between runs" description="It does not start by itself meanwhile" suffix=" h" min={0} value={draft.coolDownHours} onChange={v => change({ coolDownHours: typeof v === 'number' ? v : 1 })} />
          </Group>
          <Fieldset legend="The new model">
            <Stack gap="md">
              <NumberInput label="Compare with production on the newest" description="The training leaves these records out. Empty for no comparison." placeholder="no comparison" suffix=" h" min={0.01} value={draft.backtestHours ?? ''} onChange={v => change({ backtestHours: typeof v === 'number' ? v : null })} />
              <Switch label="Wait for somebody's approval" description="If off, only a model that is not worse goes on by itself." checked={draft.isApproved} onChange={e => change({ isApproved: e.currentTarget.checked })} />
              <Select label="Then" data={steps} allowDeselect={false} value={draft.step} onChange={step => change({ step: step ?? 'keep' })} />
              {draft.step === 'canary' && <NumberInput label="Share of the records" suffix=" %" min={1} max={100} maw={160} value={Math.round(draft.share * 100)} onChange={v => change({ share: typeof v === 'number' ? v / 100 : 0.1 })} />}
            </Stack>
          </Fieldset>
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={add.isPending || replace.isPending} disabled={!fires || draft.name.trim() === '' || (!draft.deployment && !trigger?.request.training)}>{trigger ? 'Save' : 'Add trigger'}</Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function Condition({ label, isOn, onChange, children }: { label: string; isOn: boolean; onChange: (on: boolean) => void; children: React.ReactNode }) {
  return (
    <div>
      <Switch label={label} checked={isOn} onChange={e => onChange(e.currentTarget.checked)} />
      {isOn && <Group mt="xs" ml={48} align="flex-end" gap="xs">{children}</Group>}
    </div>
  );
}
