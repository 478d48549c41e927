import { describe, expect, it } from 'vitest';
import type { FeedSummary, TrainingStatus, WorkflowDetails } from '../../../api/contracts';
import { draftOf, emptyDraft, fitting, instant, localTime, toStart, typed, unbound } from './draft';

const feed = { id: 'press', fields: [{ name: 'a', type: 'float64' }, { name: 'other', type: 'float64' }] } as FeedSummary;
const workflow = { inputs: [{ name: 'a', type: 'number' }, { name: 'b', type: 'number' }] } as WorkflowDetails;

describe('toStart', () => {
  it('leaves out what nobody has said', () => {
    expect(toStart({ ...emptyDraft, workflow: 'w', feed: 'press', holdOut: 'none' }, [])).toEqual({
      workflow: 'w', version: null, feed: 'press', inputs: null, from: null, to: null, filter: null, limit: null, labels: null,
      params: null, minimumQuality: 0, balance: null, holdOut: null,
    });
  });

  it('binds the inputs whose names the feed does not have', () => {
    const missing = unbound(workflow, feed);

    expect(missing).toEqual(['b']);
    expect(toStart({ ...emptyDraft, workflow: 'w', feed: 'press', fields: { b: 'other', a: 'a' } }, missing).inputs).toEqual({ b: { feed: 'press', field: 'other' } });
  });

  it('takes every column where the workflow does', () => {
    expect(unbound({ inputs: null } as unknown as WorkflowDetails, feed)).toEqual([]);
    expect(unbound(workflow, undefined)).toEqual([]);
  });
});

describe('fitting', () => {
  it('has the feeds with every input', () => {
    const other = { id: 'oven', fields: [{ name: 'a', type: 'float64' }, { name: 'b', type: 'float64' }] } as FeedSummary;

    expect(fitting(workflow, [feed, other])).toEqual([other]);
    expect(fitting({ inputs: null } as unknown as WorkflowDetails, [feed, other])).toEqual([]);
  });
});

describe('draftOf', () => {
  it('asks for the same again', () => {
    const request = {
      workflow: 'w', version: '1.0.0', feed: 'press', from: '2024-01-01T10:00:00.000Z', filter: 'a > 1', limit: 5, minimumQuality: 2, params: { trees: 3 },
      balance: { perClass: 10, seed: 0 }, holdOut: { kind: 'group', heldOut: 0.3, seed: 0, field: 'other' },
    };

    expect(toStart(draftOf({ version: '1.0.0', request } as unknown as TrainingStatus), [])).toMatchObject(request);
  });
});

describe('times', () => {
  it('come back as they went', () => {
    expect(instant(localTime('2024-05-01T12:34:56.000Z'))).toBe('2024-05-01T12:34:56.000Z');
    expect(instant('')).toBeNull();
    expect(instant('no time')).toBeNull();
    expect(localTime(null)).toBe('');
  });
});

describe('typed', () => {
  it('is a number where the default is one', () => {
    expect(typed('5', 1)).toBe(5);
    expect(typed('5', 'x')).toBe('5');
    expect(typed('x', 1)).toBe('x');
  });
});
