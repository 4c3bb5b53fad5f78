/** Money as people read it, made from the decimal text alone: no figure passes through a float. */

import type { LanguageWord, MoneyView } from '../ipc/backend.ts';

const SIGNS: Record<LanguageWord, { group: string; point: string }> = {
  en: { group: ',', point: '.' },
  tr: { group: '.', point: ',' },
};

/** `1234.50` as `1,234.50` or `1.234,50`. Anything that is no decimal text stays as it is. */
export function figures(text: string, language: LanguageWord): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const [, minus = '', whole = '', rest] = match;
  const { group, point } = SIGNS[language];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return minus + grouped + (rest === undefined ? '' : point + rest);
}

/** An amount with its currency: `555.00 TRY`. */
export function money(view: MoneyView, language: LanguageWord): string {
  return `${figures(view.amount, language)}\u00a0${view.currency}`;
}

/** Decimal text in its shortest form for comparing: `545.00` and `545` are the same. */
function canonical(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed.replace(/^0+(?=\d)/, '');
}

/** Whether two amounts are the same money. */
export function sameMoney(a: MoneyView | null, b: MoneyView | null): boolean {
  if (a === null || b === null) return a === b;
  return a.currency === b.currency && canonical(a.amount) === canonical(b.amount);
}

/** At most two decimals of a longer text, the half rounded up; what would be rounded to nothing stays whole. */
function shortened(text: string): string {
  const match = /^(\d+)\.(\d\d)(\d)\d*$/.exec(text);
  if (!match) return text;
  const [, whole = '', cents = '', third = ''] = match;
  const digits = (BigInt(whole + cents) + (third >= '5' ? 1n : 0n)).toString().padStart(3, '0');
  return digits === '000' ? text : `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A rate in per cent, which a gateway may write with many decimals, by locale: `1.83 %`, `%1,83`. */
export function percent(text: string, language: LanguageWord): string {
  const bare = text.replace(/\s*%\s*$/, '').trim();
  const shown = figures(shortened(bare), language);
  return language === 'tr' ? `%${shown}` : `${shown}\u00a0%`;
}

/** What is left of an amount after another of the same currency; null where nothing is, or where they can't be compared. */
export function left(whole: MoneyView, part: MoneyView): MoneyView | null {
  const decimals = whole.amount.split('.')[1]?.length ?? 0;
  if (whole.currency !== part.currency || (part.amount.split('.')[1]?.length ?? 0) !== decimals) return null;
  const units = (text: string): bigint => BigInt(text.replace('.', ''));
  const rest = units(whole.amount) - units(part.amount);
  if (rest <= 0n) return null;
  const digits = rest.toString().padStart(decimals + 1, '0');
  const amount = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return { amount, currency: whole.currency };
}
