import type { Sale, Spot } from '../../lib/sale/sale.svelte.ts';

/** A wish for the focus that nothing answered is over after this. */
const WAITS_MS = 10_000;

/** After this a list that comes late does not take the focus from a field that is being typed in. */
const PRESSES_MS = 1_000;

const answered = new WeakMap<Sale, number>();

/** Takes the focus when the sale asks for it at this spot, once for each time it asks. For `{@attach}`. */
export function spot(sale: Sale, ...names: Spot[]) {
  return (element: HTMLElement): void => {
    const { spot: wanted, turn, at } = sale.focus;
    const waited = performance.now() - at;
    const typing = document.activeElement instanceof HTMLInputElement;
    if (!names.includes(wanted) || answered.get(sale) === turn) return;
    if (waited > WAITS_MS || (waited > PRESSES_MS && typing)) return;
    answered.set(sale, turn);
    element.focus();
    if (element instanceof HTMLInputElement && element.type !== 'radio') element.select();
  };
}
