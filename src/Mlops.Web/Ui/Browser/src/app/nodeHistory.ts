import { useSyncExternalStore } from 'react';
import type { NodeStatus } from '../api/contracts';

/** What a node said of itself at one time, and what it did since the time before. */
export interface NodeSample {
  /** Seconds since 1970. */
  at: number;
  memoryMiB: number;
  cpuPercent: number;
  watts: number | null;
  /** Each second, since the sample before; null for the first. */
  messages: number | null;
  records: number | null;
  answers: number | null;
}

interface Totals {
  at: number;
  uptime: number;
  messages: number | null;
  records: number | null;
  answers: number | null;
}

const most = 900;
const least = 1;

/** Keeps what a node said while the page is open, an hour and a quarter at most. */
export class NodeHistory {
  private samples: readonly NodeSample[] = [];
  private before: Totals | null = null;
  private readonly watchers = new Set<() => void>();

  get all(): readonly NodeSample[] {
    return this.samples;
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  add(status: NodeStatus, at: number): void {
    const figure = (room: string, name: string): number | null => {
      const value = status.rooms.find(r => r.name === room)?.figures?.[name];
      return typeof value === 'number' ? value : null;
    };
    // Rates over an instant would be noise.
    if (this.before && status.uptime >= this.before.uptime && status.uptime - this.before.uptime < least)
      return;
    const now: Totals = { at, uptime: status.uptime, messages: figure('ingest', 'messages'), records: figure('ingest', 'records'), answers: figure('prediction', 'answered') };
    // A node that has started again counts from zero.
    const before = this.before && now.uptime > this.before.uptime ? this.before : null;
    const rate = (name: 'messages' | 'records' | 'answers'): number | null => {
      const [was, is] = [before?.[name], now[name]];
      return before && typeof was === 'number' && typeof is === 'number' ? Math.max(0, (is - was) / (now.uptime - before.uptime)) : null;
    };
    this.samples = [...this.samples.slice(1 - most), {
      at, memoryMiB: status.memoryMiB, cpuPercent: status.cpuPercent, watts: status.powerWatts ?? null,
      messages: rate('messages'), records: rate('records'), answers: rate('answers'),
    }];
    this.before = now;
    this.watchers.forEach(watcher => watcher());
  }
}

export const nodeHistory = new NodeHistory();

export function useNodeHistory(): readonly NodeSample[] {
  return useSyncExternalStore(nodeHistory.watch, () => nodeHistory.all);
}
