import { describe, expect, it } from 'vitest';
import type { CloseComparison } from '../../src/ipc/backend.ts';
import { telling } from '../../src/lib/comparisons.ts';

const one = (ended: string, more: Partial<CloseComparison> = {}): CloseComparison => ({
  ended, operator: null, agreed: 1, unanswered: 0, cannot_be_asked: 0, nothing_sent: 0, left: 0, differences: [], ...more,
});

describe('the comparisons of a close', () => {
  it('show the newest whole one, and beside it the later ones that are not', () => {
    const [old, whole, stopped, silent] = [one('1'), one('2', { cannot_be_asked: 3 }), one('3', { left: 5 }), one('4', { unanswered: 1 })];
    const shown = (...all: CloseComparison[]): string[] => telling(all).map((each) => each.ended);
    expect(shown()).toEqual([]);
    expect(shown(old, whole)).toEqual(['2']);
    expect(shown(old, whole, stopped)).toEqual(['2', '3']);
    expect(shown(old, whole, stopped, silent)).toEqual(['2', '3', '4']);
    expect(shown(silent, stopped)).toEqual(['4', '3']);
  });
});
