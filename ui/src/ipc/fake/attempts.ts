// Attempts as the fake's till shows them, and what can become of them.
import type { AccountView, AttemptView, CardView, Code, Field, MoneyView, OutcomeWord, RefusedBy } from '../backend.ts';
import { money } from './amounts.ts';
import { FINROTA } from './people.ts';

/** Everything that an attempt can end as in the fake, by a name for tests and addresses. */
export type Ending =
  | 'approved' | 'approved_unconfirmed' | 'approved_without_3ds' | 'approved_return_alone' | 'approved_alarm'
  | 'declined' | 'insufficient_funds' | 'expired_card' | 'invalid_card_number' | 'invalid_cvc' | 'three_ds_failed' | 'limit_exceeded' | 'other'
  | 'unknown' | 'unknown_connection' | 'unknown_return_said_yes' | 'unknown_nobody' | 'unknown_not_written'
  | 'refused_by_gateway' | 'refused_by_vezne' | 'price_changed' | 'too_many_requests'
  | 'not_sent' | 'offline' | 'cancelled' | 'no_slot' | 'journal_failed';

/** What an ending says. */
export interface EndingFacts {
  outcome: OutcomeWord;
  code: Code | null;
  text?: string;
  bankCode?: string;
  field?: Field;
  evidence?: string;
  refusedBy?: RefusedBy;
  unconfirmed?: boolean;
  without3ds?: boolean;
  notWritten?: boolean;
  alarm?: Code;
}

/** The endings. */
export const ENDINGS: Readonly<Record<Ending, EndingFacts>> = {
  approved: { outcome: 'approved', code: null, evidence: 'gateway_status' },
  approved_unconfirmed: { outcome: 'approved', code: null, evidence: 'pay_answer', unconfirmed: true },
  approved_without_3ds: { outcome: 'approved', code: null, evidence: 'gateway_status', without3ds: true },
  approved_return_alone: { outcome: 'approved', code: null, evidence: 'return_alone', unconfirmed: true },
  approved_alarm: { outcome: 'approved', code: null, evidence: 'gateway_status', alarm: 'other_amount' },
  declined: { outcome: 'declined', code: 'card_declined', text: 'Do not honour', bankCode: '05', evidence: 'gateway_status' },
  insufficient_funds: { outcome: 'declined', code: 'insufficient_funds', text: 'Yetersiz bakiye', bankCode: '51', evidence: 'gateway_status' },
  expired_card: { outcome: 'declined', code: 'expired_card', bankCode: '54', field: 'expiry', evidence: 'gateway_status' },
  invalid_card_number: { outcome: 'declined', code: 'invalid_card_number', bankCode: '14', field: 'number', evidence: 'gateway_status' },
  invalid_cvc: { outcome: 'declined', code: 'invalid_cvc', text: 'CVC2 hatalı', bankCode: '82', field: 'cvc', evidence: 'gateway_status' },
  three_ds_failed: { outcome: 'declined', code: 'three_ds_failed', evidence: 'gateway_status' },
  limit_exceeded: { outcome: 'declined', code: 'limit_exceeded', text: 'Credit limit exceeded', evidence: 'pay_answer' },
  other: { outcome: 'declined', code: 'other', text: 'İşlem banka tarafından reddedildi, lütfen bankanızla görüşünüz', bankCode: '96', evidence: 'gateway_status' },
  unknown: { outcome: 'unknown', code: 'timed_out' },
  unknown_connection: { outcome: 'unknown', code: 'connection_lost' },
  unknown_return_said_yes: { outcome: 'unknown', code: 'only_the_return_said_success' },
  unknown_nobody: { outcome: 'unknown', code: 'nobody_said_anything' },
  unknown_not_written: { outcome: 'unknown', code: 'timed_out', notWritten: true },
  refused_by_gateway: { outcome: 'refused', code: 'bad_request', text: 'clientIP is not allowed', refusedBy: 'gateway' },
  refused_by_vezne: { outcome: 'refused', code: 'options_unanswered', refusedBy: 'vezne' },
  price_changed: { outcome: 'refused', code: 'price_changed', refusedBy: 'vezne' },
  too_many_requests: { outcome: 'refused', code: 'too_many_requests', refusedBy: 'gateway' },
  not_sent: { outcome: 'not_sent', code: 'sign_in_unanswered' },
  offline: { outcome: 'not_sent', code: 'offline' },
  cancelled: { outcome: 'not_sent', code: 'cancelled' },
  no_slot: { outcome: 'not_sent', code: 'no_slot' },
  journal_failed: { outcome: 'not_sent', code: 'journal_failed' },
};

/** Whether an address names an ending. */
export function isEnding(word: string | null): word is Ending {
  return word !== null && Object.hasOwn(ENDINGS, word);
}

/** Which card a brand's first digits belong to. */
export function brandOf(number: string): string {
  if (/^3[47]/.test(number)) return 'American Express';
  if (/^9792/.test(number)) return 'Troy';
  if (/^(5[1-5]|2[2-7])/.test(number)) return 'Mastercard';
  return 'Visa';
}

/** A card as it may be kept. */
export function masked(number: string): CardView {
  return { brand: brandOf(number), first_six: number.slice(0, 6), last_four: number.slice(-4) };
}

/** The card of the examples. */
export const CARD: CardView = { brand: 'Visa', first_six: '415565', last_four: '6111' };

/** What an attempt is made from. */
export interface Beginning {
  id: number;
  now: string;
  account?: AccountView;
  order?: string | null;
  booking?: string | null;
  part?: string | null;
  base?: MoneyView | null;
  total?: MoneyView | null;
  installments?: number | null;
  card?: CardView | null;
  operator?: string | null;
}

/** An id that is 26 characters long, as the desk's own are. */
export function idOf(kind: 'att' | 'pay' | 'rev', id: number): string {
  return `${kind}_01KB3ZQ8RT5N7W${id.toString().padStart(12, '0')}`;
}

/** An attempt that was just written down. */
export function begun(from: Beginning): AttemptView {
  const account = from.account ?? FINROTA;
  const card = from.card === undefined ? CARD : from.card;
  return {
    payment: idOf('pay', from.id),
    attempt: idOf('att', from.id),
    reference: `VZN7Q2M4K8X1${from.id.toString().padStart(8, '0')}`,
    account: account.id,
    account_name: account.name,
    gateway: account.gateway,
    order: from.order ?? null,
    booking: from.order ? null : (from.booking ?? 'RES-20261121-0418'),
    part: from.part ?? null,
    total: from.total === undefined ? money(55_500n) : from.total,
    base: from.base === undefined ? money(54_500n) : from.base,
    installments: card === null ? null : (from.installments ?? 3),
    card,
    operator: from.operator === undefined ? 'Elif Çağlar' : from.operator,
    opened: from.now,
    since: from.now,
    progress: 'preparing',
    outcome: null,
    set_aside: false,
    refused_by: null,
    evidence: null,
    unconfirmed: false,
    reason: null,
    gateway_payment: null,
    gateway_reference: null,
    authorisation: null,
    without_3ds: false,
    questions: 0,
    next_question: null,
    slot_wait_ms: null,
    same_card_until: null,
    can_be_asked: account.status_query,
    in_browser: false,
    alarms: [],
    contradicted: false,
    contradiction: null,
    listed_from: null,
    needs_attention: false,
    not_written_down: false,
  };
}

/** Milliseconds after a moment. */
export function after(moment: string, milliseconds: number): string {
  return new Date(Date.parse(moment) + milliseconds).toISOString();
}

/** For how long "same card again" is offered. */
export const SAME_CARD_MS = 120_000;

/** An attempt that ended so. */
export function ended(attempt: AttemptView, ending: Ending, now: string): AttemptView {
  const facts = ENDINGS[ending];
  const unknown = facts.outcome === 'unknown';
  const reached = facts.outcome === 'approved' || facts.outcome === 'declined';
  const again = attempt.card !== null && (facts.outcome === 'declined' || facts.outcome === 'refused' || facts.outcome === 'not_sent');
  return {
    ...attempt,
    since: now,
    progress: 'over',
    slot_wait_ms: null,
    outcome: facts.outcome,
    refused_by: facts.refusedBy ?? null,
    evidence: facts.evidence ?? null,
    unconfirmed: facts.unconfirmed ?? false,
    without_3ds: facts.without3ds ?? false,
    reason: facts.code === null ? null : { code: facts.code, text: facts.text ?? null, bank_code: facts.bankCode ?? null, field: facts.field ?? null },
    gateway_payment: reached ? `${88_120_000 + Number(attempt.attempt.slice(-6))}` : null,
    gateway_reference: reached && attempt.gateway === 'finrota' ? `FR-${attempt.reference.slice(-8)}` : null,
    authorisation: facts.outcome === 'approved' && attempt.gateway === 'finrota' ? 'A60418' : null,
    questions: unknown ? 4 : attempt.questions,
    next_question: unknown && attempt.can_be_asked ? after(now, 18_000) : null,
    same_card_until: again ? after(now, SAME_CARD_MS) : null,
    alarms: facts.alarm ? [{ code: facts.alarm, detail: facts.alarm === 'other_amount' ? 'expected 545.00 TRY, the gateway says 554.00 TRY' : null }] : [],
    listed_from: unknown ? after(now, facts.code?.startsWith('only_the_return') === true ? 0 : 86_400_000) : null,
    needs_attention: unknown || facts.alarm !== undefined,
    not_written_down: facts.notWritten ?? false,
  };
}
