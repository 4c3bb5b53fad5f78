import { describe, expect, it } from 'vitest';
import { Rereading } from '../../src/lib/rereading.ts';

/** A question that is answered by hand. */
function asked() {
  const open: (() => void)[] = [];
  const log: string[] = [];
  const latest = new Rereading<string>(async (about, isLatest) => {
    log.push(`asks ${about}`);
    await new Promise<void>((resolve) => open.push(resolve));
    if (isLatest()) log.push(`hears ${about}`);
  });
  const answer = async (): Promise<void> => {
    open.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { latest, log, answer };
}

describe('a question of which only the newest counts', () => {
  it('is under way once, and waits once, however often it is asked', async () => {
    const { latest, log, answer } = asked();
    for (let times = 0; times < 20; times += 1) void latest.ask('close');
    expect(log).toEqual(['asks close']);
    await answer();
    expect(log).toEqual(['asks close', 'hears close', 'asks close']);
    await answer();
    await answer();
    expect(log).toEqual(['asks close', 'hears close', 'asks close', 'hears close']);
    void latest.ask('close');
    expect(log.at(-1)).toBe('asks close');
  });

  it('does not wait for the answer about something else, which counts no more', async () => {
    const { latest, log, answer } = asked();
    void latest.ask('close 1');
    void latest.ask('close 2');
    expect(log).toEqual(['asks close 1', 'asks close 2']);
    await answer();
    await answer();
    expect(log).toEqual(['asks close 1', 'asks close 2', 'hears close 2']);
  });
});
