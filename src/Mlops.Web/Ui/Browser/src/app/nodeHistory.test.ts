import { expect, test } from 'vitest';
import type { NodeStatus } from '../api/contracts';
import { NodeHistory } from './nodeHistory';

const status = (uptime: number, records: number): NodeStatus => ({
  name: 'n', layer: 'edge', version: '1', uptime, started: '', healthy: true, containment: [], memoryMiB: 100, cpuPercent: 5,
  rooms: [{ name: 'ingest', state: 'ok', figures: { records, messages: records } }],
});

test('rates are made of totals and the time of the node', () => {
  const history = new NodeHistory();
  history.add(status(10, 1000), 1);
  history.add(status(15, 1500), 6);
  expect(history.all.map(s => s.records)).toEqual([null, 100]);
  expect(history.all[1]!.answers).toBeNull();
});

test('a node that was started again has no rate, and no negative one', () => {
  const history = new NodeHistory();
  history.add(status(100, 5000), 1);
  history.add(status(2, 10), 6);
  expect(history.all[1]!.records).toBeNull();
});

test('what comes right after the sample before is left out', () => {
  const history = new NodeHistory();
  history.add(status(10, 1000), 1);
  history.add(status(10.2, 1400), 1.2);
  history.add(status(14, 1800), 5);
  expect(history.all.map(s => s.records)).toEqual([null, 200]);
});

test('old samples go', () => {
  const history = new NodeHistory();
  for (let i = 1; i < 1000; i++)
    history.add(status(i, i), i);
  expect(history.all).toHaveLength(900);
  expect(history.all.at(-1)!.at).toBe(999);
});
