/** The part of JSON schema that settings are described with. */
export interface Schema {
  type?: string | string[];
  enum?: readonly unknown[];
  title?: string;
  description?: string;
  default?: unknown;
  minimum?: number | string;
  maximum?: number | string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
}

export type Settings = Record<string, unknown>;

export type Kind = 'choice' | 'flag' | 'number' | 'duration' | 'secret' | 'text' | 'texts' | 'objects' | 'object' | 'table' | 'json';

/** How a setting is asked for. */
export function kindOf(schema: Schema): Kind {
  const types = [schema.type ?? []].flat();
  if (schema.enum)
    return 'choice';
  if (types.includes('boolean'))
    return 'flag';
  if (types.includes('integer') || types.includes('number'))
    return 'number';
  if (types.includes('array'))
    return [schema.items?.type ?? []].flat().includes('object') ? 'objects' : [schema.items?.type ?? []].flat().includes('string') || schema.items?.enum ? 'texts' : 'json';
  if (types.includes('object'))
    return schema.properties ? 'object' : 'table';
  if (types.includes('string'))
    return schema.format === 'password' ? 'secret' : schema.format === 'duration-hms' ? 'duration' : 'text';
  return 'json';
}

export function isNullable(schema: Schema): boolean {
  return [schema.type ?? []].flat().includes('null');
}

/** Whether a setting can be left as it is: it stands below the others, folded. */
export function isDetail(schema: Schema, isRequired: boolean): boolean {
  return !isRequired && schema.default !== undefined && ['choice', 'flag', 'number', 'duration', 'text', 'table', 'json'].includes(kindOf(schema));
}

/** Makes a name of a setting that has no title: "maxLineBytes" is "Max line bytes". */
export function titleOf(name: string, schema: Schema): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return schema.title ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Leaves out what was not filled in, so that the node takes its defaults. */
export function filled(value: unknown, schema: Schema): unknown {
  if (value === '' || value === null || value === undefined)
    return undefined;
  if (Array.isArray(value)) {
    const items = value.map(item => filled(item, schema.items ?? {})).filter(item => item !== undefined);
    return items.length === 0 && Array.isArray(schema.default) && schema.default.length === 0 ? undefined : items;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([name, part]) => [name, filled(part, schema.properties?.[name] ?? {})] as const).filter(([, part]) => part !== undefined);
    return Object.fromEntries(entries);
  }
  return value;
}

/** What is wrong with settings before anybody is asked; by path, as "groups[0].name". */
export function problemsOf(value: Settings, schema: Schema, path = ''): Map<string, string> {
  const problems = new Map<string, string>();
  for (const [name, of] of Object.entries(schema.properties ?? {})) {
    const at = path ? `${path}.${name}` : name;
    const given = value[name];
    const isMissing = given === undefined || given === null || given === '' || (Array.isArray(given) && given.length === 0);
    if (isMissing) {
      if (schema.required?.includes(name) && (of.default === undefined || Array.isArray(given)))
        problems.set(at, 'This is needed.');
      else if (of.minItems && of.minItems > 0 && kindOf(of) === 'texts')
        problems.set(at, `At least ${of.minItems === 1 ? 'one is' : `${of.minItems} are`} needed.`);
      continue;
    }
    if (typeof given === 'number') {
      if (typeof of.minimum === 'number' && given < of.minimum)
        problems.set(at, `The least is ${of.minimum}.`);
      if (typeof of.maximum === 'number' && given > of.maximum)
        problems.set(at, `The most is ${of.maximum}.`);
    } else if (typeof given === 'string') {
      if (of.format === 'duration-hms' && !/^-?(\d+\.)?\d{1,2}:\d{2}:\d{2}(\.\d{1,7})?$/.test(given))
        problems.set(at, 'Write hours:minutes:seconds, for example 00:00:01.5.');
      else if (of.maxLength !== undefined && given.length > of.maxLength)
        problems.set(at, `Up to ${of.maxLength} characters.`);
    } else if (Array.isArray(given) && kindOf(of) === 'objects') {
      given.forEach((item, i) => problemsOf(item as Settings, of.items!, `${at}[${i}]`).forEach((text, key) => problems.set(key, text)));
    } else if (kindOf(of) === 'object') {
      problemsOf(given as Settings, of, at).forEach((text, key) => problems.set(key, text));
    }
  }
  return problems;
}

/** Sorts what the node finds wrong ("endpoint: …") by the setting that it names; the rest comes under an empty name. */
export function findingsByPath(errors: readonly string[] | null | undefined): Map<string, string> {
  const findings = new Map<string, string>();
  for (const line of errors ?? []) {
    const [, path, text] = /^([A-Za-z_][\w.[\]:]*?): (.*)$/s.exec(line) ?? [];
    const key = path ? path.charAt(0).toLowerCase() + path.slice(1) : '';
    findings.set(key, [findings.get(key), text ?? line].filter(Boolean).join(' '));
  }
  return findings;
}
