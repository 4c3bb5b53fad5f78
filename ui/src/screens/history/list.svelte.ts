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
  /** The attempt of the row that the keyboard is at. */
  active = $state<string | null>(null);
  /** What a pasted link named, for whoever shows it. */
  named: ((payment: string) => void) | null = null;
  /** The link was the search. Not read from what it has made of the text: who stops sees what was there before. */
  #found = false;
  #turn = 0;
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

  async #ask(after: string | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const filter: HistoryFilter = { text: withoutCardNumbers(this.text), ...this.filters, after };
    this.busy = true;
    let fault: Fault | null = null;
    try {
      const answer = await this.backend.history(filter);
      if (turn !== this.#turn) return;
      if (answer.status === 'ok') {
        const { rows, more, named, understood } = answer.data;
        this.rows = after === null ? rows : [...(this.rows ?? []), ...rows];
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
