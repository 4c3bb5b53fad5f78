// Amounts in whole minor units, exact, and the reading of typed ones as the till reads them.
import type { AmountRefusal, Code, MoneyView } from '../backend.ts';

/** Decimals of the currencies that the fake deals in; two for the rest. */
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** An amount from minor units. */
export function money(minor: bigint, currency = 'TRY'): MoneyView {
  const decimals = decimalsOf(currency);
  const digits = minor.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return { amount: decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`, currency };
}

/** The minor units of an amount. */
export function minorOf(amount: MoneyView): bigint {
  return BigInt(amount.amount.replace('.', ''));
}

type Reading = { ok: true; minor: bigint } | { ok: false; refusal: AmountRefusal };

const MOST_WHOLE_DIGITS = 9;

function refuse(code: Code, readings: MoneyView[] = []): Reading {
  return { ok: false, refusal: { code, readings } };
}

function inThrees(groups: string[], separators: string[]): boolean {
  if (groups.length === 1) return true;
  const [first, ...rest] = groups;
  return first !== undefined && first.length <= 3 && !first.startsWith('0')
    && rest.every((group) => group.length === 3) && new Set(separators).size <= 1;
}

/** Reads a typed amount: the last dot or comma with exactly the currency's decimals behind it is the decimal sign. */
export function readTyped(text: string, currency: string): Reading {
  const typed = text.trim().replace(/[  \u2009\u202f]/g, ' ').replace(/\u2019/g, "'");
  if (typed === '') return refuse('amount_empty');
  if (/[^\d.,' ]/.test(typed)) return refuse('amount_odd_character');
  const groups = typed.split(/[.,' ]/);
  const separators = typed.match(/[.,' ]/g) ?? [];
  if (groups.some((group) => group === '') || /^0\d/.test(groups[0] ?? '')) return refuse('amount_malformed');
  const decimals = decimalsOf(currency);
  const unit = 10n ** BigInt(decimals);
  const whole = inThrees(groups, separators) ? BigInt(groups.join('')) * unit : null;
  const point = separators.at(-1);
  const fraction = groups.at(-1) ?? '';
  const before = separators.slice(0, -1);
  const split = (point === '.' || point === ',') && fraction.length === decimals && !before.includes(point)
    && inThrees(groups.slice(0, -1), before) ? BigInt(groups.join('')) : null;
  if (split !== null) return bounded(split, unit);
  if (whole === null) return refuse('amount_malformed');
  if (separators.length === 1 && (point === '.' || point === ',') && decimals > 0) {
    const kept = groups.join('').replace(/0+$/, '');
    const finer = fraction.length - decimals;
    const exact = finer > 0 && fraction.endsWith('0'.repeat(finer));
    const fine = exact ? BigInt(groups.join('').slice(0, -finer)) : null;
    const readings = [money(whole, currency)];
    if (fine !== null && kept !== '') readings.push(money(fine, currency));
    return refuse('amount_ambiguous', readings);
  }
  return bounded(whole, unit);
}

function bounded(minor: bigint, unit: bigint): Reading {
  if (minor <= 0n) return refuse('amount_not_positive');
  if ((minor / unit).toString().length > MOST_WHOLE_DIGITS) return refuse('amount_too_large');
  return { ok: true, minor };
}
