/** How much shall go back, while it is typed: read by the desk, held against what is left. */

import type { AmountRefusal, Backend, MoneyView } from '../../ipc/backend.ts';
import { faultOf } from '../desk.svelte.ts';
import { left } from '../money.ts';
import { Latest } from '../sale/latest.ts';

const PAUSE_MS = 250;

export type ReturnAmountState =
  | { kind: 'empty' }
  | { kind: 'reading' }
  | { kind: 'read'; amount: MoneyView }
  | { kind: 'over' }
  | { kind: 'refused'; refusal: AmountRefusal };

export class ReturnAmount {
  text = $state('');
  state = $state.raw<ReturnAmountState>({ kind: 'empty' });
  readonly #backend: Backend;
  readonly #most: MoneyView | null;
  #currency = $state('');
  readonly #latest = new Latest();

  constructor(backend: Backend, most: MoneyView | null, currency = most?.currency ?? '') {
    this.#backend = backend;
    this.#most = most;
    this.#currency = currency;
  }

  get currency(): string {
    return this.#currency;
  }

  /** Another one is meant: the amount is read anew. */
  set currency(currency: string) {
    this.#currency = currency;
    this.typed();
  }

  readonly money = $derived.by<MoneyView | null>(() => (this.state.kind === 'read' ? this.state.amount : null));

  /** A key was typed. */
  typed(): void {
    const text = this.text;
    if (text.trim() === '') {
      this.#latest.drop();
      this.state = { kind: 'empty' };
      return;
    }
    this.state = { kind: 'reading' };
    this.#latest.soon(PAUSE_MS, async (isLast) => {
      const state = await this.#reading(text);
      if (isLast()) this.state = state;
    });
  }

  /** Whether there may be an amount: one that is still being read is waited for by `read`. */
  get isThere(): boolean {
    return this.state.kind === 'read' || this.state.kind === 'reading';
  }

  /** The amount, read now if it was typed a moment ago; `null` where it is none, and the field says why. */
  async read(): Promise<MoneyView | null> {
    if (this.state.kind === 'reading') {
      this.#latest.drop();
      this.state = await this.#reading(this.text);
    }
    return this.money;
  }

  /** One of the readings that were offered is meant, as it is written in the window's language. */
  choose(text: string): void {
    this.text = text;
    this.typed();
  }

  async #reading(text: string): Promise<ReturnAmountState> {
    try {
      const answer = await this.#backend.readReturnAmount(text, this.#currency);
      if (answer.status === 'error') return { kind: 'refused', refusal: answer.error };
      const over = this.#most !== null && left(answer.data, this.#most) !== null;
      return over ? { kind: 'over' } : { kind: 'read', amount: answer.data };
    } catch (error) {
      return { kind: 'refused', refusal: { code: faultOf(error).code, readings: [] } };
    }
  }
}
