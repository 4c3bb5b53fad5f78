/** One sale, from the empty form until Pay has begun it. */

import type { BlockView, CardView, Code, Fault, Field, MeansInput, PayStop, SaleInput, Span, SupervisorInput } from '../../ipc/backend.ts';
import { faultOf, type Again, type Desk } from '../desk.svelte.ts';
import { sameMoney } from '../money.ts';
import { bytesOf, clearInputs, maskedOf, problemsOf, type CardInputs } from './hand.ts';
import { Owed } from './owed.svelte.ts';
import { Plans } from './plans.svelte.ts';

/** A card that the till holds since Pay was pressed; here only what may be shown of it. */
export type Held = { name: string; card: CardView; until: number };

/** What a supervisor is asked to agree to. */
export type Consent =
  | { kind: 'act'; code: Code }
  | { kind: 'override'; block: BlockView; attempt: string }
  | { kind: 'span'; span: Span };

/** Where the focus goes. */
export type Spot = Field | 'again' | 'plans' | 'notice' | 'checked' | 'pay';

/** What is said under a field. */
export type Problem = { spot: Spot; text: string };

const HELD_MS = 120_000;
const CARD_FIELDS: readonly Field[] = ['number', 'holder', 'expiry', 'cvc'];

export class Sale {
  readonly desk: Desk;
  readonly owed: Owed;
  readonly plans: Plans;
  /** From the agency's credit limit, not with a card. */
  byLimit = $state(false);
  threeDs = $state(true);
  inBrowser = $state(false);
  #held = $state.raw<Held | null>(null);
  /** The same, plainly: while a form is taken down, Svelte still shows what its state was before. */
  #inHand = false;
  problems = $state.raw<Problem[]>([]);
  /** What Pay said that belongs to no field. */
  notice = $state.raw<string | null>(null);
  consent = $state.raw<Consent | null>(null);
  busy = $state(false);
  /** Counts requests for the focus, so that the same spot can be asked for twice. */
  focus = $state.raw<{ spot: Spot; turn: number; at: number }>({ spot: 'reference', turn: 0, at: performance.now() });
  /** The earlier attempt that a supervisor is to be asked to allow this one beside, at Pay. */
  overriding = $state.raw<string | null>(null);
  #twinMeant = false;

  constructor(desk: Desk) {
    this.desk = desk;
    this.owed = new Owed(desk);
    this.plans = new Plans(desk, this.owed);
    if (desk.again) this.#goOn(desk.again);
  }

  readonly fromLimit = $derived.by(() => this.byLimit && this.owed.byOrder && this.desk.account?.credit_limit === true);
  readonly threeDsForced = $derived.by(() => this.plans.state.kind === 'listed' && this.plans.state.list.three_ds_forced);
  readonly threeDsOn = $derived.by(() => this.threeDs || this.threeDsForced);
  readonly currencyRefused = $derived.by(() => (this.plans.state.kind === 'listed' ? this.plans.state.list.currency_refused : null));

  /** An earlier attempt stands in the way, and nobody has said yet why it need not. */
  readonly inTheWay = $derived.by(() => {
    const { block } = this.owed;
    return block !== null && (this.overriding === null || this.overriding !== block.earlier?.attempt);
  });

  get held(): Held | null {
    return this.#held;
  }

  set held(held: Held | null) {
    this.#inHand = held !== null;
    this.#held = held;
  }

  /** The form is left. A card that the till has in hand for an answer is forgotten; one that was used is not in hand any more. */
  left(): void {
    this.consent = null;
    if (this.#inHand) void this.desk.backend.forgetCards();
    this.held = null;
  }

  problem(spot: Spot): string | null {
    return this.problems.find((one) => one.spot === spot)?.text ?? null;
  }

  /** A field is being corrected: what was said about it is not true any more. */
  corrected(...spots: Spot[]): void {
    if (this.problems.some((one) => spots.includes(one.spot))) this.problems = this.problems.filter((one) => !spots.includes(one.spot));
    this.notice = null;
  }

  ask(spot: Spot): void {
    this.focus = { spot, turn: this.focus.turn + 1, at: performance.now() };
  }

  /** Pay was pressed. What is missing is said, and nothing is sent; else the card is handed over and the payment begun. */
  async pay(inputs: CardInputs | null): Promise<void> {
    if (this.busy) return;
    this.notice = null;
    const problems = this.#missing(inputs);
    if (problems.length > 0) {
      this.#complain(problems);
      return;
    }
    this.busy = true;
    try {
      if (!this.fromLimit && !this.held && !(inputs && (await this.#handOver(inputs)))) return;
      const { block } = this.owed;
      if (block && this.overriding !== null && this.overriding === block.earlier?.attempt) {
        this.consent = { kind: 'override', block, attempt: this.overriding };
      } else this.#stopped(await this.#send(null, null));
    } catch (error) {
      this.#bridgeFailed(error);
    } finally {
      this.busy = false;
    }
  }

  /** A supervisor has agreed. Answers what is wrong with that, or null when the prompt is done. */
  async agreed(supervisor: SupervisorInput): Promise<{ text: string; field: Field | null } | null> {
    const consent = this.consent;
    if (!consent || this.busy) return null;
    this.busy = true;
    try {
      const stop = await this.#send(supervisor, consent.kind === 'override' ? consent.attempt : null);
      if (stop?.kind === 'not_a_supervisor') return { text: this.desk.words.codes.not_a_supervisor.happened, field: 'pin' };
      if (stop?.kind === 'wrong' && (stop.fault.field === 'reason' || stop.fault.field === 'supervisor_name' || stop.fault.field === 'pin')) {
        return { text: this.desk.faultText(stop.fault), field: stop.fault.field };
      }
      this.consent = null;
      this.#stopped(stop);
    } catch (error) {
      this.consent = null;
      this.#bridgeFailed(error);
    } finally {
      this.busy = false;
    }
    return null;
  }

  /** The cashier says that a second payment of the same card and amount is meant. */
  async twinMeant(inputs: CardInputs | null): Promise<void> {
    this.#twinMeant = true;
    this.owed.block = null;
    await this.pay(inputs);
  }

  /** A supervisor is to let this one pass beside an earlier one: asked at Pay, at once where Pay was pressed already. */
  async override(block: BlockView, inputs: CardInputs | null): Promise<void> {
    this.overriding = block.earlier?.attempt ?? null;
    this.corrected('notice');
    if (this.held) await this.pay(inputs);
    else this.goOn();
  }

  /** What stood in the way is dealt with: on to what is still to be done. */
  goOn(): void {
    if (this.fromLimit || this.plans.choice) this.ask('pay');
    else this.ask(this.plans.state.kind === 'listed' ? 'plans' : 'number');
  }

  /** The card that the till holds is not the one, or its time is over. */
  dropHeld(expired: boolean): void {
    this.held = null;
    this.plans.clear();
    if (expired) this.#complain([{ spot: 'number', text: this.desk.words.codes.card_forgotten.happened }]);
    else {
      void this.desk.backend.forgetCards();
      this.ask('number');
    }
  }

  /** Begins with what an attempt that took nothing was for. */
  #goOn(again: Again): void {
    const { from } = again;
    this.byLimit = again.means === 'credit_limit';
    if (from.order !== null) this.owed.orderId = from.order;
    if (from.booking !== null) this.owed.reference = from.booking;
    if (from.base && from.order === null) {
      this.owed.currency = from.base.currency;
      this.owed.amount.text = this.desk.figures(from.base.amount);
      this.owed.amount.left(this.owed.currency);
    }
    this.owed.askAnew();
    const field = again.focus;
    if (field === 'reference' || field === 'order' || field === 'amount') this.ask(field);
    else this.ask(this.byLimit ? 'pay' : 'number');
  }

  #missing(inputs: CardInputs | null): Problem[] {
    const { owed, plans } = this;
    const words = this.desk.words.sale;
    const problems: Problem[] = [];
    const journal = this.desk.journal;
    if (journal.kind === 'refusing') problems.push({ spot: 'pay', text: this.desk.words.codes[journal.fault.code].happened });
    if (journal.kind === 'not_written') problems.push({ spot: 'pay', text: this.desk.words.shell.notWritten });
    const subjectSpot = owed.byOrder ? 'order' : 'reference';
    if (owed.typedSubject === '') problems.push({ spot: subjectSpot, text: words.missing[subjectSpot] });
    else if (owed.fault) problems.push({ spot: subjectSpot, text: this.desk.faultText(owed.fault) });
    if (owed.byOrder && owed.typedSubject !== '' && !owed.payableOrder) problems.push({ spot: 'order', text: words.missing.orderUnread });
    if (!owed.byOrder && !owed.amount.money) problems.push({ spot: 'amount', text: this.#amountText() });
    if (owed.twice && owed.money && !sameMoney(owed.again.money, owed.money)) problems.push({ spot: 'again', text: words.amountsDiffer });
    if (owed.amountUnknown && !owed.checkedByHand) problems.push({ spot: 'checked', text: words.missing.checked });
    if (!this.fromLimit) {
      if (!this.held && inputs) {
        const said = problemsOf(inputs, new Date(this.desk.now));
        for (const one of said) problems.push({ spot: one.field, text: words.card[one.problem][one.field] });
      }
      // What is missing above is what the installments wait for, and said there.
      const waiting = plans.state.kind === 'waiting' && problems.length > 0;
      if (this.currencyRefused) problems.push({ spot: 'plans', text: words.currencyRefused(this.currencyRefused) });
      else if (!waiting && (!plans.choice || plans.state.kind !== 'listed')) problems.push({ spot: 'plans', text: this.#plansText() });
    }
    // What can't be released here is not sent to be refused there.
    const kind = owed.block?.kind;
    if (this.inTheWay && (kind === 'open_or_unknown' || kind === 'contradicted' || kind === 'already_paid')) problems.unshift({ spot: 'notice', text: words.block[kind] });
    return problems;
  }

  #amountText(): string {
    const { state } = this.owed.amount;
    return state.kind === 'refused' ? this.desk.words.codes[state.refusal.code].happened : this.desk.words.sale.missing.amount;
  }

  #plansText(): string {
    const { missing } = this.desk.words.sale;
    if (this.plans.state.kind === 'loading') return missing.plansLoading;
    return this.plans.state.kind === 'failed' ? missing.plansFailed : missing.plan;
  }

  #complain(problems: Problem[]): void {
    this.problems = problems;
    const first = problems[0];
    if (!first) return;
    if (first.spot === 'pay') this.notice = first.text;
    this.desk.announce(first.text, true);
    this.ask(first.spot);
  }

  /** The card crosses, once. The bytes are wiped and the fields emptied as soon as the till has it. */
  async #handOver(inputs: CardInputs): Promise<boolean> {
    const card = maskedOf(inputs);
    const bytes = bytesOf(inputs);
    let answer;
    try {
      answer = await this.desk.backend.handCard(bytes);
    } finally {
      bytes.fill(0);
    }
    if (answer.status === 'error') {
      // The till did not take it: what is in the fields is to be corrected.
      this.#wrong(answer.error);
      return false;
    }
    clearInputs(inputs);
    this.held = { name: answer.data, card, until: Date.now() + HELD_MS };
    return true;
  }

  #means(): MeansInput | null {
    if (this.fromLimit) return { kind: 'credit_limit' };
    const { choice, state } = this.plans;
    if (!this.held || !choice || state.kind !== 'listed') return null;
    return {
      kind: 'card', held: this.held.name, program: choice.program, installments: choice.installments, shown_total: choice.total,
      list: state.list.list, three_ds: this.threeDsOn, in_browser: this.inBrowser,
    };
  }

  async #send(supervisor: SupervisorInput | null, overrides: string | null): Promise<PayStop | null> {
    const account = this.desk.account;
    const { subject } = this.owed;
    const means = this.#means();
    if (!account || !subject || !means) return { kind: 'wrong', fault: { code: 'card_forgotten', text: null, field: 'number' } };
    const input: SaleInput = {
      account: account.id, subject, amount: this.owed.money, amount_again: this.owed.twice ? this.owed.again.money : null,
      means, operator: this.desk.preferences.operator, supervisor, overrides, twin_confirmed: this.#twinMeant,
    };
    const answer = await this.desk.backend.pay(input);
    if (answer.status === 'error') return answer.error;
    this.held = null;
    this.desk.took(answer.data);
    return null;
  }

  /** What Pay says no with, and what helps. */
  #stopped(stop: PayStop | null): void {
    if (!stop) return;
    const words = this.desk.words.sale;
    switch (stop.kind) {
      case 'blocked':
        this.owed.block = stop.block;
        this.#complain([{ spot: 'notice', text: words.block[stop.block.kind] }]);
        break;
      case 'type_again':
        this.owed.askedTwice = true;
        this.owed.again.clear();
        this.#complain([{ spot: 'again', text: words.typeAgain(this.desk.money(stop.limit)) }]);
        break;
      case 'supervisor':
        this.consent = { kind: 'act', code: stop.code };
        break;
      case 'not_a_supervisor':
        this.consent = { kind: 'act', code: 'needs_supervisor' };
        break;
      case 'span_missing':
        this.consent = { kind: 'span', span: { from: stop.from, until: stop.until } };
        break;
      case 'options':
        this.plans.askAnew();
        this.plans.choice = null;
        this.plans.choiceCleared = true;
        // A price that changed shows in the order's own summary.
        if (this.owed.byOrder) this.owed.askAnew();
        this.#complain([{ spot: 'plans', text: this.desk.faultText(stop.fault) }]);
        break;
      case 'wrong':
        this.#wrong(stop.fault);
        break;
    }
  }

  #wrong(fault: Fault): void {
    const text = this.desk.faultText(fault);
    if (this.held && ((fault.field && CARD_FIELDS.includes(fault.field)) || fault.code === 'card_forgotten')) {
      this.held = null;
      this.plans.clear();
      void this.desk.backend.forgetCards();
    }
    const spot = fault.code === 'card_forgotten' ? 'number' : fault.field;
    if (spot && ['number', 'holder', 'expiry', 'cvc', 'reference', 'order', 'amount', 'currency', 'part'].includes(spot)) {
      this.#complain([{ spot: spot === 'currency' ? 'amount' : spot === 'part' ? 'reference' : spot, text }]);
      return;
    }
    this.notice = text;
    this.desk.announce(text, true);
  }

  /** Nobody can say whether the shell got it: everything is asked for anew, and what was begun shows up. */
  #bridgeFailed(error: unknown): void {
    this.notice = this.desk.faultText(faultOf(error));
    this.desk.announce(this.notice, true);
    void this.desk.open();
  }
}

const current = new WeakMap<Desk, { turn: number; sale: Sale }>();

/** The sale under way. It outlives a look at another screen; the card in its fields does not. */
export function saleOf(desk: Desk): Sale {
  const known = current.get(desk);
  if (known && known.turn === desk.sales) return known.sale;
  // In a root of its own: made by the screen that asks, what the sale derives would end with that screen.
  let made: Sale | null = null;
  $effect.root(() => {
    made = new Sale(desk);
  });
  const sale = made ?? new Sale(desk);
  current.set(desk, { turn: desk.sales, sale });
  return sale;
}
