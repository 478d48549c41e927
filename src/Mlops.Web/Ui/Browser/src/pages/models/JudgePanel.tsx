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
      title="Judged on what was held out"
      actions={heldOut > 0 && (latest === undefined || latest.state === 'failed' || latest.state === 'cancelled') && (
        <GuardedButton operation="startBacktest" size="xs" loading={start.isPending} onClick={() => void judge()}>Judge now</GuardedButton>
      )}
    >
      {heldOut === 0
        ? <Text size="sm" c="dimmed">Its training held nothing out. Hold out a part next time (step Options), or backtest the model on records that it has not seen.</Text>
        : latest === undefined
          ? <Text size="sm">{several(heldOut, 'record')} that the training did not see wait to be asked about. The answers are compared with their labels, and each input is shuffled once to see how much the answers depend on it.</Text>
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
        label="Progress of the judgement"
        share={backtest.progress < 1 ? backtest.progress : null}
        text={backtest.progress < 1 ? 'Asking the model about the records that were held out' : 'Shuffling one input after the other'}
        onCancel={may('cancelBacktest') ? () => void cancel.mutateAsync({ path: { id: backtest.id } }).catch(notifyProblem) : undefined}
      />
    );
  }
  if (backtest.state === 'failed')
    return <ProblemAlert error={new Error(backtest.reason ?? 'The judgement failed.')} />;
  const result = backtest.results[0];
  if (!result)
    return <Text size="sm" c="dimmed">It was cancelled.</Text>;
  const isNumeric = typeof result.figures.rootMeanSquareError === 'number';
  const importance = result.importance ?? [];
  return (
    <Stack gap="lg">
      <Figures figures={result.figures} caption="Records that were held out" />
      {importance.length > 0 && (
        <div>
          <Text size="sm" fw={600}>Which inputs matter</Text>
          <Text size="xs" c="dimmed" mb={8}>{isNumeric ? 'How much the root mean square error rises' : 'How much accuracy is lost'} when the values of an input are shuffled among the records.</Text>
          <Bars label="Importance of each input" bars={importance.map(i => ({ name: i.name, value: i.loss, text: isNumeric ? measure(i.loss, 3) : percent(i.loss, 1) }))} />
        </div>
      )}
    </Stack>
  );
}

