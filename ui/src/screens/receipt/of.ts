import type { AboutInput, LanguageWord, PaymentDetail } from '../../ipc/backend.ts';
import { paperWords } from '../../words/papers.ts';

/** Outcomes that say that nothing was charged: contradicted, their paper claims neither. */
const notCharged = new Set<string | null>(['declined', 'refused', 'not_sent']);

/** Of what of a payment a receipt can be issued: each attempt and reversal that has ended, or of which nobody knows. */
export function ofPayment(detail: PaymentDetail, language: LanguageWord): { about: AboutInput; label: string; mark: string }[] {
  const words = paperWords(language);
  const attempts = detail.attempts
    .filter((one) => one.outcome !== null)
    .map((one) => ({ about: { kind: 'attempt' as const, attempt: one.attempt }, label: words.says[one.contradicted && notCharged.has(one.outcome) ? 'contradicted' : (one.outcome ?? '')] ?? words.receipt, mark: `${one.attempt} ${one.outcome ?? ''}` }));
  const reversals = detail.reversals
    .filter((one) => !['ready', 'sending', 'reauthorising'].includes(one.state))
    .map((one) => ({ about: { kind: 'reversal' as const, reversal: one.reversal }, label: words.ofReversal, mark: `${one.reversal} ${one.state}` }));
  return [...attempts, ...reversals];
}
