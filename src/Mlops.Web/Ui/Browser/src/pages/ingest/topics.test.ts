import { expect, test } from 'vitest';
import type { TopicDetails } from '../../api/contracts';
import { matches, ratesOf, readable, treeOf } from './topics';

const topic = (name: string, messages = 1): TopicDetails => ({ topic: name, messages, last: '', bytes: 1, whole: true, retained: false });

test('topics become a tree, and a level counts what is below it', () => {
  const [plant, lone] = treeOf([topic('plant/press', 2), topic('plant/press/temperature', 3), topic('plant/saw', 4), topic('x')]);
  expect(plant).toMatchObject({ name: 'plant', messages: 9 });
  expect(plant!.topic).toBeUndefined();
  expect(plant!.children.map(c => [c.path, c.messages])).toEqual([['plant/press', 5], ['plant/saw', 4]]);
  expect(plant!.children[0]!.topic!.messages).toBe(2);
  expect(lone!.path).toBe('x');
});

test.each([
  ['#', 'a/b', true], ['a/+', 'a/b', true], ['a/+', 'a/b/c', false], ['a/#', 'a', true], ['a/#', 'a/b/c', true], ['a/b', 'a/b', true], ['a/b', 'a', false], ['#', '$SYS/x', false], ['+/x', 'a/x', true],
])('%s matches %s: %s', (filter, name, expected) => expect(matches(filter, name)).toBe(expected));

test('levels with nothing beside them stand in one line', () => {
  const [tree] = treeOf([topic('ie/d/j/a/x'), topic('ie/d/j/a/y')]);
  expect([tree!.name, tree!.path, tree!.children.map(c => c.name)]).toEqual(['ie/d/j/a', 'ie/d/j/a', ['x', 'y']]);
});

test('JSON is shown on several lines, other text as it is', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable('12;13')).toBe('12;13');
});

test('rates are between two looks', () => {
  const rates = ratesOf(new Map([['a', 10], ['b', 5]]), [topic('a', 30), topic('b', 5), topic('c', 7)], 2);
  expect([...rates]).toEqual([['a', 10], ['b', 0], ['c', 0]]);
});
