import { Accordion, ActionIcon, Button, Fieldset, Group, JsonInput, NumberInput, PasswordInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { filled, isDetail, isNullable, kindOf, titleOf, type Schema, type Settings } from './schema';

export interface SchemaFormProps {
  schema: Schema;
  value: Settings;
  onChange: (value: Settings) => void;
  /** What is wrong, by path. */
  problems: ReadonlyMap<string, string>;
  disabled?: boolean;
  path?: string;
}

/** A form for settings that a JSON schema describes; what can stay as it is, is folded away. */
export function SchemaForm({ schema, value, onChange, problems, disabled, path = '' }: SchemaFormProps) {
  const [isOpen, setOpen] = useState(false);
  const entries = Object.entries(schema.properties ?? {});
  const isNeeded = (name: string) => schema.required?.includes(name) ?? false;
  const details = entries.filter(([name, of]) => isDetail(of, isNeeded(name)));
  const first = entries.filter(([name, of]) => !isDetail(of, isNeeded(name)));
  const field = ([name, of]: [string, Schema]) => {
    const at = path ? `${path}.${name}` : name;
    return (
      <SchemaField key={name} name={name} path={at} schema={of} isNeeded={isNeeded(name)} value={value[name]} problems={problems} disabled={disabled}
        onChange={next => onChange({ ...value, [name]: next })} />
    );
  };
  const hasProblem = details.some(([name]) => [...problems.keys()].some(key => key.startsWith(path ? `${path}.${name}` : name)));
  return (
    <Stack gap="sm">
      {first.map(field)}
      {details.length > 0 && first.length === 0 && details.map(field)}
      {details.length > 0 && first.length > 0 && (
        <Accordion variant="default" value={isOpen || hasProblem ? 'details' : null} onChange={opened => setOpen(opened !== null)} chevronPosition="left" className="mlops-details">
          <Accordion.Item value="details">
            <Accordion.Control>More settings ({details.length})</Accordion.Control>
            <Accordion.Panel><Stack gap="sm">{details.map(field)}</Stack></Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </Stack>
  );
}

interface FieldProps {
  name: string;
  path: string;
  schema: Schema;
  isNeeded: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  problems: ReadonlyMap<string, string>;
  disabled?: boolean;
}

function SchemaField({ name, path, schema, isNeeded, value, onChange, problems, disabled }: FieldProps) {
  const label = titleOf(name, schema);
  const error = problems.get(path);
  const frame = { label, description: schema.description, error, withAsterisk: isNeeded && schema.default === undefined, disabled };
  const placeholder = schema.default === undefined || schema.default === null || typeof schema.default === 'object' ? undefined : String(schema.default as string | number | boolean);
  switch (kindOf(schema)) {
    case 'choice':
      return <Select {...frame} data={schema.enum!.filter(v => v !== null).map(String)} value={(value as string | undefined) ?? null} placeholder={placeholder} clearable={!isNeeded} onChange={onChange} />;
    case 'flag':
      return <Switch label={label} description={schema.description} error={error} disabled={disabled} checked={(value as boolean | undefined) ?? schema.default === true} onChange={e => onChange(e.currentTarget.checked)} />;
    case 'number':
      return (
        <NumberInput {...frame} value={(value as number | undefined) ?? ''} placeholder={placeholder} allowDecimal={![schema.type].flat().includes('integer')} hideControls
          onChange={next => onChange(next === '' ? undefined : Number(next))} />
      );
    case 'duration':
      return <TextInput {...frame} description={`${schema.description ?? ''} Hours:minutes:seconds.`.trim()} value={(value as string | undefined) ?? ''} placeholder={placeholder?.replace(/(\.\d*?)0+$/, '$1')} onChange={e => onChange(e.currentTarget.value)} />;
    case 'secret':
      return <PasswordInput {...frame} value={(value as string | undefined) ?? ''} autoComplete="new-password" onChange={e => onChange(e.currentTarget.value)} />;
    case 'texts':
      return <TagsInput {...frame} value={(value as string[] | undefined) ?? []} placeholder="Type one and press Enter" splitChars={['\n']} acceptValueOnBlur clearable onChange={onChange} />;
    case 'objects':
      return <Rows label={label} path={path} schema={schema} value={(value as Settings[] | undefined) ?? []} onChange={onChange} problems={problems} disabled={disabled} />;
    case 'object':
      return <Part label={label} path={path} schema={schema} value={value as Settings | null | undefined} onChange={onChange} problems={problems} disabled={disabled} />;
    case 'table':
      return <Table label={label} description={schema.description} value={(value as Record<string, string> | undefined) ?? {}} choices={(typeof schema.additionalProperties === 'object' ? schema.additionalProperties.enum : undefined)?.map(String)} onChange={onChange} disabled={disabled} />;
    case 'json':
      return <JsonInput {...frame} autosize minRows={2} formatOnBlur defaultValue={value === undefined ? '' : JSON.stringify(value, null, 2)} onChange={text => {
        try {
          onChange(text === '' ? undefined : JSON.parse(text));
        } catch {
          // Not whole yet; the field itself says so.
        }
      }} />;
    default:
      return <TextInput {...frame} value={(value as string | undefined) ?? ''} placeholder={placeholder} onChange={e => onChange(e.currentTarget.value)} />;
  }
}

type PartProps<T> = Pick<FieldProps, 'path' | 'schema' | 'problems' | 'disabled' | 'onChange'> & { label: string; value: T };

function Part({ label, path, schema, value, onChange, problems, disabled }: PartProps<Settings | null | undefined>) {
  const isOn = !isNullable(schema) || (value !== null && value !== undefined);
  return (
    <Fieldset legend={label} disabled={disabled} variant="default">
      <Stack gap="sm">
        {isNullable(schema) && <Switch label={`Set ${label.toLowerCase()}`} description={schema.description} checked={isOn} onChange={e => onChange(e.currentTarget.checked ? {} : undefined)} />}
        {isOn && <SchemaForm schema={schema} value={value ?? {}} onChange={onChange} problems={problems} disabled={disabled} path={path} />}
      </Stack>
    </Fieldset>
  );
}

function Rows({ label, path, schema, value, onChange, problems, disabled }: PartProps<Settings[]>) {
  return (
    <Fieldset legend={label} disabled={disabled}>
      <Stack gap="sm">
        {schema.description && <span className="mlops-hint">{schema.description}</span>}
        {value.map((item, i) => (
          <Fieldset key={i} legend={String((item.name as string | undefined) || `${label} ${i + 1}`)}>
            <Group align="flex-start" wrap="nowrap" gap="xs">
              <div className="mlops-grow">
                <SchemaForm schema={schema.items!} value={item} problems={problems} disabled={disabled} path={`${path}[${i}]`} onChange={next => onChange(value.map((old, j) => (j === i ? next : old)))} />
              </div>
              <ActionIcon color="red" aria-label={`Remove ${(item.name as string | undefined) || `row ${i + 1}`}`} onClick={() => onChange(value.filter((_, j) => j !== i))}><IconTrash size={16} /></ActionIcon>
            </Group>
          </Fieldset>
        ))}
        <Group><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => onChange([...value, {}])}>Add</Button></Group>
      </Stack>
    </Fieldset>
  );
}

interface TableProps {
  label: string;
  description?: string;
  value: Record<string, string>;
  choices?: string[];
  onChange: (value: unknown) => void;
  disabled?: boolean;
}

/** Pairs of a name and a value. */
function Table({ label, description, value, choices, onChange, disabled }: TableProps) {
  const rows = Object.entries(value);
  const put = (i: number, name: string, text: string) => onChange(Object.fromEntries(rows.map((row, j) => (j === i ? [name, text] : row))));
  return (
    <Fieldset legend={label} disabled={disabled}>
      <Stack gap="xs">
        {description && <span className="mlops-hint">{description}</span>}
        {rows.map(([name, text], i) => (
          <Group key={i} gap="xs" wrap="nowrap">
            <TextInput aria-label="Name" placeholder="Name" value={name} flex={1} onChange={e => put(i, e.currentTarget.value, text)} />
            {choices
              ? <Select aria-label="Value" data={choices} value={text || null} flex={1} onChange={next => put(i, name, next ?? '')} />
              : <TextInput aria-label="Value" placeholder="Value" value={text} flex={1} onChange={e => put(i, name, e.currentTarget.value)} />}
            <ActionIcon color="red" aria-label={`Remove ${name || 'row'}`} onClick={() => onChange(Object.fromEntries(rows.filter((_, j) => j !== i)))}><IconTrash size={16} /></ActionIcon>
          </Group>
        ))}
        <Group><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} disabled={'' in value} onClick={() => onChange({ ...value, '': '' })}>Add</Button></Group>
      </Stack>
    </Fieldset>
  );
}

/** The settings as they are sent. */
export function settingsOf(value: Settings, schema: Schema): Settings {
  return (filled(value, schema) ?? {}) as Settings;
}
