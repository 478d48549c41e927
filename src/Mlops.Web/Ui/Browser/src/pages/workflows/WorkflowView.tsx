import { Button, Code, Group, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconChartHistogram, IconDownload, IconTrash } from '@tabler/icons-react';
import { useLocation, useSearchParams } from 'wouter';
import { addressOf } from '../../api/address';
import type { WorkflowDetails, WorkflowInputDetails } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useMay } from '../../session/session';
import { useConfirm } from '../../show/confirm';
import { Digest } from '../../show/Digest';
import { EmptyState } from '../../show/EmptyState';
import { Facts } from '../../show/Facts';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { Markdown } from '../../show/Markdown';
import { notifyDone, notifyProblem } from '../../show/notify';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { SignatureBadge } from './SignatureBadge';
import { WorkflowModels } from './WorkflowModels';

const above = [{ name: 'Workflows', path: '/workflows' }];

/** One version of a workflow: what it says about itself, what goes in and what comes out. */
export function WorkflowView({ name }: { name: string }) {
  const [search, setSearch] = useSearchParams();
  const version = search.get('version') ?? undefined;
  const query = useAnswer('getWorkflow', { path: { name }, query: { version } }, { keep: true });
  const workflow = query.data;
  return (
    <Page
      title={name}
      above={above}
      text={workflow?.description}
      actions={workflow && (
        <>
          <Select
            aria-label="Version"
            w={130}
            data={[...(workflow.versions ?? [workflow.version])]}
            value={workflow.version}
            allowDeselect={false}
            onChange={value => setSearch(value ? { version: value } : {})}
          />
          <Actions workflow={workflow} />
        </>
      )}
    >
      <Loaded query={query} lines={8}>{found => <Content workflow={found} />}</Loaded>
    </Page>
  );
}

function Actions({ workflow }: { workflow: WorkflowDetails }) {
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const remove = useChange('deleteWorkflow', ['listWorkflows', 'getWorkflow']);
  const may = useMay();
  const { name, version } = workflow;

  async function ask() {
    const yes = await confirm({
      title: `Delete ${name} ${version}?`,
      text: 'Its files are removed from this node. A version that a model or a waiting training needs stays; delete those first.',
      action: 'Delete version',
      isDangerous: true,
    });
    if (!yes)
      return;
    try {
      await remove.mutateAsync({ path: { name, version } });
      notifyDone(`${name} ${version} is deleted.`);
      navigate('/workflows');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <>
      <GuardedButton operation="startTraining" leftSection={<IconChartHistogram size={16} />} onClick={() => navigate(`/trainings/new?workflow=${encodeURIComponent(name)}&version=${encodeURIComponent(version)}`)}>Train</GuardedButton>
      {may('downloadWorkflow') && <Button component="a" variant="default" href={addressOf('downloadWorkflow', { name, version })} download={`${name}-${version}.zip`} leftSection={<IconDownload size={16} />}>Download</Button>}
      <GuardedButton operation="deleteWorkflow" variant="default" leftSection={<IconTrash size={16} />} loading={remove.isPending} onClick={() => void ask()}>Delete version</GuardedButton>
    </>
  );
}

function Content({ workflow }: { workflow: WorkflowDetails }) {
  const parameters = Object.entries(workflow.parameters);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Stack gap="md">
        <Panel title="README">
          {workflow.readme ? <Markdown text={workflow.readme} /> : <EmptyState title="No README">A README.md in the package is shown here.</EmptyState>}
        </Panel>
      </Stack>
      <Stack gap="md">
        <Panel title="Package">
          <Facts facts={[
            ['Signature', <SignatureBadge key="s" trusted={workflow.trusted} />],
            ['Runtime', workflow.runtime],
            ['Needs', workflow.requirements && workflow.requirements.length > 0 ? workflow.requirements.join(', ') : null],
            ['Digest', <Digest key="d" value={workflow.digest} name="the digest" />],
          ]} />
        </Panel>
        <Panel title="Inputs and outputs">
          <Stack gap="sm">
            {workflow.inputs
              ? <Fields caption="Inputs" fields={workflow.inputs} />
              : <Text size="sm">Every field of the feed except the label.</Text>}
            <Facts facts={[
              ['Label', workflow.label ? <Code key="l">{workflow.label}</Code> : 'none: unsupervised'],
              ['Predicts', workflow.output.classes ? (workflow.output.classes.length > 0 ? `one of ${workflow.output.classes.join(', ')}` : 'one of the classes in the training data') : null],
            ]} />
            {workflow.output.fields && <Fields caption="Predicts" fields={workflow.output.fields} />}
          </Stack>
        </Panel>
        <Panel title="Parameters" flush={parameters.length > 0}>
          {parameters.length === 0 ? <Text size="sm" c="dimmed">None.</Text> : (
            <Table>
              <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Default</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>{parameters.map(([key, value]) => <Table.Tr key={key}><Table.Td><Code>{key}</Code></Table.Td><Table.Td className="mlops-number">{JSON.stringify(value)}</Table.Td></Table.Tr>)}</Table.Tbody>
            </Table>
          )}
        </Panel>
        <WorkflowModels name={workflow.name} />
      </Stack>
    </SimpleGrid>
  );
}

function Fields({ caption, fields }: { caption: string; fields: readonly WorkflowInputDetails[] }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>{caption}</Text>
      <Group gap={6}>
        {fields.map(f => <Code key={f.name}>{f.name}: {f.type}{f.unit ? ` (${f.unit})` : ''}</Code>)}
      </Group>
    </div>
  );
}
