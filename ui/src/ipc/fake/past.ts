// What the fake's journal holds: two hundred attempts, and the steps of each.
import type { AttemptView, HistoryFilter, HistoryPage, HistoryRow, Line, LineKind, NoteView, OutcomeWord, PaymentDetail, ReversalView, Understood } from '../backend.ts';
import { money } from './amounts.ts';
import { after, begun, ended, idOf, type Ending, type EndingFacts, ENDINGS } from './attempts.ts';
import { FINROTA, LONG, OPERATORS, YOLCU } from './people.ts';

const PAGE = 50;
const HOLDERS = ['Ayşe Yıldırım', 'Işıl Ağaoğlu', 'Çağrı Öztürk', 'Şükrü Ünlü', 'İpek Doğan', 'Ian Fleming'];
const CARDS = [
  { brand: 'Visa', first_six: '415565', last_four: '6111' },
  { brand: 'Mastercard', first_six: '552879', last_four: '0008' },
  { brand: 'Troy', first_six: '979209', last_four: '3360' },
  { brand: 'American Express', first_six: '374427', last_four: '0003' },
];
const COURSE: Ending[] = ['approved', 'approved', 'insufficient_funds', 'approved', 'approved_unconfirmed', 'unknown', 'approved', 'refused_by_gateway', 'approved', 'offline'];

/** One kept attempt with its holder's name, which is searched but not shown. */
export interface Kept { attempt: AttemptView; holder: string }

/** Two hundred attempts, newest first, going back from a moment. */
export function twoHundred(now: string): Kept[] {
  return Array.from({ length: 200 }, (_, place): Kept => {
    const id = 900 - place;
    const opened = after(now, -(place + 1) * 17 * 60_000);
    const order = place % 4 === 3;
    const limit = place % 12 === 3;
    const base = money(BigInt(54_500 + ((place * 7_919) % 300_000)));
    const attempt = begun({
      id, now: opened, base, total: base,
      account: order ? YOLCU : place === 5 ? LONG : FINROTA,
      order: order ? `order_${2000 - place}` : null,
      booking: `RES-2026112${place % 2}-${(400 - place).toString().padStart(4, '0')}`,
      part: place % 9 === 4 ? 'deposit' : null,
      card: limit ? null : (CARDS[place % CARDS.length] ?? null),
      installments: [1, 3, 6, 12][place % 4] ?? 1,
      operator: OPERATORS[place % OPERATORS.length]?.name ?? null,
    });
    // Past unknowns that were long settled: only the two newest still stand open.
    const planned = COURSE[place % COURSE.length] ?? 'approved';
    const ending = planned === 'unknown' && place > 20 ? 'approved' : planned;
    const over = ended(attempt, ending, after(opened, 42_000));
    return { attempt: { ...over, same_card_until: null }, holder: HOLDERS[place % HOLDERS.length] ?? '' };
  });
}

/** Folds Turkish and other letters, so that `ISPARTA`, `ısparta` and `isparta` are one. */
export function folded(text: string): string {
  return text.toLocaleLowerCase('en').normalize('NFD').replace(/\p{M}/gu, '').replace(/ı/g, 'i');
}

function row({ attempt, holder }: Kept, returned: ReversalView | undefined): HistoryRow {
  return {
    attempt: attempt.attempt, payment: attempt.payment, account_name: attempt.account_name, gateway: attempt.gateway,
    subject: attempt.order ?? attempt.booking ?? '', part: attempt.part, outcome: attempt.outcome, set_aside: attempt.set_aside,
    unconfirmed: attempt.unconfirmed, total: attempt.total, returned: returned?.amount ?? null, installments: attempt.installments,
    card: attempt.card, holder: attempt.card === null ? null : holder, operator: attempt.operator, opened: attempt.opened,
    alarmed: attempt.alarms.length > 0 || attempt.contradicted,
  };
}

function matches({ attempt, holder }: Kept, words: string[]): boolean {
  const text = folded([
    attempt.order, attempt.booking, attempt.reference, attempt.card?.first_six, attempt.card?.last_four,
    attempt.total?.amount, attempt.account_name, holder,
  ].filter(Boolean).join(' '));
  return words.every((word) => text.includes(word));
}

const OUTCOMES: Record<string, OutcomeWord> = { approved: 'approved', onaylandi: 'approved', declined: 'declined', reddedildi: 'declined', unknown: 'unknown', bilinmiyor: 'unknown' };

/** What a word of the line says beside itself: the desk behind the real window knows many more. */
function understood(word: string): Understood | null {
  const outcome = OUTCOMES[word];
  if (outcome !== undefined) return { kind: 'outcome', outcome };
  const times = /^(\d{1,2})x$/.exec(word);
  return times ? { kind: 'plan', installments: Number(times[1]) } : null;
}

function holds({ attempt }: Kept, said: Understood): boolean {
  return said.kind === 'outcome' ? attempt.outcome === said.outcome : said.kind === 'plan' && attempt.installments === said.installments;
}

function beside({ attempt }: Kept, filter: HistoryFilter): boolean {
  const day = attempt.opened.slice(0, 10);
  return (filter.outcome === null || attempt.outcome === filter.outcome) && (filter.account === null || attempt.account === filter.account)
    && (filter.operator === null || OPERATORS.some((one) => one.id === filter.operator && one.name === attempt.operator))
    && (filter.plan === null || (attempt.installments ?? 0) === filter.plan)
    && (filter.from === null || day >= filter.from) && (filter.until === null || day <= filter.until);
}

/** A page of what is kept. */
export function page(kept: Kept[], reversals: ReversalView[], filter: HistoryFilter): HistoryPage {
  const words = folded(filter.text).split(/\s+/).filter((word) => word !== '');
  const id = /(?:^|\/)((?:pay|att)_[0-9a-z]+)/.exec(words.join(' '))?.[1];
  const said = words.map(understood).filter((one) => one !== null);
  const plain = words.filter((word) => understood(word) === null);
  const wanted = id === undefined
    ? kept.filter((one) => matches(one, plain) && said.every((what) => holds(one, what)) && beside(one, filter))
    : kept.filter(({ attempt }) => [attempt.payment, attempt.attempt].some((known) => known.toLowerCase() === id));
  const start = filter.after === null ? 0 : wanted.findIndex((one) => one.attempt.attempt === filter.after) + 1;
  return {
    rows: wanted.slice(start, start + PAGE).map((one) => row(one, reversals.find((back) => back.attempt === one.attempt.attempt && back.state === 'done'))),
    more: wanted.length > start + PAGE, named: id !== undefined, understood: said,
  };
}

function endingLines(facts: EndingFacts): LineKind[] {
  switch (facts.outcome) {
    case 'approved': return ['sent', 'at_bank', 'page_opened', 'came_back', 'page_gone', 'confirming', 'asked_pending', 'asked_paid', 'approved'];
    case 'declined': return ['sent', 'at_bank', 'page_opened', 'came_back', 'page_gone', 'confirming', 'asked_not_paid', 'declined'];
    case 'unknown': return ['sent', 'at_bank', 'page_opened', 'page_gone', 'confirming', 'asked_no_answer', 'asked_pending', 'unknown'];
    case 'refused': return facts.refusedBy === 'vezne' ? ['refused'] : ['sent', 'heard_no', 'refused'];
    case 'not_sent': return ['not_sent'];
  }
}

function linesOf(attempt: AttemptView): Line[] {
  const ending = Object.values(ENDINGS).find((facts) => facts.outcome === attempt.outcome && facts.code === (attempt.reason?.code ?? null));
  const kinds: LineKind[] = ['written_down', ...(attempt.gateway === 'yolcu360' ? ['baseline_read' as const] : []), ...(ending ? endingLines(ending) : [])];
  const shown = attempt.card === null ? kinds.filter((kind) => !['at_bank', 'page_opened', 'came_back', 'page_gone'].includes(kind)) : kinds;
  const lines = shown.map((kind, place): Line => ({
    at: after(attempt.opened, place * 4_100),
    about: attempt.attempt,
    kind,
    detail: kind === 'page_opened' ? 'acs.bank.example' : kind === 'page_gone' ? 'returned' : kind === 'declined' ? (attempt.reason?.text ?? null) : null,
    code: kind === attempt.outcome ? (attempt.reason?.code ?? null) : null,
  }));
  if (attempt.set_aside) lines.push({ at: attempt.since, about: attempt.attempt, kind: 'set_aside', detail: 'Deniz Aksoy: No SMS came', code: null });
  if (attempt.contradicted) lines.push({ at: attempt.since, about: attempt.attempt, kind: 'contradicted', detail: null, code: 'contradicted' });
  return lines;
}

/** One payment with its steps. */
export function detail(kept: Kept[], reversals: ReversalView[], given: string, written: Map<string, NoteView[]>): PaymentDetail | null {
  const payment = kept.find(({ attempt }) => attempt.attempt === given)?.attempt.payment ?? given;
  const attempts = kept.map((one) => one.attempt).filter((attempt) => attempt.payment === payment).reverse();
  if (attempts.length === 0) return null;
  const back = reversals.filter((reversal) => reversal.payment === payment);
  const lines = [
    ...attempts.flatMap(linesOf),
    ...back.map((reversal): Line => ({ at: reversal.since, about: reversal.reversal, kind: 'reversal', detail: reversal.state, code: reversal.reason?.code ?? null })),
  ];
  return { payment, attempts, reversals: back, lines, holders: attempts.map((attempt) => (attempt.card === null ? null : (kept.find((one) => one.attempt === attempt)?.holder ?? null))), notes: written.get(payment) ?? [], link: `vezne://payment/${payment}` };
}

/** A refund that nobody could confirm. */
export function unknownRefund(now: string): ReversalView {
  return {
    reversal: idOf('rev', 3), payment: idOf('pay', 888), attempt: idOf('att', 888), kind: 'refund', amount: money(12_000n), state: 'unknown',
    opened: after(now, -900_000), since: after(now, -840_000), reason: { code: 'connection_lost', text: null, bank_code: null, field: null },
    can_be_asked: true, proves: null, in_portal: false, ordered: 'Guest left early', saw: null, supervisor: 'opr_deniz', should_remain: money(43_500n), by_word: false, refused_by: null, evidence: null,
    questions: 11, next_question: after(now, 45_000), alarms: [], needs_attention: true, not_written_down: false,
  };
}
