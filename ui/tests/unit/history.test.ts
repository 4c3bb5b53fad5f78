import { describe, expect, it } from 'vitest';
import type { Backend, HistoryFilter, HistoryRow } from '../../src/ipc/backend.ts';
import { PaymentList } from '../../src/screens/history/list.svelte.ts';

const PAGE = 50;

/** A desk with so many payments, newest first, that can be changed and can fail. */
class Kept {
  rows: HistoryRow[];
  asked = 0;
  failing = false;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, place) => Kept.row(`att_${String(count - place).padStart(4, '0')}`));
  }

  static row(attempt: string, outcome: HistoryRow['outcome'] = 'approved'): HistoryRow {
    return { attempt, payment: attempt.replace('att', 'pay'), outcome } as HistoryRow;
  }

  get backend(): Backend {
    const history = (filter: HistoryFilter) => {
      this.asked += 1;
      if (this.failing) return Promise.resolve({ status: 'error', error: { code: 'internal', text: null, field: null } });
      const found = this.rows.filter((row) => filter.outcome === null || row.outcome === filter.outcome);
      const from = filter.after === null ? 0 : found.findIndex((row) => row.attempt < (filter.after ?? ''));
      const rows = from < 0 ? [] : found.slice(from, from + PAGE);
      return Promise.resolve({ status: 'ok', data: { rows, more: from >= 0 && from + PAGE < found.length, named: false, understood: [] } });
    };
    return { history } as unknown as Backend;
  }
}

async function readTwice(kept: Kept, desk: string): Promise<PaymentList> {
  const list = new PaymentList(kept.backend, desk);
  await list.read();
  await list.readOn();
  return list;
}

describe('a list that was read on', () => {
  it('is found as it was left, with what changed meanwhile, and says how many came', async () => {
    const kept = new Kept(200);
    const before = await readTwice(kept, 'returning');
    before.active = 'att_0130';
    before.stop();
    // The one that was looked at is settled, an older one too, and two customers came.
    kept.rows = kept.rows.map((row) => (['att_0130', 'att_0199'].includes(row.attempt) ? { ...row, outcome: 'declined' } : row));
    kept.rows.unshift(Kept.row('att_0202'), Kept.row('att_0201'));
    const list = new PaymentList(kept.backend, 'returning');
    expect(list.rows).toHaveLength(100);
    await list.refresh();
    expect(list.active).toBe('att_0130');
    expect(list.rows).toHaveLength(100);
    expect(list.rows?.filter((row) => row.outcome === 'declined').map((row) => row.attempt)).toEqual(['att_0199', 'att_0130']);
    expect(list.fresh).toBe(2);
    // What has not been read yet is not new.
    await list.readOn();
    expect(list.rows).toHaveLength(150);
    expect(new Set(list.rows?.map((row) => row.attempt)).size).toBe(150);
    await list.read();
    expect(list.rows?.[0]?.attempt).toBe('att_0202');
    expect(list.fresh).toBe(0);
  });

  it('loses what the search no longer finds', async () => {
    const kept = new Kept(120);
    const list = new PaymentList(kept.backend, 'filtered');
    list.filters = { ...list.filters, outcome: 'approved' };
    await list.read();
    await list.readOn();
    kept.rows = kept.rows.map((row) => (row.attempt === 'att_0060' ? { ...row, outcome: 'declined' } : row));
    await list.refresh();
    expect(list.rows).toHaveLength(99);
    expect(list.rows?.some((row) => row.attempt === 'att_0060')).toBe(false);
    expect(list.fresh).toBe(0);
  });

  it('stands as it is where nothing can be read', async () => {
    const kept = new Kept(120);
    const list = await readTwice(kept, 'failing');
    kept.failing = true;
    await list.refresh();
    expect(list.rows).toHaveLength(100);
  });

  it('reads on once more from where that failed, and not from the top', async () => {
    const kept = new Kept(120);
    const list = await readTwice(kept, 'again');
    kept.failing = true;
    await list.readOn();
    expect([list.failedOn, list.fault?.code, list.rows?.length]).toEqual([true, 'internal', 100]);
    kept.failing = false;
    await list.again();
    expect([list.failedOn, list.fault, list.rows?.length, list.more]).toEqual([false, null, 120, false]);
  });
});
