import { describe, expect, it, test } from 'vitest';
import { figures, money, percent, sameMoney } from '../../src/lib/money.ts';
import { money as minor, readTyped } from '../../src/ipc/fake/amounts.ts';
import { digits, seeded } from './seeded.ts';

const LOCALES = { en: 'en-US', tr: 'tr-TR' } as const;

describe('figures by locale', () => {
  test.each([
    ['0.00', '0.00', '0,00'],
    ['0.05', '0.05', '0,05'],
    ['545.00', '545.00', '545,00'],
    ['1234.50', '1,234.50', '1.234,50'],
    ['100000.00', '100,000.00', '100.000,00'],
    ['999999999.99', '999,999,999.99', '999.999.999,99'],
    ['1500', '1,500', '1.500'],
    ['999999999', '999,999,999', '999.999.999'],
    ['1.500', '1.500', '1,500'],
    ['999999999.999', '999,999,999.999', '999.999.999,999'],
    ['-1234.50', '-1,234.50', '-1.234,50'],
  ])('%s', (text, en, tr) => {
    expect(figures(text, 'en')).toBe(en);
    expect(figures(text, 'tr')).toBe(tr);
  });

  test.each(['', 'abc', '1,234.50', '1e9', '1.2.3', ' 1.00', 'NaN'])('what is no decimal text stays as it is: %j', (text) => {
    expect(figures(text, 'en')).toBe(text);
    expect(figures(text, 'tr')).toBe(text);
  });

  it('agrees with the platform for any amount of up to nine digits and any number of decimals, to the last digit', () => {
    const random = seeded(1);
    for (let turn = 0; turn < 2_000; turn += 1) {
      const decimals = [0, 2, 3][random(3)] ?? 2;
      const whole = digits(random, 1 + random(9));
      const text = decimals === 0 ? whole : `${whole}.${digits(random, decimals).padStart(decimals, '0').slice(0, decimals)}`;
      for (const language of ['en', 'tr'] as const) {
        const platform = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
        expect(figures(text, language)).toBe(platform.format(text as Intl.StringNumericLiteral));
      }
    }
  });

  it('never rounds what a float would', () => {
    expect(figures('90071992547409931.01', 'en')).toBe('90,071,992,547,409,931.01');
    expect(figures('0.10', 'en')).toBe('0.10');
  });
});

test('an amount is never parted from its currency by a line break', () => {
  expect(money({ amount: '1234.50', currency: 'TRY' }, 'tr')).toBe('1.234,50\u00a0TRY');
  expect(money({ amount: '1500', currency: 'JPY' }, 'en')).toBe('1,500\u00a0JPY');
  expect(money({ amount: '1.500', currency: 'KWD' }, 'en')).toBe('1.500\u00a0KWD');
});

describe('the same money', () => {
  test.each([
    ['545.00', '545', true],
    ['545.10', '545.1', true],
    ['0545.00', '545.00', true],
    ['0.00', '0', true],
    ['500', '5', false],
    ['500', '50', false],
    ['545.00', '545.01', false],
    ['0.10', '0.01', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameMoney({ amount: a, currency: 'TRY' }, { amount: b, currency: 'TRY' })).toBe(same);
    expect(sameMoney({ amount: b, currency: 'TRY' }, { amount: a, currency: 'TRY' })).toBe(same);
  });

  it('is of one currency, and nothing is only the same as nothing', () => {
    expect(sameMoney({ amount: '5.00', currency: 'TRY' }, { amount: '5.00', currency: 'EUR' })).toBe(false);
    expect(sameMoney(null, null)).toBe(true);
    expect(sameMoney(null, { amount: '0.00', currency: 'TRY' })).toBe(false);
    expect(sameMoney({ amount: '0.00', currency: 'TRY' }, null)).toBe(false);
  });

  it('is told from any other amount', () => {
    const random = seeded(2);
    for (let turn = 0; turn < 500; turn += 1) {
      const one = BigInt(digits(random, 1 + random(11)));
      const other = one + BigInt(1 + random(1000));
      expect(sameMoney(minor(one), minor(one))).toBe(true);
      expect(sameMoney(minor(one), minor(other))).toBe(false);
    }
  });
});

test.each([
  ['1.83', '1.83\u00a0%', '%1,83'],
  ['0', '0\u00a0%', '%0'],
  ['12.5 %', '12.5\u00a0%', '%12,5'],
  ['1.8349', '1.83\u00a0%', '%1,83'],
  ['9.9950', '10.00\u00a0%', '%10,00'],
  ['0.0049', '0.0049\u00a0%', '%0,0049'],
])('a rate of %s per cent', (text, en, tr) => {
  expect(percent(text, 'en')).toBe(en);
  expect(percent(text, 'tr')).toBe(tr);
});

describe('the fake reads typed amounts as the till does', () => {
  test.each([
    ['545', 'TRY', 54_500n], ['545,00', 'TRY', 54_500n], ['545.00', 'TRY', 54_500n], ['1.500,00', 'TRY', 150_000n], ['1,500.00', 'TRY', 150_000n],
    ['1 500,00', 'TRY', 150_000n], ["1'500.00", 'TRY', 150_000n], ['1.234.567', 'TRY', 123_456_700n], ['1500', 'JPY', 1_500n], ['1.500', 'JPY', 1_500n],
    ['1.500', 'KWD', 1_500n],
  ])('%s %s', (text, currency, expected) => {
    expect(readTyped(text, currency)).toEqual({ ok: true, minor: expected });
  });

  test.each([
    ['', 'TRY', 'amount_empty', []], ['12a', 'TRY', 'amount_odd_character', []], ['1..5', 'TRY', 'amount_malformed', []], ['0', 'TRY', 'amount_not_positive', []],
    ['1000000000', 'TRY', 'amount_too_large', []], ['1.500', 'TRY', 'amount_ambiguous', ['1500.00', '1.50']], ['1,500', 'TRY', 'amount_ambiguous', ['1500.00', '1.50']],
    ['1.505', 'TRY', 'amount_ambiguous', ['1505.00']], ['01', 'TRY', 'amount_malformed', []],
  ])('%s %s is refused: %s', (text, currency, code, readings) => {
    const read = readTyped(text, currency);
    expect(read.ok ? null : [read.refusal.code, read.refusal.readings.map((one) => one.amount)]).toEqual([code, readings]);
  });
});
