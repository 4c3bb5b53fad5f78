import type { Sale, Spot } from '../../lib/sale/sale.svelte.ts';

/** Takes the focus whenever the sale asks for it at this spot. For `{@attach}`. */
export function spot(sale: Sale, ...names: Spot[]) {
  return (element: HTMLElement): void => {
    const { spot: wanted, turn } = sale.focus;
    if (turn === 0 && wanted !== 'reference') return;
    if (!names.includes(wanted)) return;
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  };
}
