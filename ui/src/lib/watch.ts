/** A card number is also typed where none belongs: as a reference, as a name, as a reason, in a search. */

import { digitsOf } from './card.ts';

/** No card number has fewer digits. */
const FEWEST = 13;

/**
 * Tells the desk of every field in which so many digits stand, whichever it is: what the page has seen goes with the page,
 * also where the text is refused or taken back. Answers what stops it.
 */
export function watchForCards(desk: { seesCard: () => void }): () => void {
  const typed = ({ target }: Event): void => {
    const takesText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (takesText && digitsOf(target.value).length >= FEWEST) desk.seesCard();
  };
  window.addEventListener('input', typed, true);
  return () => {
    window.removeEventListener('input', typed, true);
  };
}
