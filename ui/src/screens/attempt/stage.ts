/** What an attempt is on the screen: one word for progress and outcome together. */

import type { AttemptView, BlockKind, Code, LanguageWord, PartInput, PayStop, SubjectInput } from '../../ipc/backend.ts';
import { attemptEn, type AttemptWords } from '../../words/attempt.en.ts';
import { attemptTr } from '../../words/attempt.tr.ts';

export type Stage =
  | 'preparing' | 'sending' | 'at_bank' | 'confirming'
  | 'approved' | 'declined' | 'refused' | 'not_sent' | 'unknown' | 'set_aside';

/** What the screen shows. Without an outcome at the end it is unknown: nothing better is ever claimed. */
export function stageOf(attempt: AttemptView): Stage {
  if (attempt.outcome === null) return attempt.progress === 'over' ? 'unknown' : attempt.progress;
  if (attempt.outcome === 'unknown' && attempt.set_aside) return 'set_aside';
  return attempt.outcome;
}

/** The words of one attempt. */
export function attemptWords(language: LanguageWord): AttemptWords {
  return language === 'tr' ? attemptTr : attemptEn;
}

function partOf(part: string | null): PartInput | null {
  if (part === null) return null;
  if (part === 'rental' || part === 'deposit' || part === 'extra') return { kind: part };
  const number = Number.parseInt(part, 10);
  return Number.isNaN(number) ? null : { kind: 'number', number };
}

/** What it was paid for, as it is asked again. */
export function subjectOf(attempt: AttemptView): SubjectInput {
  if (attempt.order !== null) return { kind: 'order', order: attempt.order };
  return { kind: 'reference', reference: attempt.booking ?? '', part: partOf(attempt.part) };
}

/** Refusals of Vezne's own: what stands beside their code is no word of a gateway's, and in one language only. */
const OWN: Code[] = [
  'order_not_found', 'order_already_paid', 'order_cancelled', 'order_state', 'price_changed', 'order_unreadable', 'option_not_offered', 'options_unanswered',
  'overtaken',
];

/** What the gateway or the bank said in its own words, if the text beside a code is theirs. */
export function foreignWords(code: Code | null, text: string | null): string | null {
  return code !== null && OWN.includes(code) ? null : text;
}

const BLOCKS: Record<BlockKind, Code> = {
  open_or_unknown: 'duplicate_open',
  contradicted: 'duplicate_contradicted',
  already_paid: 'duplicate_paid',
  same_card_unknown: 'duplicate_same_card',
  set_aside_same_card: 'duplicate_set_aside',
  twin: 'duplicate_twin',
  too_many_open: 'too_many_open',
};

/** Why a payment was not begun, as a code and what says more. */
export function stopOf(stop: PayStop): { code: Code; text: string | null } {
  switch (stop.kind) {
    case 'blocked':
      return { code: BLOCKS[stop.block.kind], text: null };
    case 'type_again':
      return { code: 'type_twice', text: null };
    case 'supervisor':
      return { code: stop.code, text: null };
    case 'not_a_supervisor':
      return { code: 'not_a_supervisor', text: null };
    case 'span_missing':
      return { code: 'journal_span_missing', text: null };
    case 'options':
    case 'wrong':
      return stop.fault;
  }
}
