import { describe, expect, test } from 'vitest';
import { filled, findingsByPath, isDetail, kindOf, problemsOf, titleOf, type Schema } from './schema';

const schema: Schema = {
  type: 'object', required: ['endpoint'],
  properties: {
    endpoint: { type: 'string', title: 'Endpoint' },
    nodes: { type: 'array', items: { type: 'string' }, default: [] },
    publishing: { type: 'string', format: 'duration-hms', default: '00:00:00.1' },
    queue: { type: ['integer', 'null'], minimum: 1, maximum: 100 },
    password: { type: ['string', 'null'], format: 'password' },
    groups: { type: 'array', default: [], items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
    mode: { enum: ['a', 'b'], default: 'a' },
    units: { type: 'object', additionalProperties: { type: 'string' }, default: {} },
  },
};

test.each([
  ['endpoint', 'text'], ['nodes', 'texts'], ['publishing', 'duration'], ['queue', 'number'], ['password', 'secret'], ['groups', 'objects'], ['mode', 'choice'], ['units', 'table'],
])('%s is asked for as %s', (name, kind) => expect(kindOf(schema.properties![name]!)).toBe(kind));

test('what has a default is a detail, what is needed is not', () => {
  expect(isDetail(schema.properties!.publishing!, false)).toBe(true);
  expect(isDetail(schema.properties!.nodes!, false)).toBe(false);
  expect(isDetail(schema.properties!.endpoint!, true)).toBe(false);
});

test('a name is made of what has no title', () => expect(titleOf('maxLineBytes', {})).toBe('Max line bytes'));

test('what was not filled in is left out', () => {
  expect(filled({ endpoint: 'x', nodes: [], queue: '', groups: [{ name: 'g', nodes: '' }], units: { a: '°C' } }, schema)).toEqual({ endpoint: 'x', groups: [{ name: 'g' }], units: { a: '°C' } });
});

describe('problems', () => {
  test('are found before anybody is asked', () => {
    const problems = problemsOf({ queue: 500, publishing: '1 s', groups: [{}] }, schema);
    expect(Object.fromEntries(problems)).toEqual({
      endpoint: 'This is needed.', queue: 'The most is 100.', publishing: 'Write hours:minutes:seconds, for example 00:00:01.5.', 'groups[0].name': 'This is needed.',
    });
  });

  test('of the node go to their settings', () => {
    const findings = findingsByPath(['Endpoint: is no address: use opc.tcp://', 'something else', 'groups[0].name: is there twice']);
    expect(findings.get('endpoint')).toBe('is no address: use opc.tcp://');
    expect(findings.get('groups[0].name')).toBe('is there twice');
    expect(findings.get('')).toBe('something else');
  });
});
