import { Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { TrainingPreview, TrainingStart } from '../../../api/contracts';
import { useAnswer } from '../../../api/queries';
import { Bars } from '../../../show/Bars';
import { Figure } from '../../../show/Figure';
import { Loaded } from '../../../show/Loaded';
import { Notice } from '../../../show/Notice';
import { count, measure, percent } from '../../../show/numbers';
import { TimeText } from '../../../show/TimeText';
import { moment } from '../../../show/times';
import { SelectionFacts } from '../SelectionFacts';

const rare = 0.05;

/** What the training would learn from: how much, how the classes are balanced, and some of it. */
export function PreviewStep({ request }: { request: TrainingStart }) {
  const query = useAnswer('previewTraining', { body: request });
  return (
    <Stack gap="md">
      <SelectionFacts request={request} />
      <Loaded query={query} lines={6}>{preview => <Preview preview={preview} />}</Loaded>
    </Stack>
  );
}

function Preview({ preview }: { preview: TrainingPreview }) {
  const classes = preview.classes ?? [];
  const all = classes.reduce((sum, c) => sum + c.count, 0);
  const scarce = classes.filter(c => c.count < rare * all);
  return (
    <Stack gap="md">
      <Group gap="xl" align="flex-start">
        <Figure name="Trains on" value={`${preview.truncated ? 'over ' : ''}${count(preview.records)}`} remark="records" />
        <Figure name="Held out" value={count(preview.heldOut)} remark="records" />
        <Figure name="From" value={<Text span fz="md"><TimeText at={preview.first} /></Text>} />
        <Figure name="To" value={<Text span fz="md"><TimeText at={preview.last} /></Text>} />
      </Group>
      {preview.truncated && <Text size="sm" c="dimmed">There are more; only the newest were looked at here. The training takes all.</Text>}
      <SimpleGrid cols={{ base: 1, md: classes.length > 0 ? 2 : 1 }} spacing="lg">
        {classes.length > 0 && (
          <Stack gap="xs">
            <Text size="sm" fw={600}>Class balance of &apos;{preview.label}&apos;</Text>
            <Bars label="Records of each class" bars={classes.map(c => ({ name: c.name, value: c.count, text: `${count(c.count)} · ${percent(c.count / all, 0)}`, isMarked: scarce.includes(c) }))} />
            {classes.length === 1 && <Notice tone="warn" title="There is only one class">A classifier needs two classes or more. Label records of another class, or widen the selection.</Notice>}
            {scarce.length > 0 && (
              <Notice tone="warn" title={`Few records of ${scarce.map(c => c.name).join(', ')}`}>
                The model may never predict them. Label more of them, or balance the classes in Options.
              </Notice>
            )}
          </Stack>
        )}
        <div>
          <Text size="sm" fw={600} mb={6}>Newest records</Text>
          <Table.ScrollContainer minWidth={400}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Time</Table.Th>
                  {preview.label && <Table.Th>{preview.label}</Table.Th>}
                  {preview.inputs.map(i => <Table.Th key={i.name}>{i.name}{i.unit ? ` (${i.unit})` : ''}</Table.Th>)}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {preview.rows.map((row, i) => (
                  <Table.Tr key={i}>
                    <Table.Td className="mlops-number mlops-nowrap">{moment(row.timestamp)}</Table.Td>
                    {preview.label && <Table.Td>{cell(row.label)}</Table.Td>}
                    {preview.inputs.map(f => <Table.Td key={f.name} className="mlops-number">{cell(row.values[f.name])}</Table.Td>)}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      </SimpleGrid>
    </Stack>
  );
}

function cell(value: unknown): string {
  return value === null || value === undefined ? '–' : typeof value === 'number' ? measure(value) : String(value);
}
