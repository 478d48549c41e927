import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backOff, isWished, LiveStream, queryOf, type Listener } from './live';

class FakeSource {
  static made: FakeSource[] = [];
  onopen: ((e: never) => unknown) | null = null;
  onerror: ((e: never) => unknown) | null = null;
  closed = false;
  readonly heard = new Map<string, (e: MessageEvent<string>) => void>();
  readonly address: string;

  constructor(address: string) {
    this.address = address;
    FakeSource.made.push(this);
  }

  addEventListener(name: string, listener: (e: MessageEvent<string>) => void) {
    this.heard.set(name, listener);
  }

  close() {
    this.closed = true;
  }

  send(name: string, data: unknown) {
    this.heard.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }

  open() {
    this.onopen?.(undefined as never);
  }

  fail() {
    this.onerror?.(undefined as never);
  }
}

function listenerOf(wish: Listener['wish']): Listener & { events: unknown[]; opens: number } {
  const listener = { wish, events: [] as unknown[], opens: 0, hear: (name: string, data: unknown) => void listener.events.push([name, data]), opened: () => void listener.opens++ };
  return listener;
}

describe('LiveStream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSource.made = [];
  });
  afterEach(() => void vi.useRealTimers());
  const start = () => new LiveStream(address => new FakeSource(address));

  test('many listeners share one stream, and each hears what it wishes', () => {
    const stream = start();
    const press = listenerOf({ feeds: ['press'] });
    const states = listenerOf({ topics: ['training'] });
    stream.listen(press);
    stream.listen(states);
    vi.advanceTimersByTime(100);

    expect(FakeSource.made.map(s => s.address)).toEqual(['/api/v1/events?feeds=press&topics=training']);
    FakeSource.made[0]!.send('records', { feed: 'press', records: [1] });
    FakeSource.made[0]!.send('records', { feed: 'other', records: [2] });
    FakeSource.made[0]!.send('training', { id: 't1' });
    expect(press.events).toEqual([['records', { feed: 'press', records: [1] }]]);
    expect(states.events).toEqual([['training', { id: 't1' }]]);
  });

  test('a lost connection is opened again later each time, and listeners are told', () => {
    const stream = start();
    const listener = listenerOf({ topics: ['asset'] });
    stream.listen(listener);
    vi.advanceTimersByTime(100);
    FakeSource.made[0]!.open();
    FakeSource.made[0]!.fail();

    expect(FakeSource.made[0]!.closed).toBe(true);
    expect(stream.state).toBe('waiting');
    vi.advanceTimersByTime(20_000);
    expect(FakeSource.made).toHaveLength(2);
    FakeSource.made[1]!.open();
    expect(stream.state).toBe('open');
    expect(listener.opens).toBe(2);
  });

  test('what an old stream still says is not heard as a failure of the new one', () => {
    const stream = start();
    stream.listen(listenerOf({ topics: ['asset'] }));
    vi.advanceTimersByTime(100);
    stream.listen(listenerOf({ feeds: ['press'] }));
    vi.advanceTimersByTime(100);
    FakeSource.made[1]!.open();

    FakeSource.made[0]!.fail();

    expect(stream.state).toBe('open');
    expect(FakeSource.made[1]!.closed).toBe(false);
  });

  test('closes while nobody listens or looks', () => {
    const stream = start();
    const end = stream.listen(listenerOf({ topics: ['asset'] }));
    vi.advanceTimersByTime(100);
    stream.pause(true);
    vi.advanceTimersByTime(100);
    expect(FakeSource.made[0]!.closed).toBe(true);

    stream.pause(false);
    vi.advanceTimersByTime(100);
    expect(FakeSource.made).toHaveLength(2);
    end();
    vi.advanceTimersByTime(100);

    expect(FakeSource.made[1]!.closed).toBe(true);
    expect(stream.state).toBe('idle');
  });
});

test('back-off grows and is bounded', () => {
  expect(backOff(1, () => 1)).toBe(500);
  expect(backOff(4, () => 1)).toBe(4000);
  expect(backOff(50, () => 1)).toBe(15_000);
  expect(backOff(50, () => 0)).toBe(7_500);
});

test('wishes are joined, each thing once', () => {
  expect(queryOf([{ feeds: ['b', 'a'] }, { feeds: ['a'], topics: ['asset'] }])).toEqual({ feeds: 'a,b', deployments: '', topics: 'asset' });
  expect(queryOf([{}])).toBeNull();
});

test('predictions are heard by who names the deployment', () => {
  expect(isWished({ deployments: ['d1'] }, 'predictions', { deployment: 'd1' })).toBe(true);
  expect(isWished({ deployments: ['d2'] }, 'predictions', { deployment: 'd1' })).toBe(false);
  expect(isWished({ feeds: ['*'] }, 'records', { feed: 'x' })).toBe(true);
});
