import type { Sale, Spot } from '../../lib/sale/sale.svelte.ts';

/** A wish for the focus that nothing answered is over after this; a list that comes late must not take it from a field. */
const WAITS_MS = 1_000;

const answered = new WeakMap<Sale, number>();

/** Takes the focus when the sale asks for it at this spot, once for each time it asks. For `{@attach}`. */
export function spot(sale: Sale, ...names: Spot[]) {
  return (element: HTMLElement): void => {
    const { spot: wanted, turn, at } = sale.focus;
    if (!names.includes(wanted) || answered.get(sale) === turn || performance.now() - at > WAITS_MS) return;
    answered.set(sale, turn);
    element.focus();
    if (element instanceof HTMLInputElement && element.type !== 'radio') element.select();
  };
}
