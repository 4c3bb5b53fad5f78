/** The list of payments: searched while typing, late answers dropped, read on page by page. */

import type { Backend, Fault, HistoryFilter, HistoryRow, OutcomeWord, Understood } from '../../ipc/backend.ts';
import { withoutCardNumbers } from '../../lib/card.ts';
import { faultOf } from '../../lib/desk.svelte.ts';

/** A scanner types faster than this; a person never waits for it. */
const TYPING_MS = 30;

/** What stands beside the search line. */
export type Filters = { outcome: OutcomeWord | null; account: string | null; operator: string | null; plan: number | null; from: string | null; until: string | null };

export const NO_FILTERS: Filters = { outcome: null, account: null, operator: null, plan: null, from: null, until: null };

/** The list as it was left, so that coming back from one payment finds it so: the search, what was read, and the row. */
type Left = { desk: string; text: string; filters: Filters; rows: HistoryRow[] | null; more: boolean; understood: Understood[]; active: string | null };
let left: Left | null = null;

/** How long it takes from a key to the painted list: measured in the window itself, for whoever looks (`tests/`). */
const MEASURE = 'vezne:search';

export class PaymentList {
  text = $state('');
  filters = $state.raw<Filters>(NO_FILTERS);
  rows = $state.raw<HistoryRow[] | null>(null);
  more = $state(false);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  understood = $state.raw<Understood[]>([]);
  /** How many came since that are not shown: whoever has read on is left where they are. */
  fresh = $state(0);
  /** What failed was reading on, and not the search. */
  failedOn = $state(false);
  /** The attempt of the row that the keyboard is at. */
  active = $state<string | null>(null);
  /** What a pasted link named, for whoever shows it. */
  named: ((payment: string) => void) | null = null;
  /** The link was the search. Not read from what it has made of the text: who stops sees what was there before. */
  #found = false;
  #turn = 0;
  /** Where what was asked last began. */
  #after: string | null = null;
  #refreshing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #key: number | null = null;

  constructor(
    readonly backend: Backend,
    readonly desk: string,
  ) {
    if (left?.desk !== desk) return;
    ({ text: this.text, filters: this.filters, rows: this.rows, more: this.more, understood: this.understood, active: this.active } = left);
  }

  get isSearch(): boolean {
    return this.text.trim() !== '' || Object.values(this.filters).some((value) => value !== null);
  }

  /** Something was typed: it is searched when the burst of keys is over. */
  typed(): void {
    this.#key ??= performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), TYPING_MS);
  }

  choose(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    clearTimeout(this.#timer);
    void this.read();
  }

  clear(): void {
    this.text = '';
    this.choose(NO_FILTERS);
  }

  /** Kept for coming back, unless what was searched has been found and shown. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    left = this.#found ? null : { desk: this.desk, text: withoutCardNumbers(this.text), filters: this.filters, rows: this.rows, more: this.more, understood: this.understood, active: this.active };
  }

  /** From the newest on. */
  async read(): Promise<void> {
    await this.#ask(null);
  }

  /** Those before the last one shown. */
  async readOn(): Promise<void> {
    const last = this.rows?.at(-1);
    if (this.busy || !this.more || last === undefined) return;
    await this.#ask(last.attempt);
  }

  /** What failed, once more. */
  async again(): Promise<void> {
    await this.#ask(this.#after);
  }

  /**
   * What is shown, as it is now, while whoever has read on stays where they are: rows that changed are changed, those that the search no
   * longer finds are gone, and those that came are counted.
   */
  async refresh(): Promise<void> {
    const shown = this.rows;
    const last = shown?.at(-1);
    if (shown === null || last === undefined || this.busy || this.#refreshing) return;
    this.#refreshing = true;
    const turn = this.#turn;
    const now = new Map<string, HistoryRow>();
    let after: string | null = null;
    let whole = false;
    try {
      // One page more than is shown: as many as that may have come meanwhile.
      for (let read = 0; !whole && read <= shown.length; ) {
        const answer = await this.backend.history(this.#filter(after));
        if (answer.status === 'error') break;
        for (const row of answer.data.rows) now.set(row.attempt, row);
        read += Math.max(answer.data.rows.length, 1);
        after = answer.data.rows.at(-1)?.attempt ?? null;
        whole = now.has(last.attempt) || !answer.data.more || after === null;
      }
    } catch {
      // What can't be read now is read at the next change.
    } finally {
      this.#refreshing = false;
    }
    // Something else was searched, or read on, meanwhile.
    if (turn !== this.#turn || this.busy) return;
    const known = new Set(shown.map((row) => row.attempt));
    this.rows = shown.flatMap((row) => now.get(row.attempt) ?? (whole ? [] : row));
    // Behind the last one shown stands what has not been read yet, and is not new.
    const order = [...now.keys()];
    const end = order.findLastIndex((attempt) => known.has(attempt));
    this.fresh = order.slice(0, Math.max(end, 0)).filter((attempt) => !known.has(attempt)).length;
  }

  #filter(after: string | null): HistoryFilter {
    return { text: withoutCardNumbers(this.text), ...this.filters, after };
  }

  async #ask(after: string | null): Promise<void> {
    this.#turn += 1;
    this.#after = after;
    const turn = this.#turn;
    this.busy = true;
    let fault: Fault | null = null;
    try {
      const answer = await this.backend.history(this.#filter(after));
      if (turn !== this.#turn) return;
      if (answer.status === 'ok') {
        const { rows, more, named, understood } = answer.data;
        this.rows = after === null ? rows : [...(this.rows ?? []), ...rows];
        if (after === null) this.fresh = 0;
        this.more = more;
        this.understood = understood;
        if (!this.rows.some((row) => row.attempt === this.active)) this.active = this.rows[0]?.attempt ?? null;
        const first = rows[0];
        if (named && first !== undefined && this.named !== null) {
          this.#found = true;
          this.named(first.payment);
        }
        this.#painted();
      } else fault = answer.error;
    } catch (error) {
      fault = faultOf(error);
    }
    if (turn !== this.#turn) return;
    this.fault = fault;
    this.failedOn = fault !== null && after !== null;
    this.busy = false;
  }

  /** The frame after the next one has the rows on it. */
  #painted(): void {
    const start = this.#key;
    this.#key = null;
    if (start === null) return;
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        performance.clearMeasures(MEASURE);
        performance.measure(MEASURE, { start, end: performance.now() });
      });
    });
  }
}
