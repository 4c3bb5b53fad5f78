// The states of a desk that an address can ask for: `fake.html?scenario=unknown&lang=tr&theme=dark`.
// Each part can be set alone too: `&options=twelve&guard=already_paid&ending=declined&walk=timers`.
import type { AccountView, AttemptView, BankPageView, BlockKind, Code, JournalView, LanguageWord, PayStop, Preferences, ReversalView, Span, Theme, UnavailableView } from '../backend.ts';
import { money } from './amounts.ts';
import { after, begun, ended, idOf, isEnding, type Ending } from './attempts.ts';
import { unknownRefund } from './past.ts';
import { FINROTA, LONG, YOLCU, YOLCU_NO_LIMIT } from './people.ts';
import type { PlanKind } from './plans.ts';
import type { Back } from './returns.ts';

/** How the options answer. */
export type OptionsWay = PlanKind | 'slow' | 'failing';

/** Everything that a scenario decides. */
export interface Scenario {
  place: 'open' | 'first_start' | 'broken' | 'locked';
  training: boolean;
  accounts: AccountView[];
  unavailable: UnavailableView[];
  operators: boolean;
  preferences: Preferences;
  options: OptionsWay;
  /** What the guard says to everything; by itself it looks at the attempts. */
  guard: BlockKind | null;
  /** What Pay stops at, in turn. */
  stops: PayStop['kind'][];
  /** What payments end as. */
  ending: Ending;
  /** By hand: the test says when. By timers: by itself, for a person who looks. */
  walk: 'by_hand' | 'timers';
  attempts: AttemptView[];
  reversals: ReversalView[];
  pages: BankPageView[];
  journal: JournalView;
  missingSpan: Span | null;
  past: boolean;
  /** Why money goes back by hand only; by itself it does not. */
  portal: 'off' | 'account_gone' | 'two_approved' | null;
  /** How voids and refunds end. */
  back: Back;
  /** The numbers of the day closes there are. */
  closes: number[];
  /** Whether they are of the day on which Berlin's clocks go back. */
  closesBack: boolean;
  brokenBy: Code;
}

function base(): Scenario {
  return {
    place: 'open', training: false, accounts: [FINROTA, YOLCU, YOLCU_NO_LIMIT, LONG], unavailable: [], operators: true,
    preferences: { language: 'en', theme: 'light', account: FINROTA.id, operator: 'opr_elif' },
    options: 'six', guard: null, stops: [], ending: 'approved', walk: 'by_hand', attempts: [], reversals: [], pages: [],
    journal: { kind: 'written' }, missingSpan: null, past: true, portal: null, back: 'done', closes: [1, 2, 3, 4, 5, 6, 7], closesBack: false, brokenBy: 'home_unusable',
  };
}

/** A bank's page over an attempt. */
export function pageOf(attempt: AttemptView, state: BankPageView['state'], now: string): BankPageView {
  return {
    attempt: attempt.attempt, state,
    host: state === 'loading' || state === 'in_browser' || state === 'gone' ? null : 'acs.bank.example',
    secure: state !== 'loading', opened: now, until: after(now, 600_000), open_yourself: null,
  };
}

function atBank(id: number, now: string, booking: string, seconds: number): AttemptView {
  const opened = after(now, -seconds * 1000);
  return { ...begun({ id, now: opened, booking }), progress: 'at_bank', since: after(opened, 3_000) };
}

function stuck(id: number, now: string, booking: string, ending: Ending, minutes: number): AttemptView {
  const opened = after(now, -minutes * 60_000);
  return ended(begun({ id, now: opened, booking }), ending, after(opened, 31_000));
}

function attention(now: string): AttemptView[] {
  const aside = { ...stuck(12, now, 'RES-ASIDE', 'unknown', 35), set_aside: true, questions: 9, next_question: after(now, 30_000) };
  const contradicted = { ...ended(begun({ id: 13, now: after(now, -86_400_000), booking: 'RES-CONTRA', total: money(1_234_500n), base: money(1_234_500n), installments: 1 }), 'declined', after(now, -86_300_000)), contradicted: true, contradiction: { paid: true, word: '1', amount: money(1_234_500n), number: 'FR-00004711' }, needs_attention: true, same_card_until: null, alarms: [{ code: 'contradicted' as const, detail: null }] };
  const unasked = ended(begun({ id: 14, now: after(now, -3 * 86_400_000), account: YOLCU_NO_LIMIT, order: 'order_1020', installments: 1 }), 'unknown_return_said_yes', after(now, -3 * 86_390_000));
  return [stuck(11, now, 'RES-UNKNOWN', 'unknown', 4), aside, contradicted, unasked, stuck(15, now, 'RES-ALARM', 'approved_alarm', 60)];
}

/** One that was approved a while ago. */
function paidHere(now: string): AttemptView {
  return ended(begun({ id: 31, now: after(now, -2 * 60_000), booking: 'RES-20261121-0418' }), 'approved', after(now, -90_000));
}

/** A refund after which the gateway has another amount left. */
function alarmed(now: string): ReversalView {
  const differs = '455.00 TRY should be left, the gateway has 0.00 TRY';
  return {
    ...unknownRefund(now), payment: idOf('pay', 31), attempt: idOf('att', 31), amount: money(10_000n), should_remain: money(45_500n),
    reason: { code: 'other_amount', text: differs, bank_code: null, field: null }, alarms: [{ code: 'other_amount', detail: differs }],
  };
}

/** Two alarms of one kind, on the payment and on its refund: the gateway told two amounts, one after the other. */
function twiceAlarmed(now: string): Partial<Scenario> {
  const said = (found: string) => ({ code: 'other_amount' as const, detail: `expected 555.00 TRY, the gateway says ${found} TRY` });
  const left = (found: string) => ({ code: 'other_amount' as const, detail: `455.00 TRY should be left, the gateway has ${found} TRY` });
  const attempt = { ...paidHere(now), needs_attention: true, alarms: [said('445.00'), said('345.00')] };
  return { attempts: [attempt], reversals: [{ ...alarmed(now), alarms: [left('0.00'), left('100.00')] }] };
}

/** The scenarios by name. */
export const SCENARIOS: Readonly<Record<string, (now: string) => Partial<Scenario>>> = {
  sale: () => ({}),
  empty: () => ({ past: false, closes: [] }),
  closes: () => ({ walk: 'timers' }),
  closes_back: () => ({ closesBack: true }),
  order: () => ({ preferences: { language: 'en', theme: 'light', account: YOLCU.id, operator: 'opr_elif' } }),
  no_limit: () => ({ preferences: { language: 'en', theme: 'light', account: YOLCU_NO_LIMIT.id, operator: 'opr_elif' } }),
  long: () => ({ accounts: [LONG, FINROTA, YOLCU], preferences: { language: 'en', theme: 'light', account: LONG.id, operator: 'opr_elif' }, options: 'programs' }),
  unknown: () => ({ ending: 'unknown' }),
  attention: (now) => ({ attempts: attention(now), reversals: [unknownRefund(now)] }),
  returns: (now) => ({ attempts: [paidHere(now)], walk: 'timers' }),
  returns_off: (now) => ({ attempts: [paidHere(now)], portal: 'off' }),
  returns_order: (now) => ({ attempts: [ended(begun({ id: 32, now: after(now, -3_600_000), account: YOLCU, order: 'order_1001', installments: 1 }), 'approved', after(now, -3_590_000))], walk: 'timers' }),
  returns_twice: (now) => ({ attempts: [ended(begun({ id: 32, now: after(now, -3_600_000), account: YOLCU, order: 'order_1001', installments: 1 }), 'approved', after(now, -3_590_000))], portal: 'two_approved' }),
  returns_list: (now) => ({ attempts: [41, 42, 43].map((id) => stuck(id, now, `RES-2026111${id - 40}-0042`, 'unknown', 60 * 24 * (id - 39))).concat(attention(now)) }),
  returns_alarm: (now) => ({ attempts: [paidHere(now)], reversals: [alarmed(now)] }),
  returns_alarms: twiceAlarmed,
  returns_priceless: (now) => ({ attempts: [ended(begun({ id: 32, now: after(now, -3_600_000), account: YOLCU, order: 'order_1001', installments: 1, total: null, base: null }), 'approved', after(now, -3_590_000))] }),
  parked: (now) => {
    const three = [atBank(21, now, 'RES-A', 200), atBank(22, now, 'RES-B', 95), atBank(23, now, 'RES-C', 20)];
    return { attempts: three, pages: three.map((attempt) => pageOf(attempt, 'parked', attempt.since)) };
  },
  one: (now) => ({ attempts: [begun({ id: 21, now, booking: 'RES-20261121-0418' })] }),
  one_order: (now) => ({ attempts: [begun({ id: 21, now, account: YOLCU, order: 'order_1001' })] }),
  one_limit: (now) => ({ attempts: [begun({ id: 21, now, account: YOLCU, order: 'order_1001', card: null, total: money(54_500n) })] }),
  one_unasked: (now) => ({ attempts: [begun({ id: 21, now, account: YOLCU_NO_LIMIT, order: 'order_1001' })] }),
  one_long: (now) => ({ attempts: [begun({ id: 21, now, account: LONG, booking: 'RES-2026-İSTANBUL-SABİHA-GÖKÇEN-HAVALİMANI-0000000000000418-B', base: money(99_999_999_999n), total: money(99_999_999_999n), installments: 12 })] }),
  close_asked: (now) => {
    const one = atBank(21, now, 'RES-A', 65);
    return { attempts: [one], pages: [pageOf(one, 'close_asked', one.since)] };
  },
  not_written: () => ({ journal: { kind: 'not_written', why: 'No space left on device' } }),
  missing_span: (now) => ({ missingSpan: { from: after(now, -26 * 3_600_000), until: after(now, -2 * 3_600_000) }, stops: ['span_missing'] }),
  unavailable: () => ({
    accounts: [FINROTA],
    unavailable: [{ name: 'Agency', fault: { code: 'vault', text: 'The keychain has no item of this name.', field: null } }],
  }),
  none_usable: () => ({
    accounts: [],
    unavailable: [{ name: 'Agency', fault: { code: 'vault', text: 'The keychain has no item of this name.', field: null } }],
  }),
  first_start: () => ({ place: 'first_start', past: false, operators: false, preferences: { language: null, theme: 'system', account: null, operator: null } }),
  broken: () => ({ place: 'broken' }),
  disk_full: () => ({ journal: { kind: 'refusing', fault: { code: 'disk_full', text: 'the disk is full', field: null } } }),
  damaged: () => ({ place: 'broken', brokenBy: 'journal_damaged' }),
  in_use: () => ({ place: 'broken', brokenBy: 'journal_in_use' }),
  locked: () => ({ place: 'locked' }),
  training: () => ({ training: true, past: false }),
  nobody: () => ({ operators: false, preferences: { language: 'en', theme: 'light', account: FINROTA.id, operator: null } }),
};

const OPTION_WAYS: readonly string[] = ['six', 'twelve', 'programs', 'uneven', 'none', 'single', 'forced', 'wrong_currency', 'eight_differs', 'unknown_amount', 'slow', 'failing'];
const BLOCKS: readonly string[] = ['open_or_unknown', 'contradicted', 'already_paid', 'same_card_unknown', 'set_aside_same_card', 'twin', 'too_many_open'];
const BACKS: readonly string[] = ['done', 'unknown', 'alarm', 'refused', 'not_sent'];
const STOPS: readonly string[] = ['blocked', 'type_again', 'supervisor', 'not_a_supervisor', 'span_missing', 'options', 'wrong'];

/** Reads a scenario from an address's query. What it doesn't know is an error: a test that misspells it must not pass. */
export function scenarioOf(query: URLSearchParams, now: string): Scenario {
  const name = query.get('scenario') ?? 'sale';
  const made = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name]?.(now) : undefined;
  if (made === undefined) throw new Error(`There is no scenario ${name}.`);
  const scenario = { ...base(), ...made };
  const take = (key: string, known: readonly string[] | ((word: string) => boolean)): string | null => {
    const word = query.get(key);
    if (word !== null && !(typeof known === 'function' ? known(word) : known.includes(word))) throw new Error(`${key}=${word} is not known.`);
    return word;
  };
  const lang = take('lang', ['en', 'tr', 'none']);
  const theme = take('theme', ['system', 'light', 'dark']);
  if (lang !== null) scenario.preferences = { ...scenario.preferences, language: lang === 'none' ? null : lang as LanguageWord };
  if (theme !== null) scenario.preferences = { ...scenario.preferences, theme: theme as Theme };
  const account = take('account', (id) => scenario.accounts.some((one) => one.id === id));
  if (account !== null) scenario.preferences = { ...scenario.preferences, account };
  scenario.options = (take('options', OPTION_WAYS) ?? scenario.options) as OptionsWay;
  scenario.guard = take('guard', BLOCKS) as BlockKind | null ?? scenario.guard;
  const stop = take('stop', STOPS);
  if (stop !== null) scenario.stops = [stop as PayStop['kind']];
  scenario.back = (take('back', BACKS) ?? scenario.back) as Back;
  const ending = take('ending', isEnding);
  if (isEnding(ending)) scenario.ending = ending;
  scenario.walk = (take('walk', ['by_hand', 'timers']) ?? scenario.walk) as Scenario['walk'];
  return scenario;
}
