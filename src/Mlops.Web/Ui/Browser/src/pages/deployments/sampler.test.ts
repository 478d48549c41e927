import { expect, test } from 'vitest';
import { Sampler } from './sampler';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test('what is little is taken as a whole, again and again', () => {
  const sampler = new Sampler();
  for (let i = 0; i < 200; i++)
    expect(sampler.take(numbers(1))).toHaveLength(1);
});

test('of what goes on and on a few are taken, evenly, and the first of them at least', () => {
  const sampler = new Sampler();
  expect(sampler.take(numbers(250))).toHaveLength(60);
  expect(sampler.take(numbers(250))).toEqual([0]);
  sampler.take([]);
  expect(sampler.take(numbers(250))).toEqual([0, 125]);
});

test('a burst after a while of silence is taken as a whole', () => {
  const sampler = new Sampler();
  sampler.take(numbers(1000));
  for (let i = 0; i < 60; i++)
    sampler.take([]);
  expect(sampler.take(numbers(50))).toHaveLength(50);
});
