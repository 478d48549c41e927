import { Anchor, Button, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconBolt, IconRefresh } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import type { TrainingStatus } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useMay } from '../../session/session';
import { useConfirm } from '../../show/confirm';
import { Facts } from '../../show/Facts';
import { Figure } from '../../show/Figure';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { MetricFigures } from '../../show/MetricFigures';
import { notifyDone, notifyProblem } from '../../show/notify';
import { duration } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { RunFiguresList } from '../../show/RunFiguresList';
import { RunProgress } from '../../show/RunProgress';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { sentence } from '../../show/words';
import { JudgePanel } from '../models/JudgePanel';
import { MetricCharts } from './MetricCharts';
import { SelectionFacts } from './SelectionFacts';
import { TrainingLog } from './TrainingLog';
import { isUnderWay, useLiveTrainings } from './useTrainings';

/** One training: how far it is while it runs, and what came out of it. */
export function TrainingView({ id }: { id: string }) {
  useLiveTrainings();
  const query = useAnswer('getTraining', { path: { id } }, { every: 2000 });
  const training = query.data;
  return (
    <Page
      title={training ? `${training.workflow} ${training.version}` : id}
      above={[{ name: 'Trainings', path: '/trainings' }]}
      text={<>Training <span className="mlops-code">{id}</span></>}
      actions={training && <Actions training={training} />}
    >
      <Loaded query={query} lines={8}>{t => <Content training={t} />}</Loaded>
    </Page>
  );
}

function Actions({ training }: { training: TrainingStatus }) {
  const [, navigate] = useLocation();
  return (
    <>
      <GuardedButton operation="startTraining" variant="default" leftSection={<IconRefresh size={16} />} onClick={() => navigate(`/trainings/new?like=${training.id}`)}>Train again…</GuardedButton>
      {training.model && <GuardedButton operation="startDeployment" leftSection={<IconBolt size={16} />} onClick={() => navigate(`/deployments/new?model=${training.model}`)}>Deploy the model</GuardedButton>}
    </>
  );
}

function Content({ training }: { training: TrainingStatus }) {
  const goesOn = isUnderWay(training.state);
  return (
    <Stack gap="md">
      <Panel title={<StateBadge state={training.state} tone={training.state === 'running' ? 'busy' : undefined} />}>
        <Standing training={training} />
      </Panel>
      {training.state === 'failed' && <Failure reason={training.reason} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md">
          <Panel title="Metrics">
            <Stack gap="md">
              <MetricFigures metrics={training.metrics} />
              <MetricCharts id={training.id} goesOn={goesOn} />
            </Stack>
          </Panel>
          {training.model && <JudgePanel model={training.model} />}
          <TrainingLog id={training.id} goesOn={goesOn} />
        </Stack>
        <Stack gap="md">
          <Panel title="Training data"><TrainingData training={training} /></Panel>
          <Parameters params={training.request.params} />
          {training.measurements && <Panel title="Resources used"><RunFiguresList figures={training.measurements} /></Panel>}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Standing({ training }: { training: TrainingStatus }) {
  const may = useMay();
  const confirm = useConfirm();
  const cancel = useChange('cancelTraining', ['getTraining', 'listTrainings']);

  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(training.started ?? training.created)) / 1000));

  async function ask() {
    if (!await confirm({ title: 'Cancel this training?', text: 'What it has learned so far is lost.', action: 'Cancel training', isDangerous: true }))
      return;
    try {
      await cancel.mutateAsync({ path: { id: training.id } });
      notifyDone('The training is cancelled.');
    } catch (error) {
      notifyProblem(error);
    }
  }

  if (isUnderWay(training.state)) {
    return (
      <RunProgress
        label="Progress of the training"
        share={training.progress > 0 ? training.progress : null}
        text={training.state === 'queued' ? 'Waits until the trainings before it have ended.' : [sentence(training.progressText ?? 'running'), duration(seconds)].join(' · ')}
        onCancel={may('cancelTraining') ? () => void ask() : undefined}
      />
    );
  }
  return (
    <Group gap="xl" align="flex-start">
      {training.model && <Figure name="Model" value={<Anchor component={Link} href={`/models/${training.model}`} fz="md" className="mlops-code">{training.model}</Anchor>} />}
      <Figure name="Duration" value={duration(training.measurements?.seconds)} />
      <Figure name="Started" value={<Text span fz="md"><TimeText at={training.started ?? training.created} /></Text>} />
      <Figure name="Started by" value={<Text span fz="md">{training.author ?? '–'}</Text>} />
    </Group>
  );
}

function Failure({ reason }: { reason?: string | null }) {
  const [first = 'No reason was given.', ...rest] = (reason ?? '').split('\n');
  return (
    <Panel title="Why it failed">
      <Stack gap="xs">
        <Text size="sm" fw={500} className="mlops-wrap">{first}</Text>
        {rest.length > 0 && <Code block tabIndex={0} className="mlops-wrap">{rest.join('\n')}</Code>}
        <Group><Button component={Link} href="/workflows" variant="default" size="xs">Upload a corrected version</Button></Group>
      </Stack>
    </Panel>
  );
}

function TrainingData({ training }: { training: TrainingStatus }) {
  const model = useAnswer('getModel', { path: { id: training.model ?? '' } }, { enabled: Boolean(training.model), staleTime: 60_000 });
  return <SelectionFacts request={training.request} data={model.data?.data} />;
}

function Parameters({ params }: { params?: Record<string, unknown> | null }) {
  const given = Object.entries(params ?? {});
  return given.length === 0 ? null : (
    <Panel title="Parameters">
      <Facts facts={given.map(([name, value]) => [name, <span key={name} className="mlops-number">{JSON.stringify(value)}</span>] as const)} />
    </Panel>
  );
}
