import { Group, NumberInput, SegmentedControl, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import type { Draft } from './draft';
import { typed } from './draft';
import type { StepProps } from './TrainingWizard';

const kinds = [
  { value: 'none', label: 'None' },
  { value: 'random', label: 'Random' },
  { value: 'time', label: 'Newest' },
  { value: 'group', label: 'By group' },
];

const why: Record<Draft['holdOut'], string> = {
  none: 'The model trains on every record; none are left to evaluate it on.',
  random: 'Records are chosen at random. Good where records do not depend on each other.',
  time: 'The newest records are held out. Right for data in which neighbours are alike.',
  group: 'All records with the same value of a field stay together, for example those of one product.',
};

export function OptionsStep({ draft, change, workflow, feed }: StepProps) {
  const defaults = Object.entries(workflow?.parameters ?? {});
  return (
    <Stack gap="lg" maw={760}>
      <div>
        <Text size="sm" fw={600} id="hold-out">Hold out for evaluation</Text>
        <Text size="xs" c="dimmed" mb={6}>{why[draft.holdOut]}</Text>
        <Group align="flex-end" gap="md">
          <SegmentedControl aria-labelledby="hold-out" data={kinds} value={draft.holdOut} onChange={value => change({ holdOut: value as Draft['holdOut'] })} />
          {draft.holdOut !== 'none' && (
            <NumberInput label="Share" w={110} min={1} max={90} suffix=" %" allowDecimal={false} value={Math.round(draft.heldOut * 100)} onChange={v => change({ heldOut: typeof v === 'number' && v >= 1 ? Math.min(90, v) / 100 : 0.2 })} />
          )}
          {draft.holdOut === 'group' && (
            <Select label="Field" w={180} searchable placeholder="Choose one" data={feed?.fields.map(f => f.name) ?? []} value={draft.groupField} onChange={field => change({ groupField: field })} />
          )}
        </Group>
      </div>
      {workflow?.output.classes && (
        <Group align="flex-end" gap="md">
          <Switch
            label="Equally many records of each class"
            description="Helps where one class is rare; records of the others are left out at random."
            checked={draft.isBalanced}
            onChange={e => change({ isBalanced: e.currentTarget.checked })}
          />
          {draft.isBalanced && (
            <NumberInput label="At most of each" placeholder="as the rarest" w={160} min={1} allowDecimal={false} value={draft.perClass ?? ''} onChange={v => change({ perClass: typeof v === 'number' ? v : null })} />
          )}
        </Group>
      )}
      <div>
        <Text size="sm" fw={600} mb={6}>Parameters</Text>
        {defaults.length === 0 ? <Text size="sm" c="dimmed">This workflow has none.</Text> : (
          <Stack gap="sm">
            {defaults.map(([name, value]) => {
              const given = name in draft.params ? draft.params[name] : value;
              const set = (next: unknown) => change({ params: { ...draft.params, [name]: next } });
              return typeof value === 'boolean'
                ? <Switch key={name} label={name} checked={given === true} onChange={e => set(e.currentTarget.checked)} />
                : typeof value === 'number'
                  ? <NumberInput key={name} label={name} description={`Default ${value}`} maw={260} value={typeof given === 'number' ? given : value} onChange={v => set(typeof v === 'number' ? v : value)} />
                  : <TextInput key={name} label={name} description={value === null ? 'Default: empty' : `Default ${String(value)}`} maw={420} value={String(given ?? '')} onChange={e => set(typed(e.currentTarget.value, value))} />;
            })}
          </Stack>
        )}
      </div>
    </Stack>
  );
}
