import { Anchor, Group, Select, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useAnswer } from '../../../api/queries';
import { EmptyState } from '../../../show/EmptyState';
import { Loaded } from '../../../show/Loaded';
import { SignatureBadge } from '../../workflows/SignatureBadge';
import type { StepProps } from './TrainingWizard';

export function WorkflowStep({ draft, change, workflow }: StepProps) {
  const query = useAnswer('listWorkflows', {});
  return (
    <Loaded query={query}>
      {all => all.length === 0
        ? <EmptyState title="No workflow yet" action={<Anchor component={Link} href="/workflows" size="sm">Go to Workflows</Anchor>}>Upload a workflow package first.</EmptyState>
        : (
          <Stack gap="md" maw={760}>
            <Group align="flex-end" gap="sm">
              <Select
                flex={1}
                miw={200}
                label="Workflow"
                placeholder="Choose one"
                searchable
                value={draft.workflow}
                data={[...new Set(all.map(w => w.name))]}
                onChange={name => change({ workflow: name, version: null, params: {}, fields: {} })}
              />
              <Select
                w={130}
                label="Version"
                disabled={!draft.workflow}
                value={draft.version ?? workflow?.version ?? null}
                data={all.filter(w => w.name === draft.workflow).map(w => w.version)}
                allowDeselect={false}
                onChange={version => change({ version, params: {} })}
              />
            </Group>
            {workflow && (
              <>
                <Text size="sm">{workflow.description}</Text>
                <Group gap="xs"><SignatureBadge trusted={workflow.trusted} /></Group>
                <Text size="sm" c="dimmed">
                  {workflow.inputs ? `Inputs: ${workflow.inputs.map(i => i.name).join(', ')}` : 'Inputs: every field of the feed'}
                  {workflow.label ? `. Label: '${workflow.label}'.` : '. It needs no labels.'}
                </Text>
              </>
            )}
          </Stack>
        )}
    </Loaded>
  );
}
