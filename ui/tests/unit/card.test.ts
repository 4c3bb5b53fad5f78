import { describe, expect, it } from 'vitest';
import { brandOf, cvcLengths, digitsOf, grouped, holdsCardNumber, longestNumber, luhn, numberState, withoutCardNumbers } from '../../src/lib/card.ts';
import { digits, seeded } from './seeded.ts';

// Numbers that the gateways' documents print, and others of each brand; none belongs to anyone.
const CARDS = [
  ['4155650100416111', 'Visa', '4155 6501 0041 6111', 3],
  ['4242424242424242', 'Visa', '4242 4242 4242 4242', 3],
  ['5528790000000008', 'Mastercard', '5528 7900 0000 0008', 3],
  ['2223000048400011', 'Mastercard', '2223 0000 4840 0011', 3],
  ['374427000000003', 'American Express', '3744 270000 00003', 4],
  ['340000000000009', 'American Express', '3400 000000 00009', 4],
  ['9792096695823360', 'Troy', '9792 0966 9582 3360', 3],
] as const;

describe.each(CARDS)('%s', (number, brand, shown, cvc) => {
  it(`is ${brand}, grouped, good, and wants ${cvc} digits`, () => {
    expect(brandOf(number)?.name).toBe(brand);
    expect(grouped(number)).toBe(shown);
    expect(digitsOf(shown)).toBe(number);
    expect(luhn(number)).toBe(true);
    expect(numberState(number)).toBe('good');
    expect(cvcLengths(number)).toEqual([cvc]);
  });

  it('is wrong with any one digit changed, or with two neighbours swapped', () => {
    for (let place = 0; place < number.length; place += 1) {
      for (let step = 1; step <= 9; step += 1) {
        const other = String((Number(number[place]) + step) % 10);
        expect(luhn(number.slice(0, place) + other + number.slice(place + 1))).toBe(false);
      }
    }
    // The check digit can't see 09 and 90 swapped; it sees every other pair.
    for (let place = 1; place < number.length; place += 1) {
      const [a = '', b = ''] = number.slice(place - 1, place + 1);
      const unseen = a === b || ['09', '90'].includes(a + b);
      expect(luhn(number.slice(0, place - 1) + b + a + number.slice(place + 1))).toBe(unseen);
    }
  });

  it('is short while it is typed, never wrong', () => {
    for (let length = 1; length < number.length; length += 1) {
      const state = numberState(number.slice(0, length));
      expect(state === 'short' || (brand === 'Visa' && length === 13)).toBe(true);
    }
  });

  it('is wrong at its full length with a wrong check digit', () => {
    const wrong = number.slice(0, -1) + String((Number(number.at(-1)) + 1) % 10);
    expect(numberState(wrong)).toBe('wrong');
  });
});

describe('what is no card yet', () => {
  it('is empty, or of a brand that cannot be told', () => {
    expect(numberState('')).toBe('empty');
    expect(brandOf('')).toBeNull();
    expect(brandOf('97')).toBeNull();
    expect(brandOf('979')).toBeNull();
    expect(brandOf('9792')?.name).toBe('Troy');
    expect(brandOf('1')).toBeNull();
    expect(cvcLengths('')).toEqual([3, 4]);
    expect(luhn('')).toBe(false);
  });

  it('knows the borders of Mastercard', () => {
    expect(brandOf('2220')?.name).not.toBe('Mastercard');
    expect(brandOf('2221')?.name).toBe('Mastercard');
    expect(brandOf('2720')?.name).toBe('Mastercard');
    expect(brandOf('2721')?.name).not.toBe('Mastercard');
    expect(brandOf('50')?.name).not.toBe('Mastercard');
    expect(brandOf('51')?.name).toBe('Mastercard');
    expect(brandOf('56')?.name).not.toBe('Mastercard');
  });

  it('is wrong when it is longer than any card', () => {
    expect(numberState('41556501004161110000')).toBe('wrong');
    expect(longestNumber('4')).toBe(19);
    expect(longestNumber('37')).toBe(15);
  });
});

it('takes nothing but digits, and groups without losing any', () => {
  const random = seeded(3);
  for (let turn = 0; turn < 1_000; turn += 1) {
    const number = digits(random, 1 + random(19));
    expect(digitsOf(grouped(number))).toBe(number);
    expect(grouped(number)).toMatch(/^\d+( \d+)*$/);
  }
  expect(digitsOf('%B4155-6501 0041\t6111^')).toBe('4155650100416111');
});

it('the check digit is right for exactly one of ten endings', () => {
  const random = seeded(4);
  for (let turn = 0; turn < 300; turn += 1) {
    const body = digits(random, 11 + random(8));
    expect(Array.from({ length: 10 }, (_, end) => luhn(`${body}${end}`)).filter(Boolean)).toHaveLength(1);
  }
});

describe('a card number in a search or a note', () => {
  it('is looked for by what may be shown of it', () => {
    expect(withoutCardNumbers('ayşe 4155 6501 0041 6111 bugün')).toBe('ayşe 415565••••6111 bugün');
    expect(withoutCardNumbers('4155650100416111')).toBe('415565••••6111');
    expect(withoutCardNumbers('RES-20261121-0418 545,00')).toBe('RES-20261121-0418 545,00');
    expect(withoutCardNumbers('4155650100416112')).toBe('4155650100416112');
  });

  it('is noticed anywhere in a text', () => {
    expect(holdsCardNumber('kart 4155-6501-0041-6111.')).toBe(true);
    expect(holdsCardNumber('tel 0532 123 45 67')).toBe(false);
  });
});
