/** An amount while it is typed: the desk reads it, and asks back where it can be read in two ways. */

import type { AmountRefusal, MoneyView } from '../../ipc/backend.ts';
import { faultOf, type Desk } from '../desk.svelte.ts';
import { Latest } from './latest.ts';

export type AmountState =
  | { kind: 'empty' }
  | { kind: 'reading' }
  | { kind: 'read'; amount: MoneyView; twice: boolean }
  | { kind: 'refused'; refusal: AmountRefusal };

const PAUSE_MS = 600;
/** More digits than any amount has: a card number in the wrong field, which is not left standing in large figures. */
const CARD_DIGITS = 13;

export class Amount {
  text = $state('');
  state = $state.raw<AmountState>({ kind: 'empty' });
  readonly #desk: Desk;
  readonly #latest = new Latest();
  /** What the state was read from, so that leaving a field asks only for what is new. */
  #read = '';

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  readonly money = $derived.by<MoneyView | null>(() => (this.state.kind === 'read' ? this.state.amount : null));

  /** A key was typed. */
  typed(currency: string): void {
    if (this.text.replace(/\D/g, '').length >= CARD_DIGITS) {
      this.clear();
      this.state = { kind: 'refused', refusal: { code: 'card_data_in_field', readings: [] } };
      return;
    }
    this.state = this.text.trim() === '' ? { kind: 'empty' } : { kind: 'reading' };
    this.#ask(currency, PAUSE_MS);
  }

  /** The field was left, or the currency changed. */
  left(currency: string): void {
    if (this.#read === `${this.text}|${currency}`) {
      this.#tidy();
      return;
    }
    this.#ask(currency, 0, true);
  }

  /** One of the offered readings is meant. */
  choose(reading: MoneyView): void {
    this.text = this.#desk.figures(reading.amount);
    this.#ask(reading.currency, 0, true);
  }

  clear(): void {
    this.#latest.drop();
    this.text = '';
    this.state = { kind: 'empty' };
    this.#read = '';
  }

  #ask(currency: string, pause: number, leaving = false): void {
    const account = this.#desk.account;
    const text = this.text;
    if (!account || text.trim() === '') {
      this.#latest.drop();
      this.#read = '';
      this.state = { kind: 'empty' };
      return;
    }
    this.#latest.soon(pause, async (isLast) => {
      const state = await this.#reading(account.id, text, currency);
      if (!isLast()) return;
      this.#read = `${text}|${currency}`;
      this.state = state;
      if (leaving) this.#tidy();
    });
  }

  async #reading(account: string, text: string, currency: string): Promise<AmountState> {
    try {
      const answer = await this.#desk.backend.readAmount(account, text, currency);
      if (answer.status === 'ok') return { kind: 'read', ...answer.data };
      return { kind: 'refused', refusal: answer.error };
    } catch (error) {
      return { kind: 'refused', refusal: { code: faultOf(error).code, readings: [] } };
    }
  }

  /** Writes what was read as it is read, `545` as `545.00`. Without decimals a grouped figure could be read in two ways. */
  #tidy(): void {
    if (this.state.kind !== 'read' || !this.state.amount.amount.includes('.')) return;
    this.text = this.#desk.figures(this.state.amount.amount);
    this.#read = `${this.text}|${this.state.amount.currency}`;
  }
}
