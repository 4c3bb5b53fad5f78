/** The Sale screen's words, in Turkish. */

import type { sale as english } from './sale.en.ts';

export const sale: typeof english = {
  title: 'Satış',
};
