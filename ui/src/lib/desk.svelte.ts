/** Everything that the window knows. Nothing of a card is ever in here. */

import { SvelteMap } from 'svelte/reactivity';
import type {
  AccountView, AttemptView, Backend, BankPageView, ComparingView, DeskEvent, Fault, Field, Hello, JournalView, LanguageWord, Preferences,
  PrinterView, ReversalView, Session,
} from '../ipc/backend.ts';
import { en, type Words } from '../words/en.ts';
import { tr } from '../words/tr.ts';
import { keys } from './keys.ts';
import { figures, money } from './money.ts';
import { holdsTyped } from './typed.ts';
import { when, type Manner } from './time.ts';
import type { MoneyView } from '../ipc/backend.ts';

/** What is shown. */
export type Where =
  | { screen: 'sale' }
  | { screen: 'attempt'; attempt: string }
  | { screen: 'history' }
  | { screen: 'payment'; payment: string }
  | { screen: 'attention' }
  /** A close by its number; `null` is the one that is not made yet. */
  | { screen: 'close'; number: number | null }
  | { screen: 'settings' };

/** What a sale begins with when it goes on from an attempt that took nothing: all of it but the card. */
export type Again = { from: AttemptView; focus: Field | null; means: 'card' | 'credit_limit' };

/** How the window stands with what is behind it. */
export type Link = { kind: 'opening' } | { kind: 'failed'; fault: Fault } | { kind: 'open' };

/** Something to be said by a screen reader. */
export type Spoken = { text: string; urgent: boolean; turn: number };

const ATTEMPTS_SHOWN = 3;
/** Ends that are asked about once more come within a minute or two: no more sales than these are taken in that time. */
const KNOWN_CARRIED = 16;

function systemLanguage(): LanguageWord {
  return navigator.language.toLowerCase().startsWith('tr') ? 'tr' : 'en';
}

/** An unexpected failure of the bridge itself, in the shape of any other. */
export function faultOf(error: unknown): Fault {
  return { code: 'internal', text: error instanceof Error ? error.message : null, field: null };
}

/** What a page that was renewed was showing: said once, by its address. */
function beforeRenewal(): { shown: string | null; watched: string[]; known: string[] } | null {
  const said = new URLSearchParams(location.hash.slice(1));
  if (!said.has('renewed')) return null;
  history.replaceState(null, '', location.pathname);
  const list = (name: string) => (said.get(name) ?? '').split(',').filter(Boolean);
  return { shown: said.get('shown') || null, watched: list('watched'), known: list('known') };
}

export class Desk {
  readonly backend: Backend;
  link = $state.raw<Link>({ kind: 'opening' });
  hello = $state.raw<Hello | null>(null);
  readonly attempts = new SvelteMap<string, AttemptView>();
  readonly reversals = new SvelteMap<string, ReversalView>();
  readonly bankPages = new SvelteMap<string, BankPageView>();
  journal = $state.raw<JournalView>({ kind: 'written' });
  printer = $state.raw<PrinterView | null>(null);
  preferences = $state.raw<Preferences>({ language: null, theme: 'system', account: null, operator: null });
  where = $state.raw<Where>({ screen: 'sale' });
  /** Counts the sales that were begun, so that a new one starts with an empty form. */
  sales = $state(0);
  /** What the next sale's form begins with; read once when it is made. */
  again = $state.raw<Again | null>(null);
  /** Milliseconds; moves on every second. */
  now = $state(Date.now());
  spoken = $state.raw<Spoken>({ text: '', urgent: false, turn: 0 });
  /** Someone wants to close the desk while something is under way; `null` once that is answered. */
  closing = $state.raw<{ open: number; not_written_down: boolean } | null>(null);
  /** Counts what was closed or compared, so that whoever shows it asks anew. */
  closes = $state(0);
  /** The comparison of a close that is under way, or the last one of this window. */
  comparing = $state.raw<ComparingView | null>(null);
  /** A link was opened while something was being done here: it waits for an answer. */
  offered = $state<string | null>(null);
  /** A supervisor was asked about this attempt or reversal, and the gateway answered first. */
  answered = $state.raw<{ id: string; about: string } | null>(null);
  /** Attempts that report by a banner until their outcome has been seen. */
  readonly watched = $state<string[]>([]);
  #turn = 0;
  /** Something of a card was typed since this page was loaded. Nothing of it is kept, but nobody can wipe what a page forgets. */
  #sawCard = false;
  /** This page took another's place, and shows what that one showed. */
  renewed = false;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  readonly place = $derived.by(() => this.hello?.place ?? null);
  readonly session = $derived.by<Session | null>(() => (this.place?.kind === 'open' ? this.place.session : null));
  readonly training = $derived.by(() => this.session?.training ?? null);
  readonly language = $derived.by<LanguageWord>(() => this.preferences.language ?? systemLanguage());
  /** The language of papers: as the desk was told, else the screen's. */
  readonly paperLanguage = $derived.by<LanguageWord>(() => this.printer?.language ?? this.language);
  readonly words = $derived.by<Words>(() => (this.language === 'tr' ? tr : en));
  readonly zone = $derived.by(() => this.session?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  readonly account = $derived.by<AccountView | null>(() => {
    const accounts = this.session?.accounts ?? [];
    return accounts.find((account) => account.id === this.preferences.account) ?? accounts[0] ?? null;
  });
  readonly needsAttention = $derived.by(() => {
    const attempts = [...this.attempts.values()].filter((attempt) => attempt.needs_attention);
    const reversals = [...this.reversals.values()].filter((reversal) => reversal.needs_attention);
    return { attempts, reversals, count: attempts.length + reversals.length };
  });
  /** A bank's window stands over the left part of the desk, in front of whatever is there. */
  readonly covered = $derived.by(() => [...this.bankPages.values()].some((page) => page.state === 'loading' || page.state === 'shown' || page.state === 'close_asked'));
  /** Those that are not the one on the screen, oldest first. */
  readonly parked = $derived.by(() => {
    const { where } = this;
    const isShown = (attempt: AttemptView) =>
      (where.screen === 'attempt' && where.attempt === attempt.attempt) || (where.screen === 'payment' && where.payment === attempt.payment);
    return this.watched
      .map((id) => this.attempts.get(id))
      .filter((attempt) => attempt !== undefined)
      .filter((attempt) => !isShown(attempt))
      .slice(-ATTEMPTS_SHOWN);
  });

  /** Asks for everything and goes on from there. Also after the window was loaded anew. */
  async open(): Promise<void> {
    this.link = { kind: 'opening' };
    const before = beforeRenewal();
    this.renewed = before !== null;
    if (before) for (const id of before.watched) this.#watch(id);
    try {
      // What is told before the answer has arrived waits for it: it is newer than the answer, or in it.
      let early: DeskEvent[] | null = [];
      const answer = await this.backend.watch((event) => {
        if (early) early.push(event);
        else this.#apply(event);
      });
      if (answer.status === 'error') {
        this.link = { kind: 'failed', fault: answer.error };
        return;
      }
      this.#replace(answer.data);
      this.link = { kind: 'open' };
      const waited = early;
      early = null;
      for (const event of waited) this.#apply(event);
      // A window that was loaded anew finds the bank's page over it, and shows what it belongs to.
      const page = [...this.bankPages.values()].find((one) => one.state !== 'parked' && one.state !== 'in_browser');
      if (page && this.attempts.has(page.attempt) && this.where.screen === 'sale') this.where = { screen: 'attempt', attempt: page.attempt };
      // A page that was renewed goes on where it was.
      if (before) await this.#goOn(before);
      // What nobody knows the end of comes before the first sale of the day.
      if (!before && this.sales === 0 && this.where.screen === 'sale' && this.needsAttention.count > 0) this.where = { screen: 'attention' };
    } catch (error) {
      this.link = { kind: 'failed', fault: faultOf(error) };
    } finally {
      if (before) this.#standing();
    }
  }

  /** Shows what the page before has shown; what was known there is no news here. */
  async #goOn({ shown, known }: { shown: string | null; known: string[] }): Promise<void> {
    const unknown = [...known, ...(shown ? [shown] : [])].filter((id) => !this.attempts.has(id));
    const answers = await Promise.all(unknown.map((id) => this.backend.attempt(id)));
    for (const answer of answers) if (answer.status === 'ok' && !this.attempts.has(answer.data.attempt)) this.#put(answer.data);
    if (shown) this.where = { screen: 'attempt', attempt: shown };
  }

  /** A picture of the page before stands in front of this one until it is drawn. */
  #standing(): void {
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        this.backend.pageStands().catch(() => undefined);
      });
    });
  }

  /** Something of a card is being typed. */
  seesCard(): void {
    this.#sawCard = true;
  }

  /**
   * Lets a fresh page take this one's place, if this one has seen a card: what was typed goes with the process that held it.
   * Called where nothing is typed or asked: everything else is known behind the window.
   */
  renew(): void {
    if (!this.#sawCard || document.querySelector('dialog[open]') !== null) return;
    this.#sawCard = false;
    const shown = this.where.screen === 'attempt' ? this.where.attempt : null;
    const known = [...this.attempts.keys()].filter((id) => id !== shown && !this.watched.includes(id)).slice(-KNOWN_CARRIED);
    // A page that can't be renewed goes on as it is.
    this.backend.renewPage(shown, [...this.watched], known).catch(() => undefined);
  }

  /** Lets the clock run; answers what stops it. */
  tick(): () => void {
    const timer = setInterval(() => {
      this.now = Date.now();
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }

  /** Goes to a screen. */
  show(where: Where): void {
    this.renewed = false;
    const left = this.where;
    if (left.screen === 'attempt' && this.attempts.get(left.attempt)?.progress === 'over') this.#seen(left.attempt);
    if (left.screen === 'payment') {
      for (const attempt of this.attempts.values()) if (attempt.payment === left.payment && attempt.progress === 'over') this.#seen(attempt.attempt);
    }
    if (left.screen === 'attempt' && !(where.screen === 'attempt' && where.attempt === left.attempt)) this.#putAside(left.attempt);
    this.where = where;
    keys.settle();
    // The form of a sale that was left is gone, and this one's is empty.
    if (where.screen === 'sale' && left.screen !== 'sale' && this.again === null) this.renew();
  }

  /** A link was opened. What is being typed or waited for here is not taken away: then the payment is only offered. */
  openLink(id: string): void {
    const form = [...document.querySelectorAll<HTMLInputElement>('main input, main textarea')];
    // What a sale began with is as good as typed.
    const begun = this.where.screen === 'sale' && form.some((field) => field.value !== '' && !['radio', 'checkbox', 'search'].includes(field.type));
    const waits = this.where.screen === 'attempt' && this.attempts.get(this.where.attempt)?.progress !== 'over';
    const busy = begun || holdsTyped() || waits || document.querySelector('dialog[open]') !== null;
    this.offered = busy ? id : null;
    if (!busy) this.show({ screen: 'payment', payment: id });
  }

  /** Begins a new sale with an empty form. No card of the one before is kept. */
  newSale(): void {
    this.again = null;
    void this.backend.forgetCards();
    this.sales += 1;
    this.show({ screen: 'sale' });
    this.renew();
  }

  /** Goes back to the sale with the account, the order or the reference and the amount of an attempt; the card is typed anew. */
  sellAgain(again: Again): void {
    this.again = again;
    if (again.from.account !== this.preferences.account) void this.prefer({ account: again.from.account });
    this.sales += 1;
    this.show({ screen: 'sale' });
  }

  /** A payment was begun: it is watched, and shown. */
  took(attempt: AttemptView): void {
    // What the stream has told of it meanwhile is newer than this answer, and may be its last word.
    if (!this.attempts.has(attempt.attempt)) this.#put(attempt);
    this.#watch(attempt.attempt);
    this.answered = null;
    this.again = null;
    this.sales += 1;
    this.show({ screen: 'attempt', attempt: attempt.attempt });
  }

  /** The bank's window goes with the screen that it belongs to, instead of covering another one. */
  #putAside(attempt: string): void {
    const page = this.bankPages.get(attempt);
    if (page?.state === 'loading' || page?.state === 'shown') this.backend.bankPark(attempt).catch(() => undefined);
  }

  /** A banner was answered: its outcome is known to the person here. */
  dismiss(attempt: string): void {
    this.#seen(attempt);
  }

  /** Changes what this person prefers, at once here and then on the disk. */
  async prefer(change: Partial<Preferences>): Promise<Fault | null> {
    this.preferences = { ...this.preferences, ...change };
    try {
      const answer = await this.backend.setPreferences(this.preferences);
      return answer.status === 'error' ? answer.error : null;
    } catch (error) {
      return faultOf(error);
    }
  }

  /** Says something to a screen reader. */
  announce(text: string, urgent = false): void {
    // Counted apart: whoever says something from an effect must not depend on what was said.
    this.#turn += 1;
    this.spoken = { text, urgent, turn: this.#turn };
  }

  /** An amount in this language: `1,234.50 TRY`. */
  money(view: MoneyView): string {
    return money(view, this.language);
  }

  /** The figures of an amount, without its currency. */
  figures(amount: string): string {
    return figures(amount, this.language);
  }

  /** A moment in this language and the desk's time zone, or the one that a close was made in. */
  when(moment: string | number, manner: Manner, zone: string = this.zone): string {
    return when(moment, this.language, zone, manner);
  }

  /** The words of a fault: the table's, and those that carry data. */
  faultText(fault: { code: Fault['code']; text: string | null }): string {
    const words = this.words.codes[fault.code].happened;
    return fault.text ? `${words} (${fault.text})` : words;
  }

  #replace(hello: Hello): void {
    const before = this.session?.desk;
    this.hello = hello;
    this.preferences = hello.preferences;
    const session = hello.place.kind === 'open' ? hello.place.session : null;
    const known = [...(session?.attention.attempts ?? []), ...(session?.open ?? [])];
    if (before !== session?.desk) {
      this.watched.length = 0;
      this.answered = null;
    }
    // What this person has not seen the end of, or looks at, is asked for anew if it is not told of here.
    const shown = this.where.screen === 'attempt' ? [this.where.attempt] : [];
    const followed = [...this.watched, ...shown].filter((id) => !known.some((attempt) => attempt.attempt === id));
    const old = followed.map((id) => this.attempts.get(id)).filter((attempt) => attempt !== undefined);
    this.attempts.clear();
    for (const attempt of [...old, ...known]) this.attempts.set(attempt.attempt, attempt);
    for (const id of followed) void this.#askFor(id);
    this.reversals.clear();
    for (const reversal of session?.attention.reversals ?? []) this.reversals.set(reversal.reversal, reversal);
    this.bankPages.clear();
    for (const page of session?.bank_pages ?? []) this.bankPages.set(page.attempt, page);
    // What another till compared is none of this one's; whoever shows a comparison asks for it anew.
    this.comparing = null;
    this.journal = session?.journal ?? { kind: 'written' };
    this.printer = session?.printer ?? null;
    for (const attempt of [...(session?.open ?? [])].reverse()) {
      if (attempt.progress !== 'over') this.#watch(attempt.attempt);
    }
  }

  async #askFor(id: string): Promise<void> {
    const answer = await this.backend.attempt(id);
    if (answer.status === 'ok') this.#heard(answer.data);
    else this.#seen(id);
  }

  #apply(event: DeskEvent): void {
    switch (event.kind) {
      case 'attempt':
        this.#heard(event.attempt);
        break;
      case 'reversal':
        this.reversals.set(event.reversal.reversal, event.reversal);
        break;
      case 'journal':
        this.journal = event.journal;
        break;
      case 'bank_page':
        if (event.page.state === 'gone') this.bankPages.delete(event.page.attempt);
        else this.bankPages.set(event.page.attempt, event.page);
        break;
      case 'printer':
        this.printer = event.printer;
        break;
      case 'close_asked':
        this.closing = event;
        break;
      case 'open_payment':
        this.openLink(event.id);
        break;
      case 'day_closed':
        this.closes += 1;
        // What a restored backup left out needs no supervisor any more.
        if (this.hello?.place.kind === 'open' && this.hello.place.session.missing_span !== null) {
          const { place } = this.hello;
          this.hello = { ...this.hello, place: { ...place, session: { ...place.session, missing_span: null } } };
        }
        break;
      case 'comparing':
        this.comparing = event.comparing;
        if (event.comparing.ended) this.closes += 1;
        break;
      case 'anew':
        this.#replace(event.hello);
        break;
    }
  }

  /** An attempt changed; one whose end is new to this person reports by a banner, also long after it was seen as unknown. */
  #heard(attempt: AttemptView): void {
    const before = this.attempts.get(attempt.attempt);
    this.#put(attempt);
    if (attempt.progress !== 'over' || before?.outcome !== attempt.outcome) this.#watch(attempt.attempt);
  }

  #put(attempt: AttemptView): void {
    // What it says of times is counted from now, not from the clock's last second.
    this.now = Date.now();
    this.attempts.set(attempt.attempt, attempt);
  }

  #watch(attempt: string): void {
    if (!this.watched.includes(attempt)) this.watched.push(attempt);
  }

  #seen(attempt: string): void {
    const at = this.watched.indexOf(attempt);
    if (at >= 0) this.watched.splice(at, 1);
  }
}
