import { describe, expect, it } from 'vitest';
import { several, shortDigest, withLocalTimes, words } from './words';

describe('words', () => {
  it('reads names of programs as words', () => {
    expect(words('awaitingApproval')).toBe('awaiting approval');
    expect(words('ok')).toBe('ok');
  });

  it('counts one thing and several', () => {
    expect(several(1, 'record')).toBe('1 record');
    expect(several(0, 'record')).toBe('0 records');
    expect(several(2, 'query', 'queries')).toBe('2 queries');
  });

  it('shows times within sentences in the viewer\'s zone, and leaves the rest', () => {
    expect(withLocalTimes('due 2026-11-24T02:00:00Z, 0 of 5')).toMatch(/^due .*2026.*, 0 of 5$/);
    expect(withLocalTimes('due 2026-11-24T02:00:00.123Z')).not.toContain('T02');
    expect(withLocalTimes('no time')).toBe('no time');
  });

  it('shortens digests', () => {
    expect(shortDigest('0123456789abcdef')).toBe('0123456789ab');
    expect(shortDigest('short')).toBe('short');
  });
});
