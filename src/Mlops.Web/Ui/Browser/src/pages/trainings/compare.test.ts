import { describe, expect, it } from 'vitest';
import { bestOf, differs } from './compare';

describe('bestOf', () => {
  it('is the largest, and the smallest of errors and losses', () => {
    expect(bestOf('accuracy', [0.8, 0.9, undefined])).toBe(1);
    expect(bestOf('val_loss', [0.8, 0.9])).toBe(0);
    expect(bestOf('rmse', [3, 2, 5])).toBe(1);
  });

  it('is nothing where there is nothing to choose', () => {
    expect(bestOf('accuracy', [0.8, 0.8])).toBeNull();
    expect(bestOf('accuracy', [0.8, undefined])).toBeNull();
  });
});

describe('differs', () => {
  it('takes what nobody has said as the same', () => {
    expect(differs([undefined, null])).toBe(false);
    expect(differs(['a', 'b'])).toBe(true);
  });
});
