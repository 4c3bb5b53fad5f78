/** The list of payments: searched while typing, late answers dropped, read on page by page. */

import type { Backend, Fault, HistoryRow, OutcomeWord } from '../../ipc/backend.ts';
import { faultOf } from '../../lib/desk.svelte.ts';

const TYPING_MS = 140;

/** What was searched last, so that coming back from one payment finds the list as it was left. */
let left: { desk: string; text: string; outcome: OutcomeWord | null } = { desk: '', text: '', outcome: null };

export class PaymentList {
  text = $state('');
  outcome = $state<OutcomeWord | null>(null);
  rows = $state.raw<HistoryRow[] | null>(null);
  more = $state(false);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly backend: Backend,
    readonly desk: string,
  ) {
    if (left.desk === desk) {
      this.text = left.text;
      this.outcome = left.outcome;
    }
  }

  /** Something was typed: it is searched when the typing pauses. */
  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), TYPING_MS);
  }

  choose(outcome: OutcomeWord | null): void {
    this.outcome = outcome;
    clearTimeout(this.#timer);
    void this.read();
  }

  clear(): void {
    this.text = '';
    this.choose(null);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  /** From the newest on. */
  async read(): Promise<void> {
    left = { desk: this.desk, text: this.text, outcome: this.outcome };
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
    this.busy = true;
    let fault: Fault | null = null;
    try {
      const answer = await this.backend.history({ text: this.text, outcome: this.outcome, after });
      if (turn !== this.#turn) return;
      if (answer.status === 'ok') {
        this.rows = after === null ? answer.data.rows : [...(this.rows ?? []), ...answer.data.rows];
        this.more = answer.data.more;
      } else fault = answer.error;
    } catch (error) {
      fault = faultOf(error);
    }
    if (turn !== this.#turn) return;
    this.fault = fault;
    this.busy = false;
  }
}
