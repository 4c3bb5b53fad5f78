// The desk behind the window, for tests and for looking: in memory, the same every time, and driven from outside.
// It is never part of the program.
import type {
  AccountInput, AttemptView, BankPageState, BlockView, DeskEvent, Fault, GuardQuestion, Hello, HistoryFilter, JournalView, MeansInput, OperatorInput,
  OptionsQuestion, OptionsView, PayStop, Preferences, Progress, Result, SaleInput, Session, SettleInput, SubjectInput, SupervisorInput,
  AmountRefusal, TypedAmount,
} from '../backend.ts';
import type { Backend, BankPageView, BlockKind, CardView, Code, Field, MoneyView, ReversalView } from '../backend.ts';
import { minorOf, money, readTyped } from './amounts.ts';
import { after, begun, ended, masked, type Ending } from './attempts.ts';
import { blockOf, madeUp } from './guard.ts';
import * as orders from './orders.ts';
import { detail, page, twoHundred, type Kept } from './past.ts';
import { OPERATORS, PASSPHRASE, PRACTICE, SUPERVISOR, YOLCU, FINROTA } from './people.ts';
import { answer } from './plans.ts';
import { pageOf, type Scenario } from './scenarios.ts';
import { Watchman } from './watchman.ts';

/** What the window asked, in order. Of the raw commands only how much crossed. */
export interface Call { command: keyof Backend; args: unknown[]; at: number }

type Card = Extract<MeansInput, { kind: 'card' }>;
type Held = { card: CardView; holder: string };

const SLOW_MS = 6_000;
const OPEN_AT_MOST = 3;
const BY_CARD: readonly BlockKind[] = ['same_card_unknown', 'set_aside_same_card', 'twin'];
/** How long each stage takes when a person looks on. */
const STAGE_MS = { preparing: 400, sending: 900, at_bank: 6_000, confirming: 1_200 } as const;

const decoder = new TextDecoder('utf-8', { fatal: true });

function fault(code: Code, field: Field | null = null, text: string | null = null): Fault {
  return { code, text, field };
}

function ok<T>(data: T): { status: 'ok'; data: T } {
  return { status: 'ok', data };
}

function no<E>(error: E): { status: 'error'; error: E } {
  return { status: 'error', error };
}

/** The fake desk. Its public fields and the methods before the commands are the tests' handle on it. */
export class FakeDesk implements Backend {
  readonly calls: Call[] = [];
  scenario: Scenario;
  #watchman = new Watchman();
  readonly #began: string;
  #events: ((event: DeskEvent) => void) | null = null;
  #preferences: Preferences;
  #attempts: AttemptView[];
  #past: Kept[];
  #reversals: ReversalView[];
  #pages: BankPageView[];
  #journal: JournalView;
  #lists = new Map<number, OptionsView>();
  #held = new Map<string, Held>();
  #cards = new Map<string, Held>();
  #handed: Uint8Array[] = [];
  #nextId = 101;
  #nextList = 1;
  #heldBack = new Map<keyof Backend, (() => void)[]>();
  #failures = new Map<keyof Backend, Fault[]>();

  /** A desk in a scenario that was made for a moment. */
  constructor(scenario: Scenario, began = now()) {
    this.scenario = scenario;
    this.#began = began;
    this.#preferences = scenario.preferences;
    this.#attempts = scenario.attempts;
    this.#past = scenario.past ? twoHundred(began) : [];
    this.#reversals = scenario.reversals;
    this.#pages = scenario.pages;
    this.#journal = scenario.journal;
    for (const { attempt, card } of scenario.attempts) if (card !== null) this.#cards.set(attempt, { card, holder: 'Ayşe Yıldırım' });
  }

  // The tests' handle.

  /** How often a command was called. */
  count(command: keyof Backend): number {
    return this.calls.filter((call) => call.command === command).length;
  }

  /** What a command was last called with. */
  last(command: keyof Backend): unknown[] | null {
    return this.calls.findLast((call) => call.command === command)?.args ?? null;
  }

  /** Card digits that crossed where none may. Empty, or a test fails. */
  get breaches(): readonly string[] {
    return this.#watchman.breaches;
  }

  /** How many of the buffers that carried a card or a security code still hold something. */
  unwiped(): number {
    return this.#handed.filter((bytes) => bytes.some((byte) => byte !== 0)).length;
  }

  /** From now on answers to a command wait until they are released. */
  hold(command: keyof Backend): void {
    if (!this.#heldBack.has(command)) this.#heldBack.set(command, []);
  }

  /** How many answers to a command wait. */
  waiting(command: keyof Backend): number {
    return this.#heldBack.get(command)?.length ?? 0;
  }

  /** Lets one waiting answer go: the oldest, or the one at a place. */
  release(command: keyof Backend, place = 0): void {
    const [go] = this.#heldBack.get(command)?.splice(place, 1) ?? [];
    if (go === undefined) throw new Error(`No answer to ${command} waits at ${place}.`);
    go();
  }

  /** Lets all waiting answers go, and holds no more. */
  releaseAll(command: keyof Backend): void {
    const all = this.#heldBack.get(command) ?? [];
    this.#heldBack.delete(command);
    for (const go of all) go();
  }

  /** The next answer to a command is this fault. */
  failNext(command: keyof Backend, code: Code, field: Field | null = null, text: string | null = null): void {
    this.#failures.set(command, [...(this.#failures.get(command) ?? []), fault(code, field, text)]);
  }

  /** The newest attempt under way, or the one named. */
  #subject(attempt?: string): AttemptView {
    const found = this.#attempts.find((one) => (attempt === undefined ? one.outcome === null : one.attempt === attempt)) ?? this.#attempts[0];
    if (found === undefined) throw new Error('There is no attempt.');
    return found;
  }

  /** An attempt gets so far. At the bank, its page is shown. */
  to(progress: Exclude<Progress, 'over'>, attempt?: string): void {
    const one = this.#subject(attempt);
    const inBrowser = one.in_browser && progress === 'at_bank';
    this.#put({ ...one, progress, since: now(), slot_wait_ms: null });
    if (progress === 'at_bank') this.page(inBrowser ? 'in_browser' : 'shown', one.attempt);
    if (progress === 'confirming') this.#dropPage(one.attempt);
  }

  /** An attempt ends. */
  finish(ending: Ending = this.scenario.ending, attempt?: string): void {
    const one = this.#subject(attempt);
    this.#dropPage(one.attempt);
    const over = ended(one, ending, now());
    const card = this.#cards.get(one.attempt);
    if (over.same_card_until === null || card === undefined) this.#cards.delete(one.attempt);
    this.#put(over);
  }

  /** An attempt changes so. */
  change(patch: Partial<AttemptView>, attempt?: string): void {
    this.#put({ ...this.#subject(attempt), ...patch });
  }

  /** The gateway was asked once more, in vain. */
  asked(attempt?: string): void {
    const one = this.#subject(attempt);
    this.#put({ ...one, questions: one.questions + 1, next_question: after(now(), 30_000) });
  }

  /** A bank's page stands so. */
  page(state: BankPageState, attempt?: string, patch: Partial<BankPageView> = {}): void {
    const one = this.#subject(attempt);
    const known = this.#pages.find((open) => open.attempt === one.attempt);
    const made = pageOf(one, state, known?.opened ?? now());
    const view = { ...made, until: known?.until ?? made.until, ...patch };
    this.#pages = this.#pages.filter((open) => open.attempt !== one.attempt);
    if (state !== 'gone') this.#pages.push(view);
    this.#tell({ kind: 'bank_page', page: view });
  }

  /** The journal's state changes. */
  journal(view: JournalView): void {
    this.#journal = view;
    this.#tell({ kind: 'journal', journal: view });
  }

  /** Another scenario from here on; everything is told anew. */
  become(patch: Partial<Scenario>): void {
    this.scenario = { ...this.scenario, ...patch };
    if (patch.attempts) this.#attempts = patch.attempts;
    if (patch.pages) this.#pages = patch.pages;
    this.#tell({ kind: 'anew', hello: this.#hello() });
  }

  /** From here on it answers so; nothing is told. */
  set(patch: Partial<Pick<Scenario, 'options' | 'guard' | 'stops' | 'ending'>>): void {
    this.scenario = { ...this.scenario, ...patch };
  }

  /** Other preferences, as if they were chosen elsewhere. */
  prefer(patch: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...patch };
    this.#tell({ kind: 'anew', hello: this.#hello() });
  }

  /** An event, as it is. */
  tell(event: DeskEvent): void {
    this.#tell(event);
  }

  /** All attempts of this run, newest first. */
  attempts(): AttemptView[] {
    return this.#attempts;
  }

  // What is behind the commands.

  #tell(event: DeskEvent): void {
    this.#events?.(structuredClone(event));
  }

  #put(attempt: AttemptView): void {
    const place = this.#attempts.findIndex((one) => one.attempt === attempt.attempt);
    if (place < 0) this.#attempts.unshift(attempt);
    else this.#attempts[place] = attempt;
    this.#tell({ kind: 'attempt', attempt });
  }

  #dropPage(attempt: string): void {
    if (this.#pages.some((open) => open.attempt === attempt)) this.page('gone', attempt);
  }

  #session(): Session {
    const { scenario } = this;
    return {
      training: scenario.training ? PRACTICE : null,
      desk: scenario.training ? 'training' : 'desk-2',
      time_zone: 'Europe/Istanbul',
      accounts: scenario.accounts,
      unavailable: scenario.unavailable,
      operators: scenario.operators ? OPERATORS : [],
      open: this.#attempts.filter((one) => one.outcome === null),
      attention: {
        attempts: this.#attempts.filter((one) => one.needs_attention || one.set_aside),
        reversals: this.#reversals.filter((one) => one.needs_attention),
      },
      journal: this.#journal,
      missing_span: scenario.missingSpan,
      bank_pages: this.#pages,
    };
  }

  #hello(): Hello {
    const { place, brokenBy } = this.scenario;
    const common = { version: '0.1.0', preferences: this.#preferences };
    switch (place) {
      case 'open': return { ...common, place: { kind: 'open', session: this.#session() } };
      case 'first_start': return { ...common, place: { kind: 'first_start' } };
      case 'locked': return { ...common, place: { kind: 'locked' } };
      case 'broken': return { ...common, place: { kind: 'broken', fault: fault(brokenBy, null, brokenBy === 'journal_in_use' ? 'Process 4711 holds it.' : 'Permission denied: /srv/vezne') } };
    }
  }

  /** Notes a call, lets a held one wait, and tells a fault that is due. */
  async #comes(command: keyof Backend, args: unknown[]): Promise<Fault | null> {
    this.calls.push({ command, args: structuredClone(args), at: Date.now() });
    this.#watchman.sees(command, args);
    await this.#waits(command);
    return this.#failures.get(command)?.shift() ?? null;
  }

  async #waits(command: keyof Backend): Promise<void> {
    const queue = this.#heldBack.get(command);
    await (queue === undefined ? Promise.resolve() : new Promise<void>((go) => queue.push(go)));
  }

  /** A command that only does something. */
  async #does(command: keyof Backend, args: unknown[], act: () => Fault | null | void): Promise<Result<null, Fault>> {
    const wrong = (await this.#comes(command, args)) ?? act() ?? null;
    return wrong === null ? ok(null) : no(wrong);
  }

  #agrees(supervisor: SupervisorInput | null): boolean {
    const one = this.scenario.training ? { name: PRACTICE.supervisor, pin: PRACTICE.supervisor_pin } : SUPERVISOR;
    return supervisor !== null && supervisor.name.trim().toLowerCase() === one.name.toLowerCase() && supervisor.pin === one.pin;
  }

  #account(id: string) {
    return this.scenario.accounts.find((one) => one.id === id) ?? null;
  }

  // Begin.

  async watch(onEvent: (event: DeskEvent) => void): Promise<Result<Hello, Fault>> {
    const wrong = await this.#comes('watch', []);
    if (wrong !== null) return no(wrong);
    this.#events = onEvent;
    return ok(structuredClone(this.#hello()));
  }

  setPreferences = (preferences: Preferences) => this.#does('setPreferences', [preferences], () => { this.#preferences = preferences; });

  beginTraining = () => this.#does('beginTraining', [], () => { this.become({ place: 'open', training: true, operators: false, accounts: [FINROTA, YOLCU] }); });

  leaveTraining = () => this.#does('leaveTraining', [], () => { this.become({ place: 'first_start', training: false }); });

  unlockVault = (passphrase: string) => this.#does('unlockVault', [passphrase], () => {
    if (passphrase !== PASSPHRASE) return fault('passphrase_wrong', 'passphrase');
    this.become({ place: 'open' });
    return null;
  });

  openTill = () => this.#does('openTill', [], () => { this.become({ place: 'open' }); });

  closeDesk = () => this.#does('closeDesk', [], () => null);

  // Sale.

  async readAmount(account: string, text: string, currency: string): Promise<Result<TypedAmount, AmountRefusal>> {
    const wrong = await this.#comes('readAmount', [account, text, currency]);
    if (wrong !== null) return no({ code: wrong.code, readings: [] });
    const read = readTyped(text, currency);
    if (!read.ok) return no(read.refusal);
    const limit = this.#account(account)?.confirm_above ?? null;
    const twice = limit !== null && limit.currency === currency && read.minor > minorOf(limit);
    return ok({ amount: money(read.minor, currency), twice });
  }

  readSubject = (subject: SubjectInput) => this.#does('readSubject', [subject], () => {
    const text = subject.kind === 'order' ? subject.order : subject.reference;
    const field = subject.kind;
    if (text.trim() === '') return fault(field === 'order' ? 'order_id_empty' : 'reference_empty', field);
    if (text.length > 64) return fault(field === 'order' ? 'order_id_odd' : 'reference_too_long', field);
    return null;
  });

  async order(account: string, order: string) {
    const wrong = await this.#comes('order', [account, order]);
    if (wrong !== null) return no(wrong);
    const found = orders.find(order);
    return typeof found === 'string' ? no(fault(found, 'order')) : ok(structuredClone(found));
  }

  async options(question: OptionsQuestion): Promise<Result<OptionsView, Fault>> {
    this.#watchman.seesBin(question.bin, this.#account(question.account)?.eight_digits ?? false);
    const list = this.#nextList;
    this.#nextList += 1;
    const wrong = await this.#comes('options', [question]);
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
    const wrong = await this.#comes('guard', [question]);
    if (wrong !== null) return no(wrong);
    return ok(structuredClone(this.#blockOf(question)));
  }

  /** What is in the way as far as it can be told without the card. */
  #blockOf(question: GuardQuestion): BlockView | null {
    const { guard } = this.scenario;
    if (guard !== null && !BY_CARD.includes(guard)) return madeUp(guard, question, this.#began);
    if (this.#attempts.filter((one) => one.outcome === null).length >= OPEN_AT_MOST) return madeUp('too_many_open', question, this.#began);
    return blockOf(question, this.#attempts);
  }

  /** What only the card can tell, and so only Pay. */
  #cardBlock(sale: SaleInput): BlockView | null {
    const { guard } = this.scenario;
    if (guard === null || !BY_CARD.includes(guard) || sale.means.kind !== 'card' || (guard === 'twin' && sale.twin_confirmed)) return null;
    return madeUp(guard, sale, this.#began);
  }

  async handCard(bytes: Uint8Array): Promise<Result<string, Fault>> {
    this.calls.push({ command: 'handCard', args: [bytes.length], at: Date.now() });
    const card = JSON.parse(decoder.decode(bytes)) as Record<string, unknown>;
    this.#handed.push(bytes);
    const { number, holder, expiry_month: month, expiry_year: year, cvc, ...more } = card;
    if (Object.keys(more).length > 0) throw new Error(`handCard carried ${Object.keys(more).join(', ')}.`);
    if (typeof number !== 'string' || typeof holder !== 'string' || typeof month !== 'number' || typeof year !== 'number' || typeof cvc !== 'string') {
      throw new Error('handCard: a field is missing or of another kind.');
    }
    if (!/^\d{12,19}$/.test(number) || year < 2000 || month < 1 || month > 12) throw new Error('handCard: number or expiry is not written as agreed.');
    this.#watchman.seesCard(number);
    const kept: Held = { card: masked(number), holder };
    await this.#waits('handCard');
    const wrong = this.#failures.get('handCard')?.shift();
    if (wrong !== undefined) return no(wrong);
    return ok(this.#keep(kept));
  }

  async handCvc(attempt: string, bytes: Uint8Array): Promise<Result<string, Fault>> {
    this.calls.push({ command: 'handCvc', args: [attempt, bytes.length], at: Date.now() });
    if (!/^\d{3,4}$/.test(decoder.decode(bytes))) throw new Error('handCvc: not a security code.');
    this.#handed.push(bytes);
    await this.#waits('handCvc');
    const wrong = this.#failures.get('handCvc')?.shift();
    if (wrong !== undefined) return no(wrong);
    const before = this.#attempts.find((one) => one.attempt === attempt);
    const card = this.#cards.get(attempt);
    const gone = before?.same_card_until == null || Date.parse(before.same_card_until) <= Date.now();
    return gone || card === undefined ? no(fault('card_forgotten')) : ok(this.#keep(card));
  }

  #keep(held: Held): string {
    const name = `held_${this.calls.length}`;
    this.#held.set(name, held);
    return name;
  }

  async pay(sale: SaleInput): Promise<Result<AttemptView, PayStop>> {
    const wrong = await this.#comes('pay', [sale]);
    if (wrong !== null) return no({ kind: 'wrong', fault: wrong });
    const held = sale.means.kind === 'card' ? (this.#held.get(sale.means.held) ?? null) : null;
    const stop = this.#wantedStop(sale) ?? this.#stop(sale, held);
    if (stop !== null) return no(structuredClone(stop));
    const attempt = this.#begin(sale, held);
    this.#put(attempt);
    if (this.scenario.walk === 'timers') this.#walk(attempt.attempt);
    return ok(structuredClone(attempt));
  }

  /** The stop that the scenario wants next. Those that something can release stay until it is there. */
  #wantedStop(sale: SaleInput): PayStop | null {
    const [kind] = this.scenario.stops;
    if (kind === undefined) return null;
    const released = kind === 'supervisor' || kind === 'span_missing' ? this.#agrees(sale.supervisor)
      : kind === 'type_again' ? sale.amount_again !== null && sale.amount_again.amount === sale.amount?.amount : false;
    if (released) {
      this.scenario.stops.shift();
      return null;
    }
    const lasting = kind === 'supervisor' || kind === 'span_missing' || kind === 'type_again';
    if (lasting && sale.supervisor !== null && kind !== 'type_again') return { kind: 'not_a_supervisor' };
    if (!lasting) this.scenario.stops.shift();
    switch (kind) {
      case 'blocked': return { kind, block: madeUp('already_paid', sale, this.#began) };
      case 'type_again': return { kind, limit: money(5_000_000n) };
      case 'supervisor': return { kind, code: 'without_3ds' };
      case 'not_a_supervisor': return { kind };
      case 'span_missing': return { kind, from: after(this.#began, -26 * 3_600_000), until: after(this.#began, -2 * 3_600_000) };
      case 'options': return { kind, fault: fault('options_too_old') };
      case 'wrong': return { kind, fault: fault('card_cvc', 'cvc') };
    }
  }

  #stop(sale: SaleInput, held: Held | null): PayStop | null {
    const account = this.#account(sale.account);
    if (account === null) return { kind: 'wrong', fault: fault('unknown_account') };
    if (this.#journal.kind === 'not_written') return { kind: 'wrong', fault: fault('not_written_down') };
    if ((account.gateway === 'yolcu360') !== (sale.subject.kind === 'order')) return { kind: 'wrong', fault: fault('wrong_subject') };
    if (sale.means.kind === 'credit_limit' && !account.credit_limit) return { kind: 'wrong', fault: fault('no_credit_limit') };
    if (sale.supervisor !== null && !this.#agrees(sale.supervisor)) return { kind: 'not_a_supervisor' };
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
      account: this.#account(sale.account) ?? FINROTA,
      order: subject.kind === 'order' ? subject.order : null,
      booking: subject.kind === 'reference' ? subject.reference : null,
      part: part === null ? null : part.kind === 'number' ? `${part.number}` : part.kind,
      total: means.kind === 'card' ? means.shown_total : owed,
      installments: means.kind === 'card' ? means.installments : null,
      operator: OPERATORS.find((one) => one.id === sale.operator)?.name ?? null,
    });
    if (held !== null) this.#cards.set(made.attempt, held);
    return { ...made, in_browser: means.kind === 'card' && means.in_browser };
  }

  /** The stages of an attempt, by timers. */
  #walk(attempt: string): void {
    const open = () => this.#attempts.some((one) => one.attempt === attempt && one.outcome === null);
    const byCard = this.#subject(attempt).card !== null;
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
    await this.#comes('forgetCards', []);
    this.#held.clear();
  };

  // One attempt.

  cancel = (attempt: string) => this.#does('cancel', [attempt], () => {
    const one = this.#attempts.find((known) => known.attempt === attempt);
    if (one === undefined) return fault('not_found');
    if (one.progress !== 'preparing') return fault('too_late_to_cancel');
    this.finish('cancelled', attempt);
    return null;
  });

  askAgain = (attempt: string) => this.#does('askAgain', [attempt], () => {
    if (this.#attempts.some((known) => known.attempt === attempt)) this.asked(attempt);
  });

  askReversalAgain = (reversal: string) => this.#does('askReversalAgain', [reversal], () => {
    const one = this.#reversals.find((known) => known.reversal === reversal);
    if (one === undefined) return fault('not_found');
    const again = { ...one, questions: one.questions + 1 };
    this.#reversals = this.#reversals.map((known) => (known.reversal === reversal ? again : known));
    this.#tell({ kind: 'reversal', reversal: again });
    return null;
  });

  async attempt(attempt: string): Promise<Result<AttemptView, Fault>> {
    const wrong = await this.#comes('attempt', [attempt]);
    const found = [...this.#attempts, ...this.#past.map((kept) => kept.attempt)].find((one) => one.attempt === attempt);
    if (wrong !== null || found === undefined) return no(wrong ?? fault('not_found'));
    return ok(structuredClone(found));
  }

  async settle(settle: SettleInput): Promise<Result<AttemptView, Fault>> {
    const wrong = await this.#comes('settle', [settle]);
    if (wrong !== null) return no(wrong);
    if (!this.#agrees(settle.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    if (settle.supervisor.reason.trim() === '') return no(fault('text_missing', 'reason'));
    const one = this.#attempts.find((known) => known.attempt === settle.attempt);
    if (one === undefined) return no(fault('not_found'));
    if (settle.verdict !== 'set_aside' && (settle.saw ?? '').trim() === '') return no(fault('portal_reference_missing', 'saw'));
    const said: AttemptView = settle.verdict === 'set_aside'
      ? { ...one, set_aside: true, since: now() }
      : {
        ...one, outcome: settle.verdict, since: now(), evidence: one.contradicted ? 'counter_entry' : 'supervisor', contradicted: false, alarms: [],
        needs_attention: false, next_question: null, set_aside: false, reason: settle.verdict === 'approved' ? null : one.reason,
      };
    this.#put(said);
    return ok(structuredClone(said));
  }

  // The bank's page.

  #pageDoes(command: 'bankShow' | 'bankPark' | 'bankKeep' | 'bankToBrowser', attempt: string, state: BankPageState) {
    return this.#does(command, [attempt], () => {
      if (!this.#pages.some((open) => open.attempt === attempt)) return fault('no_page');
      this.page(state, attempt);
      return null;
    });
  }

  bankShow = (attempt: string) => this.#pageDoes('bankShow', attempt, 'shown');
  bankPark = (attempt: string) => this.#pageDoes('bankPark', attempt, 'parked');
  bankKeep = (attempt: string) => this.#pageDoes('bankKeep', attempt, 'shown');

  bankToBrowser = (attempt: string) => this.#does('bankToBrowser', [attempt], () => {
    if (!this.#pages.some((open) => open.attempt === attempt)) return fault('no_page');
    if (!this.#subject(attempt).can_be_asked) return fault('browser_not_offered');
    this.page('in_browser', attempt);
    this.change({ in_browser: true }, attempt);
    return null;
  });

  bankClose = (attempt: string, gaveUp: boolean) => this.#does('bankClose', [attempt, gaveUp], () => {
    if (!this.#pages.some((open) => open.attempt === attempt)) return fault('no_page');
    this.to('confirming', attempt);
    return null;
  });

  // Past.

  async history(filter: HistoryFilter) {
    const wrong = await this.#comes('history', [filter]);
    if (wrong !== null) return no(wrong);
    return ok(structuredClone(page(this.#kept(), this.#reversals, filter)));
  }

  async payment(payment: string) {
    const wrong = await this.#comes('payment', [payment]);
    const found = detail(this.#kept(), this.#reversals, payment);
    if (wrong !== null || found === null) return no(wrong ?? fault('not_found'));
    return ok(structuredClone(found));
  }

  #kept(): Kept[] {
    return [...this.#attempts.map((attempt): Kept => ({ attempt, holder: 'Ayşe Yıldırım' })), ...this.#past];
  }

  // Settings.

  async accountInput(account: string): Promise<Result<AccountInput, Fault>> {
    const wrong = await this.#comes('accountInput', [account]);
    const found = this.#account(account);
    if (wrong !== null || found === null) return no(wrong ?? fault('unknown_account'));
    return ok({
      id: found.id, name: found.name, gateway: found.gateway, base_url: `https://${found.host}/api/v1`, login: { kind: 'kept' }, credentials: { kind: 'keychain' },
      return_way: found.return_way, currencies: found.currencies, status_query: found.status_query,
      return_settles: found.status_query ? null : found.return_settles, credit_limit: found.credit_limit, confirm_above: found.confirm_above?.amount ?? null,
    });
  }

  async tryAccount(account: AccountInput): Promise<Result<'can_be_asked' | 'sign_in_refused' | 'no_answer', Fault>> {
    const wrong = (await this.#comes('tryAccount', [account])) ?? accountFault(account);
    if (wrong !== null) return no(wrong);
    if (account.base_url.includes('offline')) return ok('no_answer');
    return ok(account.login.kind === 'pair' && account.login.secret === 'wrong' ? 'sign_in_refused' : 'can_be_asked');
  }

  saveAccount = (account: AccountInput) => this.#does('saveAccount', [account], () => {
    const wrong = accountFault(account);
    if (wrong !== null) return wrong;
    if (this.#attempts.some((one) => one.outcome === null)) return fault('attempts_open');
    const id = account.id ?? `acc_${this.scenario.accounts.length + 1}`;
    const view = {
      ...(this.#account(id) ?? FINROTA), id, name: account.name, gateway: account.gateway, host: new URL(account.base_url).host, currencies: account.currencies,
      credit_limit: account.credit_limit, status_query: account.status_query, return_settles: account.return_settles ?? false, return_way: account.return_way,
    };
    this.become({ place: 'open', accounts: [...this.scenario.accounts.filter((one) => one.id !== id), view] });
    return null;
  });

  removeAccount = (account: string) => this.#does('removeAccount', [account], () => {
    if (this.#attempts.some((one) => one.account === account && (one.outcome === null || one.outcome === 'unknown'))) return fault('account_unsettled');
    this.become({ accounts: this.scenario.accounts.filter((one) => one.id !== account) });
    return null;
  });

  addOperator = (operator: OperatorInput) => this.#does('addOperator', [operator], () => {
    if (operator.name.trim() === '') return fault('text_missing', 'name');
    if (!/^\d{4,12}$/.test(operator.pin)) return fault('pin_refused', 'pin');
    if (OPERATORS.some((one) => one.name === operator.name)) return fault('name_taken', 'name');
    if (this.scenario.operators && operator.supervisor === null) return fault('needs_supervisor', 'supervisor_name');
    if (this.scenario.operators && !this.#agrees(operator.supervisor)) return fault('not_a_supervisor', 'pin');
    this.become({});
    return null;
  });
}

function accountFault(account: AccountInput): Fault | null {
  if (account.name.trim() === '') return fault('text_missing', 'name');
  if (!/^https:\/\/[^/]+/.test(account.base_url)) return fault('account_wrong', 'base_url', 'The address must begin with https://.');
  if (account.login.kind === 'pair' && (account.login.key === '' || account.login.secret === '')) return fault('account_wrong', 'login');
  if (!account.status_query && account.return_settles === null) return fault('account_wrong', 'return_url', 'return_settles must be stated.');
  return null;
}

function now(): string {
  return new Date().toISOString();
}
