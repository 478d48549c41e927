import { Button, Group, Stack, Stepper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useLocation, useSearchParams } from 'wouter';
import type { FeedSummary, TrainingStatus, WorkflowDetails } from '../../../api/contracts';
import { useAnswer, useChange } from '../../../api/queries';
import { GuardedButton } from '../../../show/GuardedButton';
import { Loaded } from '../../../show/Loaded';
import { notifyProblem } from '../../../show/notify';
import { Page } from '../../../show/Page';
import { Panel } from '../../../show/Panel';
import { DataStep } from './DataStep';
import { draftOf, emptyDraft, fitting, learnable, toStart, unbound, type Draft } from './draft';
import { OptionsStep } from './OptionsStep';
import { PreviewStep } from './PreviewStep';
import { useDraft } from './useDraft';
import { WorkflowStep } from './WorkflowStep';

const steps = ['Workflow', 'Data', 'Options', 'Review and start'];

export interface StepProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  workflow: WorkflowDetails | undefined;
  feed: FeedSummary | undefined;
  missing: readonly string[];
}

/** Puts a training together: which workflow, which data, how, and a look at it before it starts. */
export function TrainingWizard() {
  const [search] = useSearchParams();
  const like = search.get('like');
  const query = useAnswer('getTraining', { path: { id: like ?? '' } }, { enabled: like !== null, staleTime: Infinity });
  const given = { workflow: search.get('workflow'), version: search.get('version'), feed: search.get('feed') };
  return (
    <Page title="New training" above={[{ name: 'Trainings', path: '/trainings' }]} text="Trains a workflow on data that you choose; the result is a model.">
      {like === null ? <Steps begin={{ ...emptyDraft, ...given }} /> : <Loaded query={query}>{(t: TrainingStatus) => <Steps begin={draftOf(t)} />}</Loaded>}
    </Page>
  );
}

function Steps({ begin }: { begin: Draft }) {
  const { draft: kept, change, step: wanted, setStep } = useDraft(begin);
  const [, navigate] = useLocation();
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const feeds = useAnswer('listFeeds', {}, { staleTime: 10_000 });
  const details = useAnswer('getWorkflow', { path: { name: kept.workflow ?? '' }, query: { version: kept.version ?? undefined } }, { enabled: Boolean(kept.workflow), keep: true });
  const start = useChange('startTraining', ['listTrainings']);
  const workflow = kept.workflow ? details.data : undefined;
  // Where one feed alone has all that is needed, nobody has to choose.
  const [only, ...more] = fitting(workflow, learnable(feeds.data ?? []));
  const draft = kept.feed === null && only && more.length === 0 ? { ...kept, feed: only.id } : kept;
  const feed = feeds.data?.find(f => f.id === draft.feed);
  const missing = unbound(workflow, feed);
  const isReady = [Boolean(workflow), Boolean(feed) && missing.every(name => draft.fields[name]), draft.holdOut !== 'group' || Boolean(draft.groupField), true];
  // An address may name a step that is not due yet.
  const step = !draft.workflow ? 0 : Math.min(wanted, feeds.data && !feed ? 1 : steps.length - 1);
  const props: StepProps = { draft, change, workflow, feed, missing };
  const request = toStart(draft, missing);

  async function begin_() {
    try {
      const training = await start.mutateAsync({ body: request });
      navigate(`/trainings/${training.id}`);
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Panel>
      <Stack gap="lg">
        {isNarrow
          ? <div><Text size="xs" c="dimmed">Step {step + 1} of {steps.length}</Text><Text fw={600}>{steps[step]}</Text></div>
          : (
            <Stepper active={step} onStepClick={setStep} size="sm" wrap={false}>
              {steps.map((label, i) => <Stepper.Step key={label} label={label} allowStepSelect={i <= step || isReady.slice(0, i).every(Boolean)} />)}
            </Stepper>
          )}
        {step === 0 && <WorkflowStep {...props} />}
        {step === 1 && <DataStep {...props} feeds={feeds} />}
        {step === 2 && <OptionsStep {...props} />}
        {step >= 3 && <PreviewStep request={request} />}
        <Group justify="space-between" maw={step < 3 ? 760 : undefined}>
          <Button variant="default" onClick={() => (step === 0 ? navigate('/trainings') : setStep(step - 1))}>{step === 0 ? 'Cancel' : 'Back'}</Button>
          {step < 3
            ? <Button disabled={!isReady[step]} onClick={() => setStep(step + 1)}>Next</Button>
            : <GuardedButton operation="startTraining" loading={start.isPending} onClick={() => void begin_()}>Start training</GuardedButton>}
        </Group>
      </Stack>
    </Panel>
  );
}
