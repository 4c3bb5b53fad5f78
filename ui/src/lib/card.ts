/** What can be told of a card number while it is typed. Nothing here keeps one. */

import { brands, type BrandRules } from '../ipc/brands.ts';

/** The digits of what was typed. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

function holds([from, to]: [string, string], digits: string): boolean {
  const head = digits.slice(0, from.length);
  return head.length === from.length && head >= from && head <= to;
}

/** The brand that the first digits tell; the longest prefix decides. */
export function brandOf(digits: string): BrandRules | null {
  let best: BrandRules | null = null;
  let length = 0;
  for (const rules of brands) {
    for (const range of rules.prefixes) {
      if (range[0].length > length && holds(range, digits)) {
        best = rules;
        length = range[0].length;
      }
    }
  }
  return best;
}

/** The digits in their groups: `4155 6501 0041 6111`. What is longer than the usual length goes on in fours. */
export function grouped(digits: string): string {
  const groups = brandOf(digits)?.groups ?? [4, 4, 4, 4];
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; at < digits.length; i += 1) {
    const size = groups[i] ?? 4;
    parts.push(digits.slice(at, at + size));
    at += size;
  }
  return parts.join(' ');
}

/** Whether the check digit is right. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    let value = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) {
      value *= 2;
      if (value > 9) value -= 9;
    }
    sum += value;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** What is wrong with a number as it stands. `short` while digits may still come. */
export type NumberState = 'empty' | 'short' | 'wrong' | 'good';

export function numberState(digits: string): NumberState {
  if (digits.length === 0) return 'empty';
  const lengths = brandOf(digits)?.lengths ?? [16, 12, 13, 14, 15, 17, 18, 19];
  const longest = Math.max(...lengths);
  if (lengths.includes(digits.length) && luhn(digits)) return 'good';
  if (digits.length > longest) return 'wrong';
  // The usual length with a wrong check digit is a slip of the finger, said at once.
  if (digits.length === longest || digits.length === lengths[0]) return luhn(digits) ? 'short' : 'wrong';
  return 'short';
}

/** Whether a text is a whole card number of a known brand: typed into another field, it belongs there by mistake. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d+$/.test(digits) && brandOf(digits) !== null && numberState(digits) === 'good';
}

/** How many digits a card of this brand may have. */
export function longestNumber(digits: string): number {
  return Math.max(...(brandOf(digits)?.lengths ?? [19]));
}

/** How many digits its security code has; 3 or 4 where the brand is not known. */
export function cvcLengths(digits: string): number[] {
  const rules = brandOf(digits);
  return rules ? [rules.cvc] : [3, 4];
}

/** Runs of digits, with spaces and hyphens between them, as long as a card number. */
const RUN = /\d(?:[ -]?\d){12,18}/g;

/** Whether a text holds a card number of a known brand anywhere in it. */
export function holdsCardNumber(text: string): boolean {
  return (text.match(RUN) ?? []).some(isCardNumber);
}

/** The text with what may be shown of each card number in its place: a card that is typed or swiped into a search is looked for, and goes nowhere. */
export function withoutCardNumbers(text: string): string {
  return text.replace(RUN, (run) => {
    const digits = digitsOf(run);
    return isCardNumber(run) ? `${digits.slice(0, 6)}••••${digits.slice(-4)}` : run;
  });
}
