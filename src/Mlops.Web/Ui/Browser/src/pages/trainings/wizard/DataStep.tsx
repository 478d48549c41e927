import { Autocomplete, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { FeedSummary, WorkflowDetails } from '../../../api/contracts';
import { useAnswer } from '../../../api/queries';
import { EmptyState } from '../../../show/EmptyState';
import { Loaded } from '../../../show/Loaded';
import { TimeText } from '../../../show/TimeText';
import { zone } from '../../../show/times';
import { several } from '../../../show/words';
import { fitting, learnable } from './draft';
import type { StepProps } from './TrainingWizard';

const qualities = [
  { value: '0', label: 'All, whatever their quality' },
  { value: '1', label: 'Uncertain or better' },
  { value: '2', label: 'Good or better' },
  { value: '3', label: 'Good (cascade) only' },
];

export function DataStep({ draft, change, workflow, feed, missing, feeds }: StepProps & { feeds: UseQueryResult<FeedSummary[]> }) {
  const labels = useAnswer('listLabels', { path: { feed: draft.feed ?? '' }, query: { limit: 1000 } }, { enabled: Boolean(feed) });
  const sets = [...new Set((labels.data ?? []).map(l => l.set))];
  const fields = feed?.fields.map(f => f.name) ?? [];
  return (
    <Loaded query={feeds}>
      {all => all.length === 0
        ? <EmptyState title="No data yet">Connect an asset or send data over MQTT first; each source becomes a feed.</EmptyState>
        : (
          <Stack gap="md" maw={760}>
            <Select
              label="Feed"
              placeholder="Choose where the data comes from"
              searchable
              value={draft.feed}
              allowDeselect={false}
              data={choices(workflow, learnable(all))}
              onChange={id => change({ feed: id, fields: {} })}
            />
            {feed && (
              <Text size="sm" c="dimmed">{several(feed.records, 'record')} with {several(feed.fields.length, 'field')}, from <TimeText at={feed.first} /> to <TimeText at={feed.last} /></Text>
            )}
            {missing.length > 0 && (
              <Stack gap="xs">
                <Text size="sm" fw={600}>The feed has no fields with these names. Choose a field for each input:</Text>
                {missing.map(name => (
                  <Select key={name} label={name} placeholder="Field of the feed" searchable value={draft.fields[name] ?? null} data={fields}
                    onChange={field => change({ fields: { ...draft.fields, [name]: field ?? '' } })} />
                ))}
              </Stack>
            )}
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <TextInput type="datetime-local" step={1} label="From" description={`Time in ${zone()}; empty for the beginning`} value={draft.from} onChange={e => change({ from: e.currentTarget.value })} />
              <TextInput type="datetime-local" step={1} label="To" description="Empty for now" value={draft.to} onChange={e => change({ to: e.currentTarget.value })} />
            </Group>
            <TextInput label="Filter" description="An SQL expression over the fields that records must meet" placeholder={fields[0] ? `${fields[0]} > 0` : ''} className="mlops-code-input" value={draft.filter} onChange={e => change({ filter: e.currentTarget.value })} />
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <NumberInput label="Newest records only" description="Empty for all" placeholder="all" min={1} allowDecimal={false} thousandSeparator="," value={draft.limit ?? ''} onChange={v => change({ limit: typeof v === 'number' ? v : null })} />
              <Select label="Quality" description="The worst that counts" data={qualities} value={String(draft.minimumQuality)} allowDeselect={false} onChange={v => change({ minimumQuality: Number(v) })} />
            </Group>
            {workflow && (workflow.label || draft.labels) && (
              <Autocomplete
                label="Labels"
                description={`Label set, or field, to learn. Empty for '${workflow.label}', as the workflow says.`}
                placeholder={workflow.label ?? ''}
                data={[{ group: 'Label sets of the feed', items: sets }, { group: 'Fields of the feed', items: fields.filter(f => !sets.includes(f)) }].filter(g => g.items.length > 0)}
                value={draft.labels}
                onChange={value => change({ labels: value })}
              />
            )}
          </Stack>
        )}
    </Loaded>
  );
}

function choices(workflow: WorkflowDetails | undefined, feeds: readonly FeedSummary[]) {
  const best = fitting(workflow, feeds);
  const others = feeds.filter(f => !best.includes(f));
  return best.length === 0 || others.length === 0
    ? feeds.map(f => f.id)
    : [{ group: 'Feeds with every input of the workflow', items: best.map(f => f.id) }, { group: 'Other feeds', items: others.map(f => f.id) }];
}
