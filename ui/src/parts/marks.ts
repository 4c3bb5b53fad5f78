/** How each outcome is drawn, in a square of 20: a mark beside the word, so that colour never says it alone. */
import type { OutcomeWord } from '../ipc/backend.ts';

const NOTHING_MOVED = 'M4.5 10h11';

export const OUTCOME_MARKS: Record<OutcomeWord, string> = {
  approved: 'M4 10.5l4 4 8-9',
  declined: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  refused: NOTHING_MOVED,
  not_sent: NOTHING_MOVED,
  unknown: 'M7 7.2a3 3 0 1 1 4.6 2.6c-1 .7-1.6 1.2-1.6 2.4M10 15.6v.2',
};
