import { describe, expect, it, test } from 'vitest';
import { FakeDesk } from '../../src/ipc/fake/fake.ts';
import { scenarioOf } from '../../src/ipc/fake/scenarios.ts';
import { CardCrossed, holdsCard, Watchman } from '../../src/ipc/fake/watchman.ts';

// The tests of the window lean on the watchman: here it is shown that it barks.

test.each([
  ['4155650100416111', true], ['4155 6501 0041 6111', true], ['4155-6501-0041-6111', true], ['x4155650100416111y', true],
  ['4155650100416112', false], ['41556501', false], ['RES-20261121-0418', false], ['att_01KB3ZQ8RT5N7W000000000101', false],
])('%s: %s', (text, card) => {
  expect(holdsCard(text)).toBe(card);
});

function bytes(card: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(card));
}

const GOOD = { number: '4155650100416111', holder: 'Ayşe Yıldırım', expiry_month: 12, expiry_year: 2026, cvc: '000' };

function desk(query = ''): FakeDesk {
  return new FakeDesk(scenarioOf(new URLSearchParams(query), '2026-11-21T16:52:08.000Z'));
}

describe('the fake desk', () => {
  it('throws when a typed command carries a card', async () => {
    const one = desk();
    await expect(one.readAmount('acc_desk', '4155650100416111', 'TRY')).rejects.toThrow(CardCrossed);
    expect(one.breaches).toHaveLength(1);
  });

  it('throws when more of the card is asked about than the account takes', async () => {
    const question = { account: 'acc_desk', amount: { amount: '545.00', currency: 'TRY' }, order: null };
    const one = desk();
    await expect(one.options({ ...question, bin: '415565010' })).rejects.toThrow(CardCrossed);
    await expect(one.options({ ...question, bin: '41556' })).rejects.toThrow(CardCrossed);
    await expect(one.options({ ...question, account: 'acc_agency', bin: '41556501' })).rejects.toThrow(CardCrossed);
    await expect(one.options({ ...question, bin: '41556501' })).resolves.toMatchObject({ status: 'ok' });
  });

  it('throws when digits of the card crossed before it was handed over', async () => {
    const watchman = new Watchman();
    watchman.sees('readSubject', [{ kind: 'reference', reference: '415565010' }]);
    expect(() => { watchman.seesCard('4155650100416111'); }).toThrow(CardCrossed);
    const one = desk();
    await expect(one.handCard(bytes({ ...GOOD, track: ';4155' }))).rejects.toThrow('track');
    await expect(one.handCard(bytes({ ...GOOD, expiry_year: 26 }))).rejects.toThrow('not written as agreed');
  });

  it('counts the buffers that were not wiped', async () => {
    const one = desk();
    const card = bytes(GOOD);
    await expect(one.handCard(card)).resolves.toMatchObject({ status: 'ok' });
    expect(one.unwiped()).toBe(1);
    card.fill(0);
    expect(one.unwiped()).toBe(0);
  });

  it('refuses a scenario, or a part of one, that it does not know', () => {
    expect(() => desk('scenario=nothing')).toThrow();
    expect(() => desk('options=thirteen')).toThrow();
    expect(() => desk('scenario=toString')).toThrow();
  });

  it('keeps nothing of a card beyond what may be kept', async () => {
    const one = desk();
    await one.handCard(bytes(GOOD));
    expect(JSON.stringify(one.calls)).not.toContain('0041');
  });
});
