import { addressOf } from './address';

/** What somebody wants to hear of. */
export interface Wish {
  feeds?: readonly string[];
  deployments?: readonly string[];
  topics?: readonly string[];
}

export type LiveName = 'records' | 'predictions' | 'training' | 'backtest' | 'lifecycle' | 'labels' | 'deployment' | 'asset' | 'dropped';

export interface Listener {
  wish: Wish;
  /** Takes an event with its parsed data. */
  hear: (name: LiveName, data: unknown) => void;
  /** Is told when the stream begins, and begins again: what happened in between is not sent. */
  opened?: () => void;
}

export type LiveState = 'idle' | 'connecting' | 'open' | 'waiting';

interface Source {
  onopen: ((e: never) => unknown) | null;
  onerror: ((e: never) => unknown) | null;
  addEventListener(name: string, listener: (e: MessageEvent<string>) => void): void;
  close(): void;
}

const names: readonly LiveName[] = ['records', 'predictions', 'training', 'backtest', 'lifecycle', 'labels', 'deployment', 'asset', 'dropped'];
const settle = 60;
const shortest = 500;
const longest = 15_000;

/** How long to wait before try number `failures`, in milliseconds. */
export function backOff(failures: number, random: () => number = Math.random): number {
  const most = Math.min(longest, shortest * 2 ** Math.max(0, failures - 1));
  return most / 2 + (most / 2) * random();
}

/** What all wishes are together, as the query of the stream; null when nobody wants anything. */
export function queryOf(wishes: readonly Wish[]): Record<string, string> | null {
  const joined = (kind: keyof Wish): string => [...new Set(wishes.flatMap(w => w[kind] ?? []))].sort().join(',');
  const query = { feeds: joined('feeds'), deployments: joined('deployments'), topics: joined('topics') };
  return query.feeds || query.deployments || query.topics ? query : null;
}

/** Whether an event is one that a wish names. */
export function isWished(wish: Wish, name: LiveName, data: unknown): boolean {
  const subject = data as { feed?: string; deployment?: string };
  switch (name) {
    case 'records': return includes(wish.feeds, subject.feed);
    case 'predictions': return includes(wish.deployments, subject.deployment) || wish.feeds?.includes('*') === true;
    case 'dropped': return true;
    default: return includes(wish.topics, name);
  }
}

function includes(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list !== undefined && (list.includes('*') || (value !== undefined && list.includes(value)));
}

/**
 * One stream of events for all parts of the page: browsers allow few connections to a node, and a page has many listeners. It is
 * opened again when the wishes change or the connection is lost, and closed while nobody listens.
 */
export class LiveStream {
  private readonly open: (address: string) => Source;
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private source: Source | null = null;
  private query: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isPaused = false;
  state: LiveState = 'idle';

  constructor(open: (address: string) => Source = address => new EventSource(address) as unknown as Source) {
    this.open = open;
  }

  /** Adds a listener; returns what removes it. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    this.later(settle);
    return () => {
      this.listeners.delete(listener);
      this.later(settle);
    };
  }

  /** Calls back when the state changes; returns what ends that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Closes the stream while nobody looks, or opens it again. */
  pause(isPaused: boolean): void {
    if (this.isPaused === isPaused)
      return;
    this.isPaused = isPaused;
    this.later(0);
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.adjust(), milliseconds);
  }

  private adjust(): void {
    const wanted = this.isPaused ? null : queryOf([...this.listeners].map(l => l.wish));
    const query = wanted && JSON.stringify(wanted);
    if (query === this.query && this.source)
      return;
    this.close();
    this.query = query;
    if (!wanted) {
      this.become('idle');
      return;
    }
    this.become('connecting');
    const source = this.open(addressOf('listenToEvents', undefined, wanted));
    this.source = source;
    source.onopen = () => {
      if (this.source !== source)
        return;
      this.failures = 0;
      this.become('open');
      for (const listener of this.listeners)
        listener.opened?.();
    };
    source.onerror = () => {
      if (this.source !== source)
        return;
      // The browser's own repetition gives up after a refusal, and has no back-off.
      this.close();
      this.failures++;
      this.become('waiting');
      this.later(backOff(this.failures));
    };
    for (const name of names)
      source.addEventListener(name, e => this.pass(name, e.data));
  }

  private pass(name: LiveName, text: string): void {
    const data: unknown = JSON.parse(text);
    for (const listener of this.listeners) {
      if (isWished(listener.wish, name, data))
        listener.hear(name, data);
    }
  }

  private close(): void {
    this.source?.close();
    this.source = null;
  }

  private become(state: LiveState): void {
    if (this.state === state)
      return;
    this.state = state;
    this.watchers.forEach(watcher => watcher());
  }
}
