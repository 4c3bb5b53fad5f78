import type { AboutInput, AttemptView, PaymentDetail, ReversalView } from '../../ipc/backend.ts';
import type { Desk } from '../../lib/desk.svelte.ts';
import { paperWords, type PaperWords } from '../../words/papers.ts';

/** Outcomes that say that nothing was charged: contradicted, their paper claims neither. */
const notCharged = new Set<string | null>(['declined', 'refused', 'not_sent']);

/** Of what a receipt can be issued: what it would say now, and what one says that was issued as that word. */
export type Of = { about: AboutInput; id: string; label: string; saidAs: (word: string) => string; mark: string };

/** What tells figures and times in the window's language. */
export type Says = Pick<Desk, 'language' | 'money' | 'when'>;

function ofAttempt(one: AttemptView, number: number | null, words: PaperWords): Of {
  const saidAs = (word: string) => [number === null ? '' : words.attempt(number), words.says[word] ?? words.receipt].filter(Boolean).join(' · ');
  const word = one.contradicted && notCharged.has(one.outcome) ? 'contradicted' : (one.outcome ?? '');
  return { about: { kind: 'attempt', attempt: one.attempt }, id: one.attempt, label: saidAs(word), saidAs, mark: `${one.attempt} ${word} ${String(one.contradicted)}` };
}

function ofReversal(one: ReversalView, words: PaperWords, desk: Says): Of {
  const of = words.back[one.kind];
  const told = (word: string) => (word === 'done' ? of.done : word === 'unknown' ? of.unknown : of.notDone);
  const saidAs = (word: string) => `${told(word)} · ${desk.money(one.amount)} · ${desk.when(one.opened, 'full')}`;
  return { about: { kind: 'reversal', reversal: one.reversal }, id: one.reversal, label: saidAs(one.state), saidAs, mark: `${one.reversal} ${one.state}` };
}

/** Each attempt and reversal of a payment that has ended, or of which nobody knows. No two are called the same. */
export function ofPayment(detail: PaymentDetail, desk: Says): Of[] {
  const words = paperWords(desk.language);
  const several = detail.attempts.length > 1;
  const attempts = detail.attempts.map((one, place) => ({ one, number: several ? place + 1 : null })).filter(({ one }) => one.outcome !== null);
  const reversals = detail.reversals.filter((one) => !['ready', 'sending', 'reauthorising'].includes(one.state));
  return [...attempts.map(({ one, number }) => ofAttempt(one, number, words)), ...reversals.map((one) => ofReversal(one, words, desk))];
}
