// Writes src/api/contracts.ts, the types and the table of operations, from the node's API document:
//   node contracts.mjs openapi.json [target]
// A test compares what is committed with the document that the node answers.
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target = new URL('src/api/contracts.ts', import.meta.url)] = process.argv.slice(2);
const { paths, components } = JSON.parse(readFileSync(source, 'utf8'));
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const operations = Object.entries(paths).flatMap(([path, item]) =>
  methods.filter(method => item[method]).map(method => ({ path, method: method.toUpperCase(), ...item[method] })));
operations.sort((a, b) => (a.operationId < b.operationId ? -1 : 1));

const nameOf = reference => reference.split('/').pop();

/** The contracts that come in bodies: what they leave out is optional. In answers a value that has a default is there. */
function sentByCallers() {
  const sent = new Set();
  const visit = node => {
    if (node === null || typeof node !== 'object')
      return;
    if (typeof node.$ref === 'string') {
      const name = nameOf(node.$ref);
      if (sent.has(name))
        return;
      sent.add(name);
      visit(components.schemas[name]);
    }
    Object.values(node).forEach(visit);
  };
  operations.forEach(operation => visit(operation.requestBody));
  return sent;
}

const sent = sentByCallers();
const isNullable = schema => typeof schema === 'object' && ((Array.isArray(schema.type) && schema.type.includes('null')) || schema.anyOf?.some(s => s.type === 'null'));
const key = name => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

function typeOf(schema, isSent) {
  if (schema === true || schema === undefined || Object.keys(schema).length === 0)
    return 'unknown';
  if (schema.$ref)
    return nameOf(schema.$ref);
  if (schema.anyOf) {
    // A number that is none comes as text; what shows numbers shows it as missing.
    const kinds = schema.anyOf.filter(s => !s.enum?.includes('NaN'));
    return kinds.map(s => typeOf(s, isSent)).join(' | ');
  }
  if (schema.enum)
    return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  const types = [].concat(schema.type ?? []);
  return types.length === 0 ? 'unknown' : [...new Set(types.map(type => ofOne(type, schema, isSent)))].join(' | ');
}

function ofOne(type, schema, isSent) {
  switch (type) {
    case 'integer':
    case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'null': return 'null';
    case 'string': return 'string';
    case 'array': {
      const item = typeOf(schema.items, isSent);
      return item.includes(' ') ? `(${item})[]` : `${item}[]`;
    }
    default: return schema.properties ? objectOf(schema, isSent) : `Record<string, ${typeOf(schema.additionalProperties, isSent)}>`;
  }
}

function objectOf(schema, isSent, indent = '') {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const isOptional = isNullable(property) || (isSent && !required.has(name));
    return `${indent}  ${key(name)}${isOptional ? '?' : ''}: ${typeOf(property, isSent)};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function parameters(operation, place) {
  const found = (operation.parameters ?? []).filter(p => p.in === place);
  if (found.length === 0)
    return 'undefined';
  return `{ ${found.map(p => `${key(p.name)}${p.required ? '' : '?'}: ${p.schema.type === 'string' ? 'string' : p.schema.type === 'boolean' ? 'boolean' : 'number'}`).join('; ')} }`;
}

function body(operation) {
  const json = operation.requestBody?.content['application/json'];
  const others = Object.keys(operation.requestBody?.content ?? {}).filter(type => type !== 'application/json');
  const types = [...(json?.schema.$ref ? [nameOf(json.schema.$ref)] : []), ...(others.length > 0 ? ['Blob'] : [])];
  if (types.length === 0)
    return 'undefined';
  return types.join(' | ') + (operation.requestBody.required ? '' : ' | undefined');
}

function answer(operation) {
  const [status, response] = Object.entries(operation.responses).find(([code]) => code.startsWith('2'));
  const json = response.content?.['application/json'];
  return status === '204' ? 'undefined' : json ? typeOf(json.schema, false) : 'string';
}

const contracts = Object.keys(components.schemas).sort().map(name => {
  const schema = components.schemas[name];
  return schema.properties
    ? `export interface ${name} ${objectOf(schema, sent.has(name))}`
    : `export type ${name} = ${typeOf(schema, sent.has(name))};`;
});
const shapes = operations.map(o => `  ${o.operationId}: { path: ${parameters(o, 'path')}; query: ${parameters(o, 'query')}; body: ${body(o)}; answer: ${answer(o)} };`);
const table = operations.map(o => {
  const roles = o['x-roles'] === 'anybody' ? [] : o['x-roles'].split(', ');
  return `  ${o.operationId}: { method: '${o.method}', path: '${o.path}', roles: [${roles.map(r => `'${r}'`).join(', ')}] },`;
});

writeFileSync(target, `// Made from the API document of the node by contracts.mjs. Do not edit.

${contracts.join('\n\n')}

/** What each operation takes and answers. */
export interface Operations {
${shapes.join('\n')}
}

export type OperationId = keyof Operations;

export type Role = 'viewer' | 'operator' | 'dataScientist' | 'admin';

/** Where each operation is, and who may do it; nobody named means anybody. */
export const operations: Record<OperationId, { method: string; path: string; roles: readonly Role[] }> = {
${table.join('\n')}
};
`);
