/** What is paid for and how much: a reference with an amount, or an order; and what the duplicate guard says to it. */

import type { BlockView, Fault, MoneyView, OrderView, PartInput, SubjectInput } from '../../ipc/backend.ts';
import { isCardNumber } from '../card.ts';
import { faultOf, type Desk } from '../desk.svelte.ts';
import { Amount } from './amount.svelte.ts';
import { Latest } from './latest.ts';

export type OrderState =
  | { kind: 'empty' }
  | { kind: 'loading' }
  | { kind: 'found'; order: OrderView }
  | { kind: 'failed'; fault: Fault };

const PAUSE_MS = 700;

export class Owed {
  readonly desk: Desk;
  readonly amount: Amount;
  readonly again: Amount;
  reference = $state('');
  orderId = $state('');
  currency = $state('');
  order = $state.raw<OrderState>({ kind: 'empty' });
  /** What is wrong with the reference or the order id as typed. */
  fault = $state.raw<Fault | null>(null);
  /** The earlier attempt in the way, as the guard or Pay said. */
  block = $state.raw<BlockView | null>(null);
  part = $state.raw<PartInput | null>(null);
  /** What is paid of the reference so far, once a further part was declared. */
  paidSoFar = $state.raw<MoneyView | null>(null);
  /** Someone checked the price of an order that does not say it. */
  checkedByHand = $state(false);
  /** Pay has asked for the second amount. */
  askedTwice = $state(false);
  readonly #subject = new Latest();
  readonly #guard = new Latest();
  #asked = '';

  constructor(desk: Desk) {
    this.desk = desk;
    this.amount = new Amount(desk);
    this.again = new Amount(desk);
    this.currency = desk.account?.currencies[0] ?? '';
  }

  readonly byOrder = $derived.by(() => this.desk.account?.gateway === 'yolcu360');
  readonly typedSubject = $derived.by(() => (this.byOrder ? this.orderId : this.reference).trim());
  readonly subject = $derived.by<SubjectInput | null>(() => {
    if (this.typedSubject === '') return null;
    if (this.byOrder) return { kind: 'order', order: this.typedSubject };
    return { kind: 'reference', reference: this.typedSubject, part: this.part };
  });
  /** The order, where it is found and can be paid. */
  readonly payableOrder = $derived.by(() =>
    this.order.kind === 'found' && this.order.order.blocked === null ? this.order.order : null,
  );
  readonly money = $derived.by<MoneyView | null>(() => (this.byOrder ? (this.payableOrder?.amount ?? null) : this.amount.money));
  readonly twice = $derived.by(
    () => !this.byOrder && (this.askedTwice || (this.amount.state.kind === 'read' && this.amount.state.twice)),
  );
  readonly amountUnknown = $derived.by(() => this.payableOrder !== null && this.payableOrder.amount === null);

  /** A key was typed in the reference or the order id. */
  subjectTyped(): void {
    this.fault = null;
    this.block = null;
    this.part = null;
    this.paidSoFar = null;
    this.order = { kind: 'empty' };
    this.checkedByHand = false;
    this.#asked = '';
    this.#guard.drop();
    this.#askSubject(PAUSE_MS);
  }

  /** The field was left. */
  subjectLeft(): void {
    if (this.typedSubject !== this.#asked) this.#askSubject(0);
  }

  /** Asks for the order and of the guard once more. */
  askAnew(): void {
    this.#askSubject(0);
  }

  currencyChosen(): void {
    if (this.amount.text.trim() !== '') this.amount.left(this.currency);
    if (this.again.text.trim() !== '') this.again.left(this.currency);
  }

  /** The earlier payment is another part of the same reference. */
  declare(part: PartInput | null): void {
    this.paidSoFar = part === null ? null : (this.block?.paid ?? this.paidSoFar);
    this.part = part;
    this.askGuard();
  }

  /** Another account: the same reference may stand, its answers may not. */
  accountChanged(): void {
    this.currency = this.desk.account?.currencies[0] ?? '';
    this.block = null;
    this.part = null;
    this.fault = null;
    this.askedTwice = false;
    this.again.clear();
    this.order = { kind: 'empty' };
    if (!this.byOrder && this.amount.text.trim() !== '') this.amount.left(this.currency);
    if (this.typedSubject !== '') this.askAnew();
  }

  /** Asks the guard about what stands here now. */
  askGuard(): void {
    const account = this.desk.account;
    const subject = this.subject;
    if (!account || !subject) return;
    this.#guard.soon(0, async (isLast) => {
      try {
        const answer = await this.desk.backend.guard({ account: account.id, subject, amount: this.money });
        if (!isLast()) return;
        // Pay asks the guard again, so that a question that fails here opens nothing.
        this.block = answer.status === 'ok' ? answer.data : null;
      } catch {
        if (isLast()) this.block = null;
      }
    });
  }

  #askSubject(pause: number): void {
    const subject = this.subject;
    const account = this.desk.account;
    if (!subject || !account) {
      this.#subject.drop();
      this.#guard.drop();
      return;
    }
    const text = this.typedSubject;
    this.#subject.soon(pause, async (isLast) => {
      this.#asked = text;
      if (isCardNumber(text)) {
        // It is neither left standing there nor does it cross.
        this.desk.seesCard();
        this.reference = '';
        this.orderId = '';
        this.fault = { code: 'card_data_in_field', text: null, field: this.byOrder ? 'order' : 'reference' };
        return;
      }
      try {
        const read = await this.desk.backend.readSubject(subject);
        if (!isLast()) return;
        if (read.status === 'error') {
          this.fault = read.error;
          return;
        }
        this.askGuard();
        if (subject.kind === 'order') await this.#askOrder(account.id, subject.order, isLast);
      } catch (error) {
        if (isLast()) this.fault = faultOf(error);
      }
    });
  }

  async #askOrder(account: string, id: string, isLast: () => boolean): Promise<void> {
    this.order = { kind: 'loading' };
    const answer = await this.desk.backend.order(account, id);
    if (!isLast()) return;
    this.order = answer.status === 'ok' ? { kind: 'found', order: answer.data } : { kind: 'failed', fault: answer.error };
  }
}
