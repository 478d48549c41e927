import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { RetrainingDetails, TriggerDetails } from '../../../api/contracts';
import { useAnswer, useChange } from '../../../api/queries';
import { useConfirm } from '../../../show/confirm';
import { EmptyState } from '../../../show/EmptyState';
import { GuardedButton } from '../../../show/GuardedButton';
import { Loaded } from '../../../show/Loaded';
import { notifyDone, notifyProblem } from '../../../show/notify';
import { Panel } from '../../../show/Panel';
import { StateBadge } from '../../../show/StateBadge';
import { TimeText } from '../../../show/TimeText';
import { words } from '../../../show/words';

/** What triggers have made, newest first, with what waits for a decision. */
export function RetrainingList({ triggers }: { triggers: readonly TriggerDetails[] }) {
  const query = useAnswer('listRetrainings', { query: { limit: 100 } }, { every: 5000 });
  return (
    <Panel title="Retrainings" flush>
      <Loaded query={query}>
        {all => all.length === 0 ? <EmptyState title="No retraining yet">Each time a trigger fires, its run stands here with its verdict, and waits for your approval where it should.</EmptyState> : (
          <Table.ScrollContainer minWidth={760}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>Fired</Table.Th><Table.Th>Trigger</Table.Th><Table.Th>State</Table.Th><Table.Th>Model</Table.Th><Table.Th>Compared with production</Table.Th><Table.Th>Decision</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>{all.map(r => <Row key={r.id} retraining={r} name={triggers.find(t => t.id === r.trigger)?.request.name ?? r.trigger} />)}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Panel>
  );
}

function Row({ retraining, name }: { retraining: RetrainingDetails; name: string }) {
  return (
    <Table.Tr>
      <Table.Td className="mlops-nowrap"><TimeText at={retraining.fired} relative /></Table.Td>
      <Table.Td className="mlops-wrap">{name}<Text size="xs" c="dimmed">{retraining.reasons.join('; ')}</Text></Table.Td>
      <Table.Td>
        <StateBadge state={words(retraining.state)} tone={retraining.state === 'awaitingApproval' ? 'warn' : retraining.ended ? undefined : 'busy'} reason={retraining.reason} />
        {retraining.training && <Text size="xs"><Anchor component={Link} href={`/trainings/${retraining.training}`} inherit>training</Anchor></Text>}
      </Table.Td>
      <Table.Td>{retraining.model ? <Anchor component={Link} href={`/models/${retraining.model}`} size="sm" className="mlops-code">{retraining.model}</Anchor> : '–'}</Table.Td>
      <Table.Td className="mlops-wrap">{retraining.verdict ? <StateBadge state={retraining.verdict} tone={retraining.passed === true ? 'good' : retraining.passed === false ? 'bad' : 'idle'} /> : '–'}</Table.Td>
      <Table.Td><Decision retraining={retraining} /></Table.Td>
    </Table.Tr>
  );
}

function Decision({ retraining }: { retraining: RetrainingDetails }) {
  const confirm = useConfirm();
  const outdated = ['listRetrainings', 'listTriggers', 'listDeployments', 'getDeployment'] as const;
  const approve = useChange('approveRetraining', outdated);
  const reject = useChange('rejectRetraining', outdated);
  const cancel = useChange('cancelRetraining', outdated);
  const path = { id: retraining.id };

  async function tryTo(deed: () => Promise<unknown>, done: string) {
    try {
      await deed();
      notifyDone(done);
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function ask() {
    if (await confirm({ title: 'Cancel this retraining?', text: 'Its training or backtest stops.', action: 'Cancel retraining', isDangerous: true }))
      await tryTo(() => cancel.mutateAsync({ path }), 'The retraining is cancelled.');
  }

  if (retraining.state === 'awaitingApproval') {
    return (
      <Group gap={6} wrap="nowrap">
        <GuardedButton operation="approveRetraining" size="compact-sm" loading={approve.isPending} onClick={() => void tryTo(() => approve.mutateAsync({ path }), 'The model goes on.')}>Approve</GuardedButton>
        <GuardedButton operation="rejectRetraining" size="compact-sm" variant="default" loading={reject.isPending} onClick={() => void tryTo(() => reject.mutateAsync({ path }), 'The model was turned down.')}>Reject</GuardedButton>
      </Group>
    );
  }
  if (!retraining.ended)
    return <GuardedButton operation="cancelRetraining" size="compact-sm" variant="default" onClick={() => void ask()}>Cancel</GuardedButton>;
  return <Text size="sm">{retraining.decidedBy ?? '–'}</Text>;
}
