// The lists of installments that the fake's gateways answer with.
import type { MoneyView, OptionsView, OptionView, ProgramView } from '../backend.ts';
import { minorOf, money } from './amounts.ts';

/** The kinds of list a scenario can ask for. */
export type PlanKind = 'six' | 'twelve' | 'programs' | 'uneven' | 'none' | 'single' | 'forced' | 'wrong_currency' | 'eight_differs' | 'unknown_amount';

/** Hundredths of a per cent of commission, by number of installments. */
const COMMISSION: Readonly<Record<number, bigint>> = { 1: 0n, 2: 99n, 3: 183n, 4: 250n, 5: 345n, 6: 459n, 7: 540n, 8: 640n, 9: 734n, 10: 828n, 11: 918n, 12: 1009n };

function plan(base: MoneyView, installments: number, uneven = false): OptionView {
  const parts = BigInt(installments);
  const rate = COMMISSION[installments] ?? 0n;
  const owed = minorOf(base);
  // Installments come in multiples of five, as the gateway's own document has them, save where they are to be uneven.
  const raw = owed + (owed * rate + 5_000n) / 10_000n;
  const step = installments === 1 || uneven ? 1n : 5n;
  const monthly = (raw + (parts * step) / 2n) / (parts * step) * step;
  const total = uneven ? monthly * parts - parts - 2n : installments === 1 ? owed : monthly * parts;
  return {
    installments,
    monthly: money(monthly, base.currency),
    total: money(total, base.currency),
    extra: total > owed ? money(total - owed, base.currency) : null,
    commission: rate === 0n ? null : `${rate / 100n}.${(rate % 100n).toString().padStart(2, '0')}`,
    uneven,
  };
}

function program(id: string, name: string, isDefault: boolean, options: OptionView[]): ProgramView {
  return { id, name, is_default: isDefault, options };
}

const SIX = [1, 2, 3, 6, 9, 12];
const TWELVE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function programs(kind: PlanKind, bin: string, base: MoneyView): ProgramView[] {
  switch (kind) {
    case 'six': case 'forced':
      return [program('pos_1', 'CardFinans', true, SIX.map((n) => plan(base, n)))];
    case 'twelve':
      return [program('pos_1', 'Bonus', true, TWELVE.map((n) => plan(base, n)))];
    case 'programs':
      return [
        program('pos_1', 'World', true, [1, 2, 3, 6].map((n) => plan(base, n))),
        program('pos_2', 'Maximum', false, [1, 2, 4, 8, 12].map((n) => plan(base, n))),
        program('pos_3', 'Axess Ticari Kart Taksit Programı', false, [1, 3].map((n) => plan(base, n))),
      ];
    case 'uneven':
      return [program('pos_1', 'CardFinans', true, [plan(base, 1), plan(base, 3, true), plan(base, 7, true)])];
    case 'single': case 'unknown_amount':
      return [program('pos_1', 'Paraf', true, [plan(base, 1)])];
    case 'eight_differs':
      return [program('pos_1', 'Axess', true, (bin.length === 8 ? [1, 2, 4] : [1, 2, 3]).map((n) => plan(base, n)))];
    case 'none': case 'wrong_currency':
      return [];
  }
}

/** The answer to a question about a card's first digits. */
export function answer(kind: PlanKind, list: number, bin: string, base: MoneyView, goodUntil: string): OptionsView {
  const wrong = kind === 'wrong_currency';
  const mastercard = bin.startsWith('5');
  return {
    list, bin,
    programs: programs(kind, bin, base),
    three_ds_forced: kind === 'forced',
    bank: 'QNB',
    family: mastercard ? 'Bonus' : 'CardFinans',
    association: mastercard ? 'MASTERCARD' : 'VISA',
    card_type: 'CREDIT',
    currencies: wrong ? ['USD', 'EUR'] : [],
    currency_refused: wrong ? base.currency : null,
    good_until: goodUntil,
  };
}
