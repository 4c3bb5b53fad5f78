// Money back at the fake desk: by the same rules of what is left as the till's.
import type {
  AmountRefusal, AttemptView, ExportDone, ExportInput, ExportPlan, ExportProgress, Fault, ListedAnswer, MoneyView, PortalReturnInput, Result, ReturnsView, ReversalKind, ReversalView, ReverseInput,
  SettleListInput, SettleReversalInput, WayView,
} from '../backend.ts';
import { minorOf, money, readTyped } from './amounts.ts';
import { fault, no, now, ok } from './answers.ts';
import { after, idOf } from './attempts.ts';
import { Payments } from './payments.ts';

/** How a void or refund ends. */
export type Back = 'done' | 'unknown' | 'alarm' | 'refused' | 'not_sent';

const STEP_MS = 1_200;
const COUNTS: readonly string[] = ['ready', 'sending', 'reauthorising', 'unknown', 'done'];

/** The commands of what goes back. */
export class Returned extends Payments {
  #nextBack = 501;

  async readReturnAmount(text: string, currency: string): Promise<Result<MoneyView, AmountRefusal>> {
    const wrong = await this.comes('readReturnAmount', [text, currency]);
    if (wrong !== null) return no({ code: wrong.code, readings: [] });
    const read = readTyped(text, currency);
    return read.ok ? ok(money(read.minor, currency)) : no(read.refusal);
  }

  async returns(payment: string): Promise<Result<ReturnsView, Fault>> {
    const wrong = await this.comes('returns', [payment]);
    if (wrong !== null) return no(wrong);
    const view = this.#standing(payment);
    return view === null ? no(fault('not_approved')) : ok(view);
  }

  #paid(payment: string): AttemptView | null {
    const all = [...this.known, ...this.past.map((kept) => kept.attempt)];
    return all.find((one) => one.payment === payment && one.outcome === 'approved') ?? null;
  }

  #standing(payment: string): ReturnsView | null {
    const paid = this.#paid(payment);
    if (paid === null) return null;
    if (paid.total === null) {
      const gone = this.reversals.find((one) => one.attempt === paid.attempt && COUNTS.includes(one.state));
      const way: WayView = gone ? { way: 'nothing', why: 'all_gone', reversal: gone.reversal } : { way: 'portal', why: 'amount_not_known' };
      return { payment, attempt: paid.attempt, gateway: paid.gateway, sums: null, currencies: ['TRY', 'EUR'], way };
    }
    const { currency } = paid.total;
    const counting = this.reversals.filter((one) => one.attempt === paid.attempt && COUNTS.includes(one.state));
    const sum = (all: ReversalView[]) => all.reduce((minor, one) => minor + minorOf(one.amount), 0n);
    const returned = sum(counting.filter((one) => one.state === 'done'));
    const underWay = sum(counting.filter((one) => one.state !== 'done'));
    const left = minorOf(paid.total) - returned - underWay;
    return {
      payment, attempt: paid.attempt, gateway: paid.gateway, currencies: [currency],
      sums: { paid: paid.total, returned: money(returned, currency), under_way: money(underWay, currency), left: money(left, currency) },
      way: this.#way(paid, counting, left),
    };
  }

  #way(paid: AttemptView, counting: ReversalView[], left: bigint): WayView {
    const open = counting.find((one) => one.state !== 'done');
    if (open) return { way: 'nothing', why: 'open', reversal: open.reversal };
    if (left <= 0n) return { way: 'nothing', why: 'all_gone', reversal: counting.at(-1)?.reversal ?? null };
    if (this.scenario.portal !== null) return { way: 'portal', why: this.scenario.portal };
    const partly = paid.gateway === 'finrota';
    if (!partly && counting.length > 0) return { way: 'portal', why: 'part_gone' };
    if (counting.length > 0) return { way: 'refund', why: 'part_gone', partly };
    const until = new Date(`${this.began.slice(0, 10)}T19:00:00.000Z`);
    const sameDay = paid.opened.slice(0, 10) === this.began.slice(0, 10);
    return sameDay ? { way: 'void', until: until.toISOString(), partly } : { way: 'refund', why: 'day_over', partly };
  }

  #look({ payment, attempt, amount, shown_left: shown }: { payment: string; attempt: string; amount: MoneyView | null; shown_left: MoneyView | null }): ReturnsView | Fault {
    const view = this.#standing(payment);
    if (view === null) return fault('not_approved');
    // Another attempt of the payment is offered now: the one that was shown has gone back.
    if (view.attempt !== attempt) return fault('already_returned');
    if (view.way.way === 'nothing') return fault(view.way.why === 'open' ? 'reversal_open' : 'already_returned');
    if (view.sums === null) return amount === null ? fault('amount_not_known') : view;
    const { left } = view.sums;
    if (shown === null || minorOf(shown) !== minorOf(left)) return fault('return_changed', null, `${left.amount} ${left.currency}`);
    if (amount !== null && minorOf(amount) > minorOf(left)) return fault('too_much', 'amount');
    return view;
  }

  async reverse(input: ReverseInput): Promise<Result<ReversalView, Fault>> {
    const wrong = await this.comes('reverse', [input]);
    if (wrong !== null) return no(wrong);
    const view = this.#look(input);
    if ('code' in view) return no(view);
    if (!this.agrees(input.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    if (view.way.way === 'portal' || view.sums === null) return no(fault('reversals_off'));
    const made = this.#made(view, input.kind, input.amount ?? view.sums.left, input.supervisor.reason);
    this.#put(made);
    if (this.scenario.walk === 'timers') setTimeout(() => { this.back(this.scenario.back, made.reversal); }, STEP_MS);
    return ok(structuredClone(made));
  }

  async recordReturn(input: PortalReturnInput): Promise<Result<ReversalView, Fault>> {
    const wrong = await this.comes('recordReturn', [input]);
    if (wrong !== null) return no(wrong);
    const view = this.#look(input);
    if ('code' in view) return no(view);
    if (!input.confirmed) return no(fault('not_confirmed'));
    if (!this.agrees(input.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    const amount = input.amount ?? view.sums?.left;
    if (amount === undefined) return no(fault('amount_not_known'));
    const made = this.#made(view, input.kind, amount, input.supervisor.reason);
    const done: ReversalView = { ...made, state: 'done', proves: 'money', can_be_asked: false, in_portal: true, saw: input.saw, by_word: true, evidence: 'portal', should_remain: null };
    this.#put(done);
    return ok(structuredClone(done));
  }

  #made(view: ReturnsView, kind: ReversalKind, amount: MoneyView, ordered: string): ReversalView {
    const id = this.#nextBack;
    this.#nextBack += 1;
    return {
      reversal: idOf('rev', id), payment: view.payment, attempt: view.attempt, kind, amount, can_be_asked: true, proves: null, in_portal: false, ordered, saw: null,
      supervisor: 'opr_deniz', should_remain: view.sums !== null && view.gateway === 'finrota' ? money(minorOf(view.sums.left) - minorOf(amount), amount.currency) : null,
      by_word: false, refused_by: null, evidence: null, state: 'sending', opened: now(), since: now(), reason: null, questions: 0,
      next_question: null, alarms: [], needs_attention: false, not_written_down: false,
    };
  }

  /** The newest void or refund, or the one named, ends so. */
  back(ending: Back = this.scenario.back, reversal?: string): void {
    const one = this.reversals.find((known) => (reversal === undefined ? known.state === 'sending' : known.reversal === reversal)) ?? this.reversals[0];
    if (one === undefined) throw new Error('Nothing is on its way back.');
    const reason = (code: 'timed_out' | 'other_amount' | 'bad_request' | 'offline', text: string | null = null) => ({ code, text, bank_code: null, field: null });
    const should = one.should_remain ?? money(0n);
    const differs = `${should.amount} ${should.currency} should be left, the gateway has 0.00 ${should.currency}`;
    const over = { needs_attention: false, next_question: null, alarms: [] };
    const ended: Record<Back, Partial<ReversalView>> = {
      done: { ...over, reason: null, state: 'done', evidence: 'reversal_answer', proves: one.should_remain === null ? 'cancellation' : 'money' },
      unknown: { state: 'unknown', reason: reason('timed_out'), questions: 3, next_question: after(now(), 18_000), needs_attention: true },
      alarm: { state: 'unknown', reason: reason('other_amount', differs), alarms: [{ code: 'other_amount', detail: differs }], questions: 3, next_question: after(now(), 18_000), needs_attention: true },
      refused: { ...over, state: 'refused', can_be_asked: false, refused_by: 'gateway', reason: reason('bad_request', 'Gün sonu yapılmış') },
      not_sent: { ...over, state: 'not_sent', can_be_asked: false, reason: reason('offline') },
    };
    this.#put({ ...one, since: now(), ...ended[ending] });
  }

  /** An alarm is raised on the newest void or refund, which stays settled. */
  alarm(): void {
    const one = this.reversals.at(-1);
    if (one === undefined) throw new Error('Nothing went back.');
    this.#put({ ...one, alarms: [{ code: 'other_amount', detail: '0.00 TRY should be left, the gateway has 10.00 TRY' }], needs_attention: true });
  }

  #put(view: ReversalView): void {
    const place = this.reversals.findIndex((one) => one.reversal === view.reversal);
    if (place < 0) this.reversals = [...this.reversals, view];
    else this.reversals = this.reversals.map((one) => (one.reversal === view.reversal ? view : one));
    this.tell({ kind: 'reversal', reversal: view });
  }

  async settleReversal(input: SettleReversalInput): Promise<Result<ReversalView, Fault>> {
    const wrong = await this.comes('settleReversal', [input]);
    if (wrong !== null) return no(wrong);
    const one = this.reversals.find((known) => known.reversal === input.reversal);
    if (one === undefined) return no(fault('not_found'));
    if (!this.agrees(input.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    if (input.verdict !== 'seen' && (input.saw ?? '').trim() === '') return no(fault('portal_reference_missing', 'saw'));
    if (input.verdict !== 'seen' && !input.confirmed) return no(fault('not_confirmed'));
    const over = { alarms: [], needs_attention: false, next_question: null };
    const said: ReversalView = input.verdict === 'seen' ? { ...one, ...over }
      : { ...one, ...over, state: input.verdict, since: now(), saw: input.saw, by_word: true, evidence: 'supervisor', proves: input.verdict === 'done' ? 'money' : null, reason: input.verdict === 'done' ? null : { code: 'not_done', text: null, bank_code: null, field: null } };
    this.#put(said);
    return ok(structuredClone(said));
  }

  #exporting = false;

  async planExport(input: ExportInput): Promise<Result<ExportPlan, Fault>> {
    const wrong = await this.comes('planExport', [input]);
    if (wrong !== null) return no(wrong);
    if (input.from !== null && input.to !== null && input.to < input.from) return no(fault('export_day'));
    return ok({ rows: this.known.length + this.past.length + (input.reversals ? this.reversals.length : 0), folder: '/srv/documents/Vezne' });
  }

  async makeExport(input: ExportInput, onProgress: (progress: ExportProgress) => void): Promise<Result<ExportDone, Fault>> {
    this.#exporting = true;
    const wrong = await this.comes('makeExport', [input]);
    const of = this.known.length + this.past.length;
    onProgress({ at: Math.floor(of / 2), of });
    await this.waits('makeExport');
    const stopped = !this.#exporting;
    this.#exporting = false;
    if (wrong !== null || stopped) return no(wrong ?? fault('export_cancelled'));
    onProgress({ at: of, of });
    return ok({ rows: of, path: `/srv/documents/Vezne/vezne-desk-2-2026-11-21.${input.format}`, at: now() });
  }

  async exporting(): Promise<Result<ExportProgress | null, Fault>> {
    const wrong = await this.comes('exporting', []);
    return wrong === null ? ok(this.#exporting ? { at: 1, of: 2 } : null) : no(wrong);
  }

  cancelExport = () => this.does('cancelExport', [], () => { this.#exporting = false; });

  async settleList(input: SettleListInput): Promise<Result<ListedAnswer[], Fault>> {
    const wrong = await this.comes('settleList', [input]);
    if (wrong !== null) return no(wrong);
    if (!this.agrees(input.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    return ok(input.rows.map((row): ListedAnswer => {
      const one = this.known.find((known) => known.attempt === row.attempt);
      if (one?.outcome !== 'unknown') return { attempt: row.attempt, fault: fault('not_now') };
      this.put({ ...one, outcome: row.outcome, since: now(), evidence: 'supervisor', needs_attention: false, next_question: null, set_aside: false, listed_from: null, reason: null });
      return { attempt: row.attempt, fault: null };
    }));
  }
}
