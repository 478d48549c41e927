import { Anchor, Group, Stack } from '@mantine/core';
import { Link } from 'wouter';
import type { DeploymentStatus } from '../../api/contracts';
import { useChange } from '../../api/queries';
import { useConfirm } from '../../show/confirm';
import { Confusion } from '../../show/Confusion';
import { Figure } from '../../show/Figure';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone, notifyProblem } from '../../show/notify';
import { count, measure, percent } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';

const outdated = ['getDeployment', 'listDeployments', 'listLifecycle', 'listModels', 'getModel'] as const;

/** The model under trial beside production: how far they agree, and what becomes of it. */
export function CandidatePanel({ deployment }: { deployment: DeploymentStatus }) {
  const confirm = useConfirm();
  const promote = useChange('promoteCandidate', outdated);
  const end = useChange('endCandidate', outdated);
  const candidate = deployment.candidate!;
  const agreement = candidate.agreement;
  const path = { id: deployment.id };

  async function tryTo(deed: () => Promise<unknown>, done: string) {
    try {
      await deed();
      notifyDone(done);
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function ask() {
    if (await confirm({ title: `Promote ${candidate.model}?`, text: `It takes over from ${deployment.model} between two records. You can roll back.`, action: 'Promote' }))
      await tryTo(() => promote.mutateAsync({ path }), `${candidate.model} answers now.`);
  }

  return (
    <Panel
      title={`${candidate.kind === 'canary' ? `Canary on ${percent(candidate.share, 0)} of the records` : 'Shadow'} under trial`}
      actions={(
        <>
          <GuardedButton operation="promoteCandidate" size="xs" loading={promote.isPending} onClick={() => void ask()}>Promote</GuardedButton>
          <GuardedButton operation="endCandidate" size="xs" variant="default" loading={end.isPending} onClick={() => void tryTo(() => end.mutateAsync({ path }), 'The trial has ended.')}>End the trial</GuardedButton>
        </>
      )}
    >
      <Stack gap="md">
        <Group gap="xl" align="flex-start">
          <Figure name="Model" value={<Anchor component={Link} href={`/models/${candidate.model}`} fz="md" className="mlops-code">{candidate.model}</Anchor>} />
          <Figure name="Predictions" value={count(candidate.answered)} remark={<>since <TimeText at={candidate.since} relative /></>} />
          {agreement && (typeof agreement.rootMeanSquareError === 'number'
            ? <Figure name="Difference (RMSE)" value={measure(agreement.rootMeanSquareError)} remark="from production" />
            : <Figure name="Agreement with production" value={percent(agreement.accuracy, 2)} remark={`of ${count(agreement.count)} records`} />)}
        </Group>
        {candidate.reason && <div className="mlops-wrap">{candidate.reason}</div>}
        {agreement?.confusion && agreement.confusion.length > 0 && <Confusion cells={agreement.confusion} caption="Production's predictions as actual, the candidate's as predicted" />}
      </Stack>
    </Panel>
  );
}
