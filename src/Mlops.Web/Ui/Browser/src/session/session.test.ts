import { expect, test } from 'vitest';
import { mayCall, whoMay } from './session';

test('roles decide, as the node does', () => {
  expect(mayCall('viewer', 'getStatus')).toBe(true);
  expect(mayCall('viewer', 'deleteAsset')).toBe(false);
  expect(mayCall('operator', 'deleteAsset')).toBe(true);
  expect(mayCall('admin', 'listUsers')).toBe(true);
  expect(mayCall(null, 'getStatus')).toBe(false);
  expect(mayCall(null, 'signIn')).toBe(true);
});

test('who may is said in words', () => {
  expect(whoMay('listUsers')).toBe('Needs the role administrator.');
  expect(whoMay('deleteAsset')).toBe('Needs the role operator or administrator.');
});
