import { describe, expect, it } from 'vitest';
import type { TriggerDetails } from '../../../api/contracts';
import { bodyOf, draftOf, emptyTrigger, releaseText, seconds } from './trigger';

describe('seconds', () => {
  it('reads durations as the node writes them', () => {
    expect(seconds('00:05:00')).toBe(300);
    expect(seconds('30.01:00:02')).toBe(30 * 86_400 + 3602);
    expect(seconds(12)).toBe(12);
    expect(seconds(null)).toBe(0);
  });
});

describe('bodyOf', () => {
  it('asks for what the form shows, and nothing that is off', () => {
    expect(bodyOf({ ...emptyTrigger, name: ' nightly ', deployment: 'd', kind: 'none', newLabels: 100, backtestHours: null })).toMatchObject({
      name: 'nightly', deployment: 'd', schedule: null, newLabels: 100, drift: null, quality: null, window: null, coolDown: 3600,
      release: { step: 'keep', approval: true, backtest: null },
    });
  });

  it('asks for the same again, and keeps what the form does not show', () => {
    const request = {
      name: 'n', deployment: 'd', schedule: { every: '06:00:00' }, drift: { psi: 0.3, for: '00:10:00' }, window: '2.00:00:00', coolDown: '02:00:00',
      quality: { figure: 'accuracy', limit: 0.8 }, release: { step: 'canary', approval: false, backtest: '1.00:00:00', maximumLoss: 0.1, share: 0.2 }, training: { workflow: 'w' },
    };
    const body = bodyOf(draftOf({ request } as unknown as TriggerDetails), request as never);

    expect(body).toMatchObject({
      schedule: { every: 21_600 }, drift: { psi: 0.3, for: 600 }, window: 172_800, coolDown: 7200, quality: { figure: 'accuracy', limit: 0.8 },
      release: { step: 'canary', approval: false, backtest: 86_400, maximumLoss: 0.1, share: 0.2 }, training: { workflow: 'w' },
    });
  });
});

describe('releaseText', () => {
  it('says each step', () => {
    expect(releaseText({ step: 'canary', approval: true, backtest: 60, maximumLoss: 0, share: 0.2 })).toMatch(/^compare with production, then wait for approval, then let it answer a share.*20/);
    expect(releaseText(null)).toBe('wait for approval, then keep it in the registry');
  });
});
