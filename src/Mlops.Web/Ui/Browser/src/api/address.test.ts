import { expect, test } from 'vitest';
import { addressOf } from './address';

test('names of things cannot leave their place in the path', () => {
  expect(addressOf('getAsset', { id: '../users/ann?x=1#y' })).toBe('/api/v1/assets/..%2Fusers%2Fann%3Fx%3D1%23y');
});

test('values that are not given are left out of the query', () => {
  expect(addressOf('getChart', { feed: 'a' }, { from: undefined, points: 500, fields: 'x,y' })).toBe('/api/v1/feeds/a/chart?points=500&fields=x%2Cy');
});

test('a missing part of the path is an error here, not a request for something else', () => {
  expect(() => addressOf('getAsset', {})).toThrow("'id'");
});
