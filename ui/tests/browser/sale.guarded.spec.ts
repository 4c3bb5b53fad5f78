import { expect, test } from './desk.ts';
import { choose, fill, fillReference, pay, title } from './sale.ts';

test.describe('the duplicate guard', () => {
  test('shows the earlier attempt: who, when, how much, which card, what became of it', async ({ desk, page }) => {
    await desk.open('guard=open_or_unknown');
    await fillReference(desk);
    const earlier = page.getByRole('region', { name: /not settled/ });
    await expect(earlier).toContainText('555.00');
    await expect(earlier).toContainText('6111');
    await expect(earlier).toContainText('Murat Işık');
    await expect(earlier).toContainText('21 Nov, 19:12');
    await expect(earlier).toContainText('Not known yet');
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });

  test('lets a further part pass once it is declared', async ({ desk, page }) => {
    await desk.open('guard=already_paid');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await desk.fake('set', { guard: null });
    await fill(desk, { reference: 'RES-20261121-0501' });
    await desk.fake('set', { guard: 'already_paid' });
    await fill(desk, { reference: 'RES-20261121-0500' });
    await expect(page.getByText('Paid so far: 545.00')).toBeVisible();
    await desk.fake('set', { guard: null });
    await desk.click(page.getByRole('button', { name: 'Deposit' }));
    await desk.wait(800);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ subject: { kind: 'reference', reference: 'RES-20261121-0500', part: { kind: 'deposit' } } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('lets a supervisor override it, naming the attempt, without the card being keyed again', async ({ desk, page }) => {
    await desk.open('guard=same_card_unknown');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByRole('region', { name: /same card and amount/i })).toBeVisible();
    await desk.wait(800);
    await desk.click(page.getByRole('button', { name: 'A supervisor allows it' }));
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('PIN').fill('246810');
    await dialog.getByLabel('Reason').fill('The customer checked with the bank');
    await desk.wait(100);
    await desk.click(dialog.getByRole('button', { name: 'Agree' }));
    await desk.wait(300);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ overrides: 'att_01KB3ZQ8RT5N7W000000000077', supervisor: { name: 'Deniz Aksoy' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('asks the cashier about a twin, and passes it once it is meant', async ({ desk, page }) => {
    await desk.open('guard=twin');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    await desk.click(page.getByRole('button', { name: 'Yes, a second payment is meant' }));
    await desk.wait(300);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ twin_confirmed: true }]);
    await expect(title(page)).toHaveText('Getting ready');
    // It may be wanted once more after a decline.
    expect(await desk.fake('count', 'forgetCards')).toBe(0);
  });

  test('is left without an answer, and the till forgets the card that it has in hand', async ({ desk, page }) => {
    await desk.open('guard=twin');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'forgetCards')).toBe(0);
    await desk.press('F4');
    await desk.wait(300);
    await expect(title(page)).not.toHaveText('Sale');
    expect(await desk.fake('count', 'forgetCards')).toBe(1);
  });

  test('says that three are under way', async ({ desk, page }) => {
    await desk.open('scenario=parked');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByText('Three payments are under way: finish one first').first()).toBeVisible();
    await expect(title(page)).toHaveText('Sale');
  });
});

test.describe('what Pay stops at', () => {
  test('a wrong PIN is said, and may be typed again without the card', async ({ desk, page }) => {
    await desk.open('stop=supervisor');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    for (const pin of ['000000', '246810']) {
      await dialog.getByLabel('PIN').fill(pin);
      await dialog.getByLabel('Reason').fill('No 3-D at this bank');
      await desk.wait(100);
      await desk.click(dialog.getByRole('button', { name: 'Agree' }));
      await desk.wait(300);
      if (pin === '000000') await expect(dialog).toContainText('not a supervisor');
    }
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'pay')).toBe(3);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('the missing span needs a supervisor, and says which span', async ({ desk, page }) => {
    await desk.open('scenario=missing_span');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    await expect(page.getByRole('dialog')).toContainText('20 Nov, 17:52');
  });

  test('options that are too old are asked anew, and must be chosen again; the card is not keyed again', async ({ desk, page }) => {
    await desk.open('stop=options');
    await fillReference(desk);
    await choose(desk, 3);
    const before = await desk.fake('count', 'options');
    await pay(desk);
    await desk.wait(500);
    expect(await desk.fake('count', 'options')).toBe(before + 1);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(1);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(2);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('a wrong security code puts the focus on it', async ({ desk, page }) => {
    await desk.open('stop=wrong');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(300);
    await expect(page.getByLabel('Security code')).toBeFocused();
    await expect(page.getByLabel('Security code')).toHaveAttribute('aria-invalid', 'true');
  });

  test('the journal that cannot be written lets no sale begin', async ({ desk, page }) => {
    await desk.open('scenario=not_written');
    await expect(page.getByRole('alert').filter({ hasText: 'Do not close the desk' })).toBeVisible();
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(title(page)).toHaveText('Sale');
    expect(await desk.fake('attempts')).toEqual([]);
  });
});
