/** Which comparisons of a close with the gateways are shown. */

import type { CloseComparison } from '../ipc/backend.ts';

/** Whether everything that can be asked about was, and was answered. */
const isWhole = (one: CloseComparison): boolean => one.left === 0 && one.unanswered === 0;

/** The newest whole one and whatever came after it: one that was stopped hides nothing of what the whole one has found. */
export function telling(comparisons: readonly CloseComparison[]): CloseComparison[] {
  let from = comparisons.length - 1;
  while (from > 0 && !comparisons.slice(from, from + 1).every(isWhole)) from -= 1;
  return comparisons.slice(Math.max(0, from));
}
