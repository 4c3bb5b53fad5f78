import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';
import { CARD, choose, fillReference, focused, payButton, title } from './sale.ts';

/** Where a whole sale ends: through every stage to approved. */
async function approved(desk: DeskPage, page: Page): Promise<void> {
  await desk.fake('to', 'sending');
  await desk.fake('to', 'at_bank');
  await desk.fake('to', 'confirming');
  await desk.fake('finish', 'approved');
  await desk.wait(100);
  await expect(title(page)).toHaveText('Approved');
}

test.describe('a whole sale with the keyboard alone', () => {
  test('Finrota, with a card in three installments: 7 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await expect(focused(page)).toHaveAccessibleName('Reference');
    const typed = ['RES-500', '545', CARD.number, 'A YILMAZ', CARD.expiry, CARD.cvc];
    await desk.type('RES-500');
    await desk.press('Enter');
    await expect(focused(page)).toHaveAccessibleName('Amount');
    await desk.type('545');
    await desk.press('Enter');
    await desk.type(CARD.number);
    await desk.press('Enter');
    await desk.type('A YILMAZ');
    await desk.press('Enter');
    await desk.type(CARD.expiry);
    await desk.press('Enter');
    await desk.type(CARD.cvc);
    await desk.press('Alt+3');
    await expect(payButton(page)).toHaveAccessibleName(/Take 555\.00.TRY in 3 installments/);
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('count', 'pay')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{
      account: 'acc_desk', subject: { kind: 'reference', reference: 'RES-500' }, amount: { amount: '545.00', currency: 'TRY' },
      means: { kind: 'card', installments: 3, shown_total: { amount: '555.00', currency: 'TRY' }, three_ds: true, in_browser: false }, operator: 'opr_elif',
    }]);
    await approved(desk, page);
    const data = typed.join('').length;
    console.info(`Finrota by card: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(7);
    await desk.wait(800);
    await desk.press('Enter');
    await expect(title(page)).toHaveText('Sale');
    await expect(focused(page)).toHaveAccessibleName('Reference');
    await expect(focused(page)).toHaveValue('');
  });

  test('Yolcu360, with a card in one payment: 6 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await expect(focused(page)).toHaveAccessibleName('Order id');
    const typed = ['order_1001', CARD.number, 'A YILMAZ', CARD.expiry, CARD.cvc];
    await desk.type('order_1001');
    await desk.press('Enter');
    await desk.wait(300);
    await expect(page.getByLabel('Card number')).toBeFocused();
    await desk.type(CARD.number);
    await desk.press('Enter');
    await desk.type('A YILMAZ');
    await desk.press('Enter');
    await desk.type(CARD.expiry);
    await desk.press('Enter');
    await desk.type(CARD.cvc);
    await desk.press('Alt+1');
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ account: 'acc_agency', subject: { kind: 'order', order: 'order_1001' }, means: { kind: 'card', installments: 1 } }]);
    await approved(desk, page);
    const data = typed.join('').length;
    console.info(`Yolcu360 by card: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(6);
  });

  test('Yolcu360, from the credit limit: 4 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await desk.type('order_1001');
    await desk.press('Enter');
    await desk.wait(300);
    await expect(page.getByRole('radio', { name: 'Credit limit' })).toBeVisible();
    await desk.press('Shift+Tab');
    await expect(page.getByRole('radio', { name: 'Card' })).toBeFocused();
    await desk.press('ArrowRight');
    await expect(payButton(page)).toHaveAccessibleName(/Pay 545\.00.TRY from the credit limit/);
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ subject: { kind: 'order', order: 'order_1001' }, means: { kind: 'credit_limit' } }]);
    expect(await desk.fake('count', 'options')).toBe(0);
    await desk.fake('to', 'sending');
    await desk.fake('finish', 'approved');
    await expect(title(page)).toHaveText('Approved');
    const data = 'order_1001'.length;
    console.info(`Yolcu360 from the limit: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(4);
  });

  test('a supervised one, without 3-D Secure, by keys alone', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 1);
    const secure = page.getByRole('switch', { name: /3-D Secure/ });
    for (let turn = 0; turn < 12 && !(await secure.evaluate((one) => one === document.activeElement)); turn += 1) await desk.press('Tab');
    await desk.wait(100);
    await desk.press('Space');
    await expect(secure).not.toBeChecked();
    await desk.press('Control+Enter');
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    for (let turn = 0; turn < 6 && !(await dialog.getByLabel('PIN').evaluate((one) => one === document.activeElement)); turn += 1) await desk.press('Tab');
    await desk.type('246810');
    await desk.press('Enter');
    await desk.type('ACS is down');
    await desk.press('Control+Enter');
    await desk.wait(200);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'pay')).toBe(2);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ means: { three_ds: false }, supervisor: { name: 'Deniz Aksoy', pin: '246810', reason: 'ACS is down' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });
});
