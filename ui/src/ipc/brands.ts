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
  { brand: 'maestro', name: 'Maestro', prefixes: [['5018', '5018'], ['5020', '5020'], ['5038', '5038'], ['5893', '5893'], ['6304', '6304'], ['6759', '6759'], ['6761', '6763']], lengths: [16, 12, 13, 14, 15, 17, 18, 19], cvc: 3, groups: [4, 4, 4, 4] },
  { brand: 'discover', name: 'Discover', prefixes: [['6011', '6011'], ['644', '649'], ['65', '65']], lengths: [16, 17, 18, 19], cvc: 3, groups: [4, 4, 4, 4] },
  { brand: 'jcb', name: 'JCB', prefixes: [['3528', '3589']], lengths: [16, 17, 18, 19], cvc: 3, groups: [4, 4, 4, 4] },
  { brand: 'diners', name: 'Diners Club', prefixes: [['300', '305'], ['3095', '3095'], ['36', '36'], ['38', '39']], lengths: [14, 15, 16, 17, 18, 19], cvc: 3, groups: [4, 6, 4] },
  { brand: 'union_pay', name: 'UnionPay', prefixes: [['62', '62'], ['81', '81']], lengths: [16, 17, 18, 19], cvc: 3, groups: [4, 4, 4, 4] },
];
