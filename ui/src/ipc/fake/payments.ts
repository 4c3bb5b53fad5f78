// Taking a payment at the fake desk.
import type {
  AmountRefusal, AttemptView, BlockKind, BlockView, Fault, GuardQuestion, MeansInput, MoneyView, OptionsQuestion, OptionsView, PayStop, Result,
  SaleInput, SubjectInput, TypedAmount,
} from '../backend.ts';
import { minorOf, money, readTyped } from './amounts.ts';
import { fault, no, now, ok } from './answers.ts';
import { after, begun, masked } from './attempts.ts';
import { blockOf, madeUp } from './guard.ts';
import * as orders from './orders.ts';
import { OPERATORS, FINROTA } from './people.ts';
import { answer } from './plans.ts';
import { Stage, type Held } from './stage.ts';

type Card = Extract<MeansInput, { kind: 'card' }>;

const SLOW_MS = 6_000;
const OPEN_AT_MOST = 3;
const BY_CARD: readonly BlockKind[] = ['same_card_unknown', 'set_aside_same_card', 'twin'];
/** How long each stage takes when a person looks on. */
const STAGE_MS = { preparing: 400, sending: 900, at_bank: 6_000, confirming: 1_200 } as const;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The commands of the screen Sale: from what is typed to Pay. */
export class Payments extends Stage {
  #lists = new Map<number, OptionsView>();
  #held = new Map<string, Held>();
  #nextId = 101;
  #nextList = 1;

  async readAmount(account: string, text: string, currency: string): Promise<Result<TypedAmount, AmountRefusal>> {
    const wrong = await this.comes('readAmount', [account, text, currency]);
    if (wrong !== null) return no({ code: wrong.code, readings: [] });
    const read = readTyped(text, currency);
    if (!read.ok) return no(read.refusal);
    const limit = this.account(account)?.confirm_above ?? null;
    const twice = limit !== null && limit.currency === currency && read.minor > minorOf(limit);
    return ok({ amount: money(read.minor, currency), twice });
  }

  readSubject = (subject: SubjectInput) => this.does('readSubject', [subject], () => {
    const text = subject.kind === 'order' ? subject.order : subject.reference;
    const field = subject.kind;
    if (text.trim() === '') return fault(field === 'order' ? 'order_id_empty' : 'reference_empty', field);
    if (text.length > 64) return fault(field === 'order' ? 'order_id_odd' : 'reference_too_long', field);
    return null;
  });

  async order(account: string, order: string) {
    const wrong = await this.comes('order', [account, order]);
    if (wrong !== null) return no(wrong);
    const found = orders.find(order);
    return typeof found === 'string' ? no(fault(found, 'order')) : ok(structuredClone(found));
  }

  async options(question: OptionsQuestion): Promise<Result<OptionsView, Fault>> {
    this.watchman.seesBin(question.bin, this.account(question.account)?.eight_digits ?? false);
    const list = this.#nextList;
    this.#nextList += 1;
    const wrong = await this.comes('options', [question]);
    if (wrong !== null) return no(wrong);
    const way = this.scenario.options;
    if (way === 'failing') return no(fault('gateway_no_answer'));
    if (way === 'slow') await new Promise((go) => setTimeout(go, SLOW_MS));
    const found = question.order === null ? null : orders.find(question.order);
    const base = question.amount ?? (found !== null && typeof found !== 'string' ? found.amount : null) ?? money(71_000n);
    const view = answer(way === 'slow' ? 'six' : way, list, question.bin, base, after(now(), 1_200_000));
    this.#lists.set(list, view);
    return ok(structuredClone(view));
  }

  async guard(question: GuardQuestion): Promise<Result<BlockView | null, Fault>> {
    const wrong = await this.comes('guard', [question]);
    if (wrong !== null) return no(wrong);
    return ok(structuredClone(this.#blockOf(question)));
  }

  /** What is in the way as far as it can be told without the card. */
  #blockOf(question: GuardQuestion): BlockView | null {
    const { guard } = this.scenario;
    if (guard !== null && !BY_CARD.includes(guard)) return madeUp(guard, question, this.began);
    if (this.known.filter((one) => one.outcome === null).length >= OPEN_AT_MOST) return madeUp('too_many_open', question, this.began);
    return blockOf(question, this.known);
  }

  /** What only the card can tell, and so only Pay. */
  #cardBlock(sale: SaleInput): BlockView | null {
    const { guard } = this.scenario;
    if (guard === null || !BY_CARD.includes(guard) || sale.means.kind !== 'card' || (guard === 'twin' && sale.twin_confirmed)) return null;
    return madeUp(guard, sale, this.began);
  }

  async handCard(bytes: Uint8Array): Promise<Result<string, Fault>> {
    this.calls.push({ command: 'handCard', args: [bytes.length], at: Date.now() });
    const card = JSON.parse(decoder.decode(bytes)) as Record<string, unknown>;
    this.handed.push(bytes);
    const { number, holder, expiry_month: month, expiry_year: year, cvc, ...more } = card;
    if (Object.keys(more).length > 0) throw new Error(`handCard carried ${Object.keys(more).join(', ')}.`);
    if (typeof number !== 'string' || typeof holder !== 'string' || typeof month !== 'number' || typeof year !== 'number' || typeof cvc !== 'string') {
      throw new Error('handCard: a field is missing or of another kind.');
    }
    if (!/^\d{12,19}$/.test(number) || year < 2000 || month < 1 || month > 12) throw new Error('handCard: number or expiry is not written as agreed.');
    this.watchman.seesCard(number);
    const kept: Held = { card: masked(number), holder };
    await this.waits('handCard');
    const wrong = this.failures.get('handCard')?.shift();
    if (wrong !== undefined) return no(wrong);
    return ok(this.#keep(kept));
  }

  async handCvc(attempt: string, bytes: Uint8Array): Promise<Result<string, Fault>> {
    // The blanks after the digits are no part of them.
    this.calls.push({ command: 'handCvc', args: [attempt, bytes.filter((byte) => byte !== 0x20).length], at: Date.now() });
    if (!/^\d{3,4} *$/.test(decoder.decode(bytes))) throw new Error('handCvc: not a security code.');
    this.handed.push(bytes);
    await this.waits('handCvc');
    const wrong = this.failures.get('handCvc')?.shift();
    if (wrong !== undefined) return no(wrong);
    const before = this.known.find((one) => one.attempt === attempt);
    const card = this.cards.get(attempt);
    const gone = before?.same_card_until == null || Date.parse(before.same_card_until) <= Date.now();
    return gone || card === undefined ? no(fault('card_forgotten')) : ok(this.#keep(card));
  }

  #keep(held: Held): string {
    const name = `held_${this.calls.length}`;
    this.#held.set(name, held);
    return name;
  }

  async pay(sale: SaleInput): Promise<Result<AttemptView, PayStop>> {
    const wrong = await this.comes('pay', [sale]);
    if (wrong !== null) return no({ kind: 'wrong', fault: wrong });
    const held = sale.means.kind === 'card' ? (this.#held.get(sale.means.held) ?? null) : null;
    const stop = this.#wantedStop(sale) ?? this.#stop(sale, held);
    if (stop !== null) return no(structuredClone(stop));
    const attempt = this.#begin(sale, held);
    this.put(attempt);
    if (this.scenario.walk === 'timers') this.#walk(attempt.attempt);
    return ok(structuredClone(attempt));
  }

  /** The stop that the scenario wants next. Those that something can release stay until it is there. */
  #wantedStop(sale: SaleInput): PayStop | null {
    const [kind] = this.scenario.stops;
    if (kind === undefined) return null;
    const released = kind === 'supervisor' || kind === 'span_missing' ? this.agrees(sale.supervisor)
      : kind === 'type_again' ? sale.amount_again !== null && sale.amount_again.amount === sale.amount?.amount : false;
    if (released) {
      this.scenario.stops.shift();
      return null;
    }
    const lasting = kind === 'supervisor' || kind === 'span_missing' || kind === 'type_again';
    if (lasting && sale.supervisor !== null && kind !== 'type_again') return { kind: 'not_a_supervisor' };
    if (!lasting) this.scenario.stops.shift();
    switch (kind) {
      case 'blocked': return { kind, block: madeUp('already_paid', sale, this.began) };
      case 'type_again': return { kind, limit: money(5_000_000n) };
      case 'supervisor': return { kind, code: 'without_3ds' };
      case 'not_a_supervisor': return { kind };
      case 'span_missing': return { kind, from: after(this.began, -26 * 3_600_000), until: after(this.began, -2 * 3_600_000) };
      case 'options': return { kind, fault: fault('options_too_old') };
      case 'wrong': return { kind, fault: fault('card_cvc', 'cvc') };
    }
  }

  #stop(sale: SaleInput, held: Held | null): PayStop | null {
    const account = this.account(sale.account);
    if (account === null) return { kind: 'wrong', fault: fault('unknown_account') };
    if (this.written.kind === 'not_written') return { kind: 'wrong', fault: fault('not_written_down') };
    if ((account.gateway === 'yolcu360') !== (sale.subject.kind === 'order')) return { kind: 'wrong', fault: fault('wrong_subject') };
    if (sale.means.kind === 'credit_limit' && !account.credit_limit) return { kind: 'wrong', fault: fault('no_credit_limit') };
    if (sale.supervisor !== null && !this.agrees(sale.supervisor)) return { kind: 'not_a_supervisor' };
    const block = this.#blockOf(sale) ?? this.#cardBlock(sale);
    const overridden = block?.earlier != null && sale.overrides === block.earlier.attempt && block.can_override && sale.supervisor !== null;
    const declared = block?.can_declare_part === true && sale.subject.kind === 'reference' && sale.subject.part !== null;
    if (block !== null && !overridden && !declared) return { kind: 'blocked', block };
    const limit = account.confirm_above;
    if (limit !== null && sale.amount !== null && sale.amount.currency === limit.currency && minorOf(sale.amount) > minorOf(limit)
      && (sale.amount_again === null || minorOf(sale.amount_again) !== minorOf(sale.amount))) return { kind: 'type_again', limit };
    return sale.means.kind === 'card' ? this.#cardStop(sale, sale.means, held) : null;
  }

  #cardStop(sale: SaleInput, means: Card, held: Held | null): PayStop | null {
    if (held === null) return { kind: 'wrong', fault: fault('card_forgotten', 'number') };
    const list = this.#lists.get(means.list);
    if (list === undefined || Date.parse(list.good_until) <= Date.now()) return { kind: 'options', fault: fault('options_too_old') };
    const program = list.programs.find((one) => (means.program === null ? one.is_default : one.id === means.program));
    const option = program?.options.find((one) => one.installments === means.installments);
    if (option === undefined || !held.card.first_six.startsWith(list.bin.slice(0, 6))) return { kind: 'options', fault: fault('option_not_offered') };
    if (minorOf(option.total) !== minorOf(means.shown_total)) return { kind: 'options', fault: fault('total_changed') };
    if (!means.three_ds && !list.three_ds_forced && sale.supervisor === null) return { kind: 'supervisor', code: 'without_3ds' };
    return null;
  }

  #begin(sale: SaleInput, held: Held | null): AttemptView {
    const { means, subject } = sale;
    const found = subject.kind === 'order' ? orders.find(subject.order) : null;
    const owed: MoneyView | null = sale.amount ?? (found !== null && typeof found !== 'string' ? found.amount : null);
    const part = subject.kind === 'reference' ? subject.part : null;
    const id = this.#nextId;
    this.#nextId += 1;
    const made = begun({
      id, now: now(), card: held?.card ?? null, base: owed,
      account: this.account(sale.account) ?? FINROTA,
      order: subject.kind === 'order' ? subject.order : null,
      booking: subject.kind === 'reference' ? subject.reference : null,
      part: part === null ? null : part.kind === 'number' ? `${part.number}` : part.kind,
      total: means.kind === 'card' ? means.shown_total : owed,
      installments: means.kind === 'card' ? means.installments : null,
      operator: OPERATORS.find((one) => one.id === sale.operator)?.name ?? null,
    });
    if (held !== null) this.cards.set(made.attempt, held);
    return { ...made, in_browser: means.kind === 'card' && means.in_browser };
  }

  /** The stages of an attempt, by timers. */
  #walk(attempt: string): void {
    const open = () => this.known.some((one) => one.attempt === attempt && one.outcome === null);
    const byCard = this.subject(attempt).card !== null;
    const stages: [number, () => void][] = [
      [STAGE_MS.preparing, () => { this.to('sending', attempt); }],
      ...(byCard ? [[STAGE_MS.sending, () => { this.to('at_bank', attempt); }] satisfies [number, () => void]] : []),
      [byCard ? STAGE_MS.at_bank : STAGE_MS.sending, () => { this.to('confirming', attempt); }],
      [STAGE_MS.confirming, () => { this.finish(this.scenario.ending, attempt); }],
    ];
    let due = 0;
    for (const [wait, stage] of stages) {
      due += wait;
      setTimeout(() => { if (open()) stage(); }, due);
    }
  }

  forgetCards = async (): Promise<void> => {
    await this.comes('forgetCards', []);
    this.#held.clear();
  };
}
