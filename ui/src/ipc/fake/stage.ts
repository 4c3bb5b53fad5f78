// What the fake desk keeps, and how a test drives it from outside.
import type {
  AttemptView, Backend, BankPageState, BankPageView, CardView, Code, DeskEvent, Fault, Field, Hello, JournalView, NoteView, Preferences, PrinterView, Progress, Result,
  ReversalView, Session, SupervisorInput,
} from '../backend.ts';
import { fault, no, now, ok } from './answers.ts';
import { after, ended, type Ending } from './attempts.ts';
import { twoHundred, type Kept } from './past.ts';
import { OPERATORS, PRACTICE, SUPERVISOR } from './people.ts';
import { pageOf, type Scenario } from './scenarios.ts';
import { Watchman } from './watchman.ts';

/** What the window asked, in order. Of the raw commands only how much crossed. */
export interface Call { command: keyof Backend; args: unknown[]; at: number }

/** A card that is held, with its holder. */
export type Held = { card: CardView; holder: string };

/** What stands behind the commands, and the tests' handle on it: its public fields and methods. */
export class Stage {
  readonly calls: Call[] = [];
  scenario: Scenario;
  protected readonly watchman = new Watchman();
  protected readonly began: string;
  protected events: ((event: DeskEvent) => void) | null = null;
  protected preferences: Preferences;
  protected known: AttemptView[];
  protected past: Kept[];
  protected reversals: ReversalView[];
  protected readonly notes = new Map<string, NoteView[]>();
  protected pages: BankPageView[];
  protected written: JournalView;
  protected printer: PrinterView = { set_up: true, after_approval: false, language: null, pdf: 'a4', jobs: [] };
  protected cards = new Map<string, Held>();
  protected handed: Uint8Array[] = [];
  #heldBack = new Map<keyof Backend, (() => void)[]>();
  protected failures = new Map<keyof Backend, Fault[]>();

  /** A desk in a scenario that was made for a moment. */
  constructor(scenario: Scenario, began = now()) {
    this.scenario = scenario;
    this.began = began;
    this.preferences = scenario.preferences;
    this.known = scenario.attempts;
    this.past = scenario.past ? twoHundred(began) : [];
    this.reversals = scenario.reversals;
    this.pages = scenario.pages;
    this.written = scenario.journal;
    for (const { attempt, card } of scenario.attempts) if (card !== null) this.cards.set(attempt, { card, holder: 'Ayşe Yıldırım' });
  }

  // The tests' handle.

  /** A link to a payment is opened beside the desk. */
  link(id: string): void {
    this.tell({ kind: 'open_payment', id });
  }

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
    return this.watchman.breaches;
  }

  /** How many of the buffers that carried a card or a security code still hold something. */
  unwiped(): number {
    return this.handed.filter((bytes) => bytes.some((byte) => byte !== 0)).length;
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
    this.failures.set(command, [...(this.failures.get(command) ?? []), fault(code, field, text)]);
  }

  /** The newest attempt under way, or the one named. */
  protected subject(attempt?: string): AttemptView {
    const found = this.known.find((one) => (attempt === undefined ? one.outcome === null : one.attempt === attempt)) ?? this.known[0];
    if (found === undefined) throw new Error('There is no attempt.');
    return found;
  }

  /** An attempt gets so far. At the bank, its page is shown. */
  to(progress: Exclude<Progress, 'over'>, attempt?: string): void {
    const one = this.subject(attempt);
    const inBrowser = one.in_browser && progress === 'at_bank';
    this.put({ ...one, progress, since: now(), slot_wait_ms: null });
    if (progress === 'at_bank') this.page(inBrowser ? 'in_browser' : 'shown', one.attempt);
    if (progress === 'confirming') this.dropPage(one.attempt);
  }

  /** An attempt ends. */
  finish(ending: Ending = this.scenario.ending, attempt?: string): void {
    const one = this.subject(attempt);
    this.dropPage(one.attempt);
    const over = ended(one, ending, now());
    const card = this.cards.get(one.attempt);
    if (over.same_card_until === null || card === undefined) this.cards.delete(one.attempt);
    this.put(over);
  }

  /** An attempt changes so. */
  change(patch: Partial<AttemptView>, attempt?: string): void {
    this.put({ ...this.subject(attempt), ...patch });
  }

  /** The gateway was asked once more, in vain. */
  asked(attempt?: string): void {
    const one = this.subject(attempt);
    this.put({ ...one, questions: one.questions + 1, next_question: after(now(), 30_000) });
  }

  /** A bank's page stands so. */
  page(state: BankPageState, attempt?: string, patch: Partial<BankPageView> = {}): void {
    const one = this.subject(attempt);
    const known = this.pages.find((open) => open.attempt === one.attempt);
    const made = pageOf(one, state, known?.opened ?? now());
    const view = { ...made, until: known?.until ?? made.until, ...patch };
    this.pages = this.pages.filter((open) => open.attempt !== one.attempt);
    if (state !== 'gone') this.pages.push(view);
    this.tell({ kind: 'bank_page', page: view });
  }

  /** The journal's state changes. */
  journal(view: JournalView): void {
    this.written = view;
    this.tell({ kind: 'journal', journal: view });
  }

  /** The printer's queue stands so. */
  prints(patch: Partial<PrinterView>): void {
    this.printer = { ...this.printer, ...patch };
    this.tell({ kind: 'printer', printer: this.printer });
  }

  /** Another scenario from here on; everything is told anew. */
  become(patch: Partial<Scenario>): void {
    this.scenario = { ...this.scenario, ...patch };
    if (patch.attempts) this.known = patch.attempts;
    if (patch.pages) this.pages = patch.pages;
    this.tell({ kind: 'anew', hello: this.hello() });
  }

  /** From here on it answers so; nothing is told. */
  set(patch: Partial<Pick<Scenario, 'options' | 'guard' | 'stops' | 'ending'>>): void {
    this.scenario = { ...this.scenario, ...patch };
  }

  /** Other preferences, as if they were chosen elsewhere. */
  prefer(patch: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...patch };
    this.tell({ kind: 'anew', hello: this.hello() });
  }

  /** An event, as it is. */
  tell(event: DeskEvent): void {
    this.events?.(structuredClone(event));
  }

  /** All attempts of this run, newest first. */
  attempts(): AttemptView[] {
    return this.known;
  }

  // What is behind the commands.

  protected put(attempt: AttemptView): void {
    const place = this.known.findIndex((one) => one.attempt === attempt.attempt);
    if (place < 0) this.known.unshift(attempt);
    else this.known[place] = attempt;
    this.tell({ kind: 'attempt', attempt });
  }

  protected dropPage(attempt: string): void {
    if (this.pages.some((open) => open.attempt === attempt)) this.page('gone', attempt);
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
      open: this.known.filter((one) => one.outcome === null),
      attention: {
        attempts: this.known.filter((one) => one.needs_attention || one.set_aside),
        reversals: this.reversals.filter((one) => one.needs_attention),
      },
      journal: this.written,
      missing_span: scenario.missingSpan,
      bank_pages: this.pages,
      printer: this.printer,
    };
  }

  protected hello(): Hello {
    const { place, brokenBy } = this.scenario;
    const common = { version: '0.1.0', preferences: this.preferences };
    switch (place) {
      case 'open': return { ...common, place: { kind: 'open', session: this.#session() } };
      case 'first_start': return { ...common, place: { kind: 'first_start' } };
      case 'locked': return { ...common, place: { kind: 'locked' } };
      case 'broken': return { ...common, place: { kind: 'broken', fault: fault(brokenBy, null, brokenBy === 'journal_in_use' ? 'Process 4711 holds it.' : 'Permission denied: /srv/vezne') } };
    }
  }

  /** Notes a call, lets a held one wait, and tells a fault that is due. */
  protected async comes(command: keyof Backend, args: unknown[]): Promise<Fault | null> {
    this.calls.push({ command, args: structuredClone(args), at: Date.now() });
    this.watchman.sees(command, args);
    await this.waits(command);
    return this.failures.get(command)?.shift() ?? null;
  }

  protected async waits(command: keyof Backend): Promise<void> {
    const queue = this.#heldBack.get(command);
    await (queue === undefined ? Promise.resolve() : new Promise<void>((go) => queue.push(go)));
  }

  /** A command that only does something. */
  protected async does(command: keyof Backend, args: unknown[], act: () => Fault | null | void): Promise<Result<null, Fault>> {
    const wrong = (await this.comes(command, args)) ?? act() ?? null;
    return wrong === null ? ok(null) : no(wrong);
  }

  protected agrees(supervisor: SupervisorInput | null): boolean {
    const one = this.scenario.training ? { name: PRACTICE.supervisor, pin: PRACTICE.supervisor_pin } : SUPERVISOR;
    return supervisor !== null && supervisor.name.trim().toLowerCase() === one.name.toLowerCase() && supervisor.pin === one.pin;
  }

  protected account(id: string) {
    return this.scenario.accounts.find((one) => one.id === id) ?? null;
  }
}
