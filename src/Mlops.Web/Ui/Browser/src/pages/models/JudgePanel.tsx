import { Stack, Text } from '@mantine/core';
import type { BacktestStatus } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useMay } from '../../session/session';
import { Bars } from '../../show/Bars';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyProblem } from '../../show/notify';
import { measure, percent } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { RunProgress } from '../../show/RunProgress';
import { several } from '../../show/words';
import { Figures } from './Figures';
import { useBacktests } from './useBacktests';

/** How a model does on the records that its training held out: confusion, and which inputs matter. */
export function JudgePanel({ model }: { model: string }) {
  const details = useAnswer('getModel', { path: { id: model } }, { staleTime: 60_000 });
  const backtests = useBacktests();
  const start = useChange('startBacktest', ['listBacktests']);
  const heldOut = details.data?.data.heldOut ?? 0;
  const latest = backtests.data?.find(b => b.request.model === model && b.request.heldOut);

  async function judge() {
    try {
      await start.mutateAsync({ body: { model, heldOut: true, importance: true } });
    } catch (error) {
      notifyProblem(error);
    }
  }

  if (!details.data || !backtests.data)
    return null;
  return (
    <Panel
      title="Evaluation on held-out records"
      actions={heldOut > 0 && (latest === undefined || latest.state === 'failed' || latest.state === 'cancelled') && (
        <GuardedButton operation="startBacktest" size="xs" loading={start.isPending} onClick={() => void judge()}>Evaluate now</GuardedButton>
      )}
    >
      {heldOut === 0
        ? <Text size="sm" c="dimmed">This training held no records out. Hold some out next time (step Options), or run a backtest of the model on records that it has not seen.</Text>
        : latest === undefined
          ? <Text size="sm">{several(heldOut, 'record')} that the training did not see are held out. The evaluation compares the model's predictions with their labels, and shuffles each input once to see how much the predictions depend on it.</Text>
          : <Judgement backtest={latest} />}
    </Panel>
  );
}

function Judgement({ backtest }: { backtest: BacktestStatus }) {
  const may = useMay();
  const cancel = useChange('cancelBacktest', ['listBacktests']);
  if (backtest.state === 'queued' || backtest.state === 'running') {
    return (
      <RunProgress
        label="Progress of the evaluation"
        share={backtest.progress < 1 ? backtest.progress : null}
        text={backtest.progress < 1 ? 'Predicting the held-out records' : 'Feature importance: shuffling one input after the other'}
        onCancel={may('cancelBacktest') ? () => void cancel.mutateAsync({ path: { id: backtest.id } }).catch(notifyProblem) : undefined}
      />
    );
  }
  if (backtest.state === 'failed')
    return <ProblemAlert error={new Error(backtest.reason ?? 'The evaluation failed.')} />;
  const result = backtest.results[0];
  if (!result)
    return <Text size="sm" c="dimmed">It was cancelled.</Text>;
  const isNumeric = typeof result.figures.rootMeanSquareError === 'number';
  const importance = result.importance ?? [];
  return (
    <Stack gap="lg">
      <Figures figures={result.figures} caption="Held-out records" />
      {importance.length > 0 && (
        <div>
          <Text size="sm" fw={600}>Feature importance</Text>
          <Text size="xs" c="dimmed" mb={8}>{isNumeric ? 'How much the root mean square error rises' : 'How much accuracy is lost'} when the values of an input are shuffled among the records.</Text>
          <Bars label="Importance of each input" bars={importance.map(i => ({ name: i.name, value: i.loss, text: isNumeric ? measure(i.loss, 3) : percent(i.loss, 1) }))} />
        </div>
      )}
    </Stack>
  );
}

