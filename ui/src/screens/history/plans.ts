/** How many installments can be chosen among. */
export const PLANS = [1, 2, 3, 6, 9, 12];
