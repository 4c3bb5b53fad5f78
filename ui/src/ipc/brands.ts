// Generated from core's table of brands by a test of the shell. Do not edit.

export type BrandRules = {
  brand: string;
  name: string;
  /** First digits, from and to, as text of one length. */
  prefixes: [string, string][];
  /** Digits in all, the usual length first. */
  lengths: number[];
  cvc: number;
  /** Digits in each group of the usual length. */
  groups: number[];
};

export const brands: BrandRules[] = [
  { brand: 'visa', name: 'Visa', prefixes: [['4', '4']], lengths: [16, 13, 19], cvc: 3, groups: [4, 4, 4, 4] },
  { brand: 'mastercard', name: 'Mastercard', prefixes: [['51', '55'], ['2221', '2720']], lengths: [16], cvc: 3, groups: [4, 4, 4, 4] },
  { brand: 'amex', name: 'American Express', prefixes: [['34', '34'], ['37', '37']], lengths: [15], cvc: 4, groups: [4, 6, 5] },
  { brand: 'troy', name: 'Troy', prefixes: [['9792', '9792']], lengths: [16], cvc: 3, groups: [4, 4, 4, 4] },
];
