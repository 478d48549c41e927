import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { FeedSummary, ModelDetails } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { metricText } from '../../show/MetricFigures';
import { Notice } from '../../show/Notice';
import { notifyDone } from '../../show/notify';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { headline, stageText } from '../models/stages';

/** Puts a model into the prediction stage. */
export function NewDeployment() {
  const [search] = useSearchParams();
  const models = useAnswer('listModels', { query: { limit: 500 } });
  return (
    <Page title="New deployment" above={[{ name: 'Deployments', path: '/deployments' }]} text="The model predicts for every record that comes in from now on.">
      <Panel>
        <Loaded query={models} lines={6}>
          {all => all.length === 0
            ? <EmptyState title="No model yet">Train a workflow first; each successful training makes a model.</EmptyState>
            : <Form models={all.filter(m => m.stage !== 'archived')} begin={search.get('model')} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Form({ models, begin }: { models: readonly ModelDetails[]; begin: string | null }) {
  const [, navigate] = useLocation();
  const [id, setId] = useState(begin ?? models.find(m => m.stage === 'production')?.id ?? models[0]?.id ?? null);
  const [chosenFeed, setFeed] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [delivery, setDelivery] = useState('every');
  const [maxAge, setMaxAge] = useState('00:05:00');
  const [connection, setConnection] = useState('');
  const [collection, setCollection] = useState('');
  const feeds = useAnswer('listFeeds', {}, { staleTime: 10_000 });
  const deployments = useAnswer('listDeployments', {}, { staleTime: 5000 });
  const start = useChange('startDeployment', ['listDeployments']);
  const model = models.find(m => m.id === id);
  const feedId = chosenFeed ?? model?.data.feed ?? null;
  const feed = feeds.data?.find(f => f.id === feedId);
  const running = deployments.data?.find(d => d.state !== 'stopped' && d.workflow === model?.workflow && d.feed === feedId);
  const known = model?.request?.inputs ?? {};
  const missing = feed ? (model?.inputs ?? []).map(i => i.name).filter(name => !feed.fields.some(f => f.name === name)) : [];
  const fieldOf = (name: string) => fields[name] ?? (known[name]?.feed === feedId ? known[name]?.field : undefined) ?? null;

  async function deploy() {
    if (!model || !feedId)
      return;
    try {
      const deployment = await start.mutateAsync({
        body: {
          workflow: model.workflow,
          model: model.id,
          feed: feedId,
          inputs: missing.length > 0 ? Object.fromEntries(missing.map(name => [name, { feed: feedId, field: fieldOf(name)! }])) : null,
          delivery,
          maxAge,
          output: connection && collection ? { connection, collection } : null,
        },
      });
      notifyDone('The model is deployed.');
      navigate(`/deployments/${deployment.id}`);
    } catch {
      // The alert below says why.
    }
  }

  return (
    <Stack gap="md" maw={680}>
      <Select
        label="Model"
        searchable
        allowDeselect={false}
        value={id}
        data={models.map(m => ({ value: m.id, label: nameOf(m) }))}
        onChange={value => { setId(value); setFields({}); }}
      />
      <Select
        label="Feed"
        description="The records to predict for"
        searchable
        allowDeselect={false}
        value={feedId}
        data={(feeds.data ?? []).filter(f => !isOfPredictions(f)).map(f => f.id)}
        onChange={value => { setFeed(value); setFields({}); }}
      />
      {model && running && (
        <Notice tone="busy" title={`${model.workflow} already predicts on this feed`}>
          <Group justify="space-between" gap="xs">
            <Text size="sm">{running.model === model.id ? 'With this very model; a second deployment would predict everything twice.' : 'With another model. Swap the model there: no record is lost, and none is predicted twice.'}</Text>
            <Button component={Link} href={running.model === model.id ? `/deployments/${running.id}` : `/deployments/${running.id}?swap=${model.id}`} variant={running.model === model.id ? 'default' : 'filled'} size="xs">{running.model === model.id ? 'Look at it' : 'Swap it there…'}</Button>
          </Group>
        </Notice>
      )}
      {missing.length > 0 && (
        <Stack gap="xs">
          <Text size="sm" fw={600}>The feed has no fields with these names. Choose a field for each input:</Text>
          {missing.map(name => <Select key={name} label={name} searchable placeholder="Field of the feed" data={feed?.fields.map(f => f.name) ?? []} value={fieldOf(name)} onChange={v => setFields({ ...fields, [name]: v ?? '' })} />)}
        </Stack>
      )}
      <div>
        <Text size="sm" fw={600} id="delivery" mb={4}>Predict</Text>
        <SegmentedControl aria-labelledby="delivery" value={delivery} onChange={setDelivery} data={[{ value: 'every', label: 'Every record' }, { value: 'latest', label: 'Only the newest one waiting' }]} />
      </div>
      <TextInput label="Publish up to age" description="Older predictions, after an outage, are stored but not published. Hours:minutes:seconds." maw={240} value={maxAge} onChange={e => setMaxAge(e.currentTarget.value)} />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput label="Connection on the databus" placeholder="predictions" description="Part of the MQTT topic; empty for the default" value={connection} onChange={e => setConnection(e.currentTarget.value)} />
        <TextInput label="Collection on the databus" description="Both or none" value={collection} onChange={e => setCollection(e.currentTarget.value)} />
      </Group>
      {start.isError && <ProblemAlert error={start.error} />}
      <Group justify="space-between">
        <Button variant="default" onClick={() => navigate('/deployments')}>Cancel</Button>
        <GuardedButton operation="startDeployment" variant={running ? 'default' : 'filled'} loading={start.isPending} disabled={!model || !feed || missing.some(name => !fieldOf(name))} onClick={() => void deploy()}>Deploy</GuardedButton>
      </Group>
    </Stack>
  );
}

/** Whether a feed holds answers of a deployment. */
export function isOfPredictions(feed: FeedSummary): boolean {
  return feed.fields.some(f => f.name === 'source_row');
}

/** A model in a list: what it is of, how good it is, what it is meant for. */
export function nameOf(model: ModelDetails): string {
  const best = headline(model.metrics);
  return [`${model.workflow} ${model.version}`, model.id, best ? `${best[0]} ${metricText(...best)}` : null, model.stage === 'none' ? null : stageText(model.stage)].filter(Boolean).join(' · ');
}
