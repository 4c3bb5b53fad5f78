import { expect, test } from './desk.ts';
import { choose, fill, fillOrder, fillReference, pay, title } from './sale.ts';

test.describe('the amount', () => {
  test('that can be read in two ways is asked back, with both readings', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fill(desk, { reference: 'RES-500', amount: '1.500' });
    await expect(page.getByRole('button', { name: /^1,500\.00/ })).toBeVisible();
    await desk.click(page.getByRole('button', { name: /^1\.50/ }));
    await desk.wait(300);
    await expect(page.getByLabel('Amount', { exact: true })).toHaveValue('1.50');
  });

  test('that is large is typed twice, and the two must agree', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk, { amount: '75000' });
    await choose(desk, 1);
    const again = page.getByLabel('Amount once more');
    await again.fill('7500');
    await desk.wait(1_000);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await expect(page.getByText('The two amounts are not the same.').first()).toBeVisible();
    await again.fill('75.000,00');
    await desk.wait(1_000);
    await pay(desk);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ amount: { amount: '75000.00' }, amount_again: { amount: '75000.00' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('is asked for twice when Pay says so', async ({ desk, page }) => {
    await desk.open('stop=type_again');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByLabel('Amount once more')).toBeFocused();
    await desk.type('545');
    await desk.wait(1_000);
    await pay(desk);
    await expect(title(page)).toHaveText('Getting ready');
    expect(await desk.fake('count', 'handCard')).toBe(1);
  });
});

test.describe('a card number in another field', () => {
  for (const [field, label] of [['amount', 'Amount'], ['reference', 'Reference']] as const) {
    test(`is taken out of the ${field} at once, and never crosses`, async ({ desk, page }) => {
      await desk.open('scenario=sale');
      await fill(desk, { [field]: '4155650100416111' });
      await expect(page.getByLabel(label, { exact: true })).toHaveValue('');
      await expect(page.getByText(/typed where it does not belong/).first()).toBeVisible();
      expect(await desk.fake('count', 'readSubject')).toBe(0);
      expect(await desk.fake('count', 'readAmount')).toBe(0);
    });
  }
});

test.describe('an order', () => {
  test('is shown before anything is paid; one that is paid already cannot be', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await fill(desk, { order: 'order_1001' });
    await expect(page.getByRole('main')).toContainText('Ayşe Yıldırım');
    await expect(page.getByRole('main')).toContainText('Renault Clio');
    await fill(desk, { order: 'order_1011' });
    await expect(page.getByRole('main')).toContainText(/already paid/);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(0);
  });

  test('without a price is confirmed by hand', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await fillOrder(desk, { order: 'order_1017' });
    await choose(desk, 1);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await page.getByRole('checkbox', { name: /does not say its price/ }).check();
    await desk.wait(300);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(1);
  });

  test('of an account without a credit limit offers none', async ({ desk, page }) => {
    await desk.open('scenario=no_limit');
    await fill(desk, { order: 'order_1001' });
    await expect(page.getByLabel('Card number')).toBeVisible();
    await expect(page.getByText('Credit limit')).toHaveCount(0);
  });
});
