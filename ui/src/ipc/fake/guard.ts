// The fake's duplicate guard: it looks at the attempts, or says what a scenario wants it to.
import type { AttemptView, BlockKind, BlockView, EarlierView, GuardQuestion, SubjectInput } from '../backend.ts';
import { begun, ended, after } from './attempts.ts';
import { minorOf, money } from './amounts.ts';

function earlier(attempt: AttemptView): EarlierView {
  return {
    attempt: attempt.attempt, payment: attempt.payment, opened: attempt.opened, since: attempt.since, outcome: attempt.outcome,
    base: attempt.base, total: attempt.total, card: attempt.card, operator: attempt.operator, part: attempt.part, set_aside: attempt.set_aside,
  };
}

/** What an attempt is on, folded: the same for the same thing. */
function keyOf(subject: SubjectInput | AttemptView): string {
  if ('kind' in subject) return subject.kind === 'order' ? `o ${subject.order.trim()}` : `r ${subject.reference.trim().toLowerCase()}`;
  return subject.order === null ? `r ${(subject.booking ?? '').toLowerCase()}` : `o ${subject.order}`;
}

function partOf(subject: SubjectInput): string | null {
  if (subject.kind === 'order' || subject.part === null) return null;
  return subject.part.kind === 'number' ? `${subject.part.number}` : subject.part.kind;
}

function block(kind: BlockKind, attempt: AttemptView | null, isOrder: boolean, paid: bigint): BlockView {
  return {
    kind,
    earlier: attempt === null ? null : earlier(attempt),
    paid: paid > 0n ? money(paid, attempt?.base?.currency ?? 'TRY') : null,
    can_override: kind === 'already_paid' || kind === 'same_card_unknown' || kind === 'set_aside_same_card',
    can_declare_part: kind === 'already_paid' && !isOrder,
  };
}

/** A block of a kind, with an earlier attempt made up for it. */
export function madeUp(kind: BlockKind, question: GuardQuestion, now: string): BlockView {
  const isOrder = question.subject.kind === 'order';
  if (kind === 'too_many_open') return block(kind, null, isOrder, 0n);
  const opened = after(now, kind === 'twin' ? -180_000 : -2_400_000);
  const fresh = begun({
    id: 77, now: opened, operator: 'Murat Işık',
    order: question.subject.kind === 'order' ? question.subject.order : null,
    booking: question.subject.kind === 'reference' ? question.subject.reference : null,
  });
  const paid = kind === 'already_paid' || kind === 'twin';
  const attempt = ended(fresh, paid ? 'approved' : kind === 'contradicted' ? 'declined' : 'unknown', after(opened, 31_000));
  const shown = { ...attempt, set_aside: kind === 'set_aside_same_card', contradicted: kind === 'contradicted' };
  return block(kind, shown, isOrder, kind === 'already_paid' ? 54_500n : 0n);
}

/** What stands in the way of a sale. */
export function blockOf(question: GuardQuestion, attempts: AttemptView[]): BlockView | null {
  const key = keyOf(question.subject);
  const same = attempts.filter((attempt) => keyOf(attempt) === key);
  const isOrder = question.subject.kind === 'order';
  const contradicted = same.find((attempt) => attempt.contradicted);
  if (contradicted) return block('contradicted', contradicted, isOrder, 0n);
  const open = same.find((attempt) => attempt.outcome === null || (attempt.outcome === 'unknown' && !attempt.set_aside));
  if (open) return block('open_or_unknown', open, isOrder, 0n);
  const paid = same.filter((attempt) => attempt.outcome === 'approved');
  const last = paid[0];
  if (last && partOf(question.subject) === null) {
    return block('already_paid', last, isOrder, paid.reduce((sum, attempt) => sum + (attempt.base ? minorOf(attempt.base) : 0n), 0n));
  }
  return null;
}
