import { Anchor, Group, List, Stack, Switch, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { TriggerDetails } from '../../../api/contracts';
import { useChange } from '../../../api/queries';
import { useMay } from '../../../session/session';
import { useConfirm } from '../../../show/confirm';
import { Facts } from '../../../show/Facts';
import { GuardedButton } from '../../../show/GuardedButton';
import { notifyDone, notifyProblem } from '../../../show/notify';
import { Panel } from '../../../show/Panel';
import { StateBadge } from '../../../show/StateBadge';
import { TimeText } from '../../../show/TimeText';
import { withLocalTimes, words } from '../../../show/words';
import { releaseText } from './trigger';

/** One trigger: when it fires, how its conditions stand, what becomes of the model. */
export function TriggerCard({ trigger, onEdit }: { trigger: TriggerDetails; onEdit: () => void }) {
  const may = useMay();
  const confirm = useConfirm();
  const outdated = ['listTriggers', 'listRetrainings'] as const;
  const enable = useChange('enableTrigger', outdated);
  const run = useChange('runTrigger', outdated);
  const remove = useChange('deleteTrigger', outdated);
  const { request } = trigger;

  async function tryTo(deed: () => Promise<unknown>, done: string) {
    try {
      await deed();
      notifyDone(done);
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function ask() {
    if (await confirm({ title: `Delete the trigger '${request.name}'?`, text: 'A retraining that is under way is cancelled. Models that it has made stay.', action: 'Delete trigger', isDangerous: true }))
      await tryTo(() => remove.mutateAsync({ path: { id: trigger.id } }), 'The trigger is deleted.');
  }

  return (
    <Panel
      title={request.name}
      actions={(
        <Switch
          size="sm"
          label={trigger.enabled ? 'on' : 'off'}
          aria-label={`Whether '${request.name}' may fire`}
          disabled={!may('enableTrigger') || enable.isPending}
          checked={trigger.enabled}
          onChange={e => void tryTo(() => enable.mutateAsync({ path: { id: trigger.id }, body: { enabled: !trigger.enabled } }), e.currentTarget.checked ? 'The trigger is on.' : 'The trigger is off.')}
        />
      )}
    >
      <Stack gap="sm">
        <Facts facts={[
          ['Trains', request.deployment ? <Anchor key="d" component={Link} href={`/deployments/${request.deployment}`} size="sm">the model of {request.deployment}</Anchor> : request.training ? `${request.training.workflow} on ${request.training.feed ?? 'several feeds'}` : null],
          ['Due', trigger.due ? <TimeText key="t" at={trigger.due} relative /> : null],
          ['Fired last', <TimeText key="f" at={trigger.fired} relative />],
          ['Rests until', trigger.coolsUntil ? <TimeText key="c" at={trigger.coolsUntil} /> : null],
          ['Then', releaseText(request.release)],
          ['Last time', trigger.last ? <StateBadge key="l" state={words(trigger.last.state)} tone={trigger.last.state === 'awaitingApproval' ? 'warn' : undefined} reason={trigger.last.reason} /> : null],
        ]} />
        {trigger.conditions.length > 0 && (
          <div>
            <Text size="xs" c="dimmed" mb={4}>Fires when one of these is met</Text>
            <List size="sm" spacing={2} listStyleType="none">
              {trigger.conditions.map((c, i) => <List.Item key={i}><StateBadge state={withLocalTimes(c.text)} tone={c.met ? 'warn' : 'idle'} /></List.Item>)}
            </List>
          </div>
        )}
        {trigger.problem && <Text size="sm" c="var(--mlops-bad)" className="mlops-wrap">{withLocalTimes(trigger.problem)}</Text>}
        <Group gap="xs">
          <GuardedButton operation="runTrigger" size="xs" loading={run.isPending} onClick={() => void tryTo(() => run.mutateAsync({ path: { id: trigger.id } }), 'The retraining has begun.')}>Train now</GuardedButton>
          <GuardedButton operation="changeTrigger" size="xs" variant="default" onClick={onEdit}>Change…</GuardedButton>
          <GuardedButton operation="deleteTrigger" size="xs" variant="default" onClick={() => void ask()}>Delete</GuardedButton>
        </Group>
      </Stack>
    </Panel>
  );
}

