import { expect, test, type DeskPage } from './desk.ts';
import { choose, fill, fillOrder, fillReference, pay, payButton } from './sale.ts';

test.describe('the options', () => {
  const asked = async (desk: DeskPage) => (await desk.fake('count', 'options'));

  test('are asked once at 6 digits and once at 8, and never again', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fill(desk, { reference: 'RES-500', amount: '545' });
    await page.getByLabel('Card number').focus();
    await desk.type('41556');
    await desk.wait(1_000);
    expect(await asked(desk)).toBe(0);
    await desk.type('5');
    await desk.wait(1_000);
    expect(await asked(desk)).toBe(1);
    await desk.type('0');
    await desk.wait(1_000);
    expect(await asked(desk)).toBe(1);
    await desk.type('1');
    await desk.wait(1_000);
    expect(await asked(desk)).toBe(2);
    await desk.type('00416111');
    await desk.wait(1_000);
    await desk.press('Backspace');
    await desk.type('1');
    await page.getByLabel('Name on card').focus();
    await desk.wait(2_000);
    expect(await asked(desk)).toBe(2);
    expect(await desk.fake('last', 'options')).toEqual([{ account: 'acc_desk', bin: '41556501', amount: { amount: '545.00', currency: 'TRY' }, order: null }]);
  });

  test('are asked once only where the account takes six digits, and only once the order is there', async ({ desk }) => {
    await desk.open('scenario=order');
    await fillOrder(desk);
    expect(await asked(desk)).toBe(1);
    expect(await desk.fake('last', 'options')).toEqual([{ account: 'acc_agency', bin: '415565', amount: null, order: 'order_1001' }]);
  });

  test('of a card that was pasted are asked about once', async ({ desk }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    expect(await asked(desk)).toBe(1);
  });

  test('stay in sight while the next list is on its way: nothing flickers', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fill(desk, { reference: 'RES-500', amount: '545' });
    await page.getByLabel('Card number').focus();
    await desk.type('415565');
    await desk.wait(1_000);
    const rows = page.getByRole('radio', { name: /installments of|Single payment/ });
    await expect(rows).toHaveCount(6);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { seen });
      const list = document.querySelector('main');
      if (list) new MutationObserver(() => { seen.push(document.querySelectorAll('main [role="radio"], main input[type="radio"]').length); }).observe(list, { childList: true, subtree: true });
    });
    await desk.fake('hold', 'options');
    await desk.type('01');
    await desk.wait(1_000);
    await expect(rows).toHaveCount(6);
    await desk.fake('releaseAll', 'options');
    await desk.wait(300);
    await expect(rows).toHaveCount(6);
    expect(await page.evaluate(() => (window as unknown as { seen: number[] }).seen.filter((count) => count < 6))).toEqual([]);
  });

  test('that come late are dropped', async ({ desk, page }) => {
    await desk.open('options=eight_differs');
    await fill(desk, { reference: 'RES-500', amount: '545' });
    await desk.fake('hold', 'options');
    await page.getByLabel('Card number').focus();
    await desk.type('415565');
    await desk.wait(1_000);
    await desk.type('01');
    await desk.wait(1_000);
    expect(await desk.fake('waiting', 'options')).toBe(2);
    // The answer to eight digits comes first, the one to six digits after it.
    await desk.fake('release', 'options', 1);
    await desk.wait(300);
    await expect(page.getByRole('radio', { name: /^4 installments/ })).toHaveCount(1);
    await desk.fake('release', 'options', 0);
    await desk.wait(300);
    await expect(page.getByRole('radio', { name: /^4 installments/ })).toHaveCount(1);
    await expect(page.getByRole('radio', { name: /^3 installments/ })).toHaveCount(0);
  });

  test('that change what was chosen clear the choice, and say so', async ({ desk, page }) => {
    await desk.open('options=eight_differs');
    await fill(desk, { reference: 'RES-500', amount: '545' });
    await page.getByLabel('Card number').focus();
    await desk.type('415565');
    await desk.wait(1_000);
    await choose(desk, 3);
    await expect(payButton(page)).toHaveAccessibleName(/555\.00/);
    await desk.type('01');
    await desk.wait(1_000);
    await expect(page.getByText('The offer for this card has changed. Choose again.').first()).toBeVisible();
    await desk.type('00416111');
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });

  test('are asked anew when the amount changes, and never stand beside another amount', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 3);
    await page.getByLabel('Amount', { exact: true }).fill('745');
    await desk.wait(50);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await desk.wait(2_000);
    expect(await asked(desk)).toBe(2);
    await expect(page.getByRole('radio', { name: /^Single payment, 745/ })).toHaveCount(1);
  });

  test('that fail, say why, and are asked again; nothing can be paid meanwhile', async ({ desk, page }) => {
    await desk.open('options=failing');
    await fillReference(desk);
    await expect(page.getByRole('main')).toContainText('did not answer');
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await desk.fake('set', { options: 'six' });
    await desk.wait(300);
    await desk.click(page.getByRole('button', { name: 'Try again' }));
    await desk.wait(500);
    await expect(page.getByRole('radio', { name: /installments of|Single payment/ })).toHaveCount(6);
  });

  test('that are slow say that they are being asked for', async ({ desk, page }) => {
    await desk.open('options=slow');
    await fillReference(desk);
    await expect(page.getByText('Asking what this card may pay…').first()).toBeVisible();
    await desk.wait(6_000);
    await expect(page.getByRole('radio', { name: /installments of|Single payment/ })).toHaveCount(6);
  });

  test('that are none block Pay, and so does a currency that the card does not take', async ({ desk, page }) => {
    await desk.open('options=wrong_currency');
    await fillReference(desk);
    await expect(page.getByText('This card cannot pay in TRY.').first()).toBeVisible();
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });

  test('are chosen by arrows where the list has the focus, and by Alt and a digit from everywhere', async ({ desk, page }) => {
    await desk.open('options=twelve');
    await fillReference(desk);
    await choose(desk, 2);
    await expect(page.getByRole('radio', { name: /^2 installments/ })).toBeChecked();
    await page.getByRole('radio', { name: /^2 installments/ }).focus();
    await desk.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /^3 installments/ })).toBeChecked();
    await desk.press('ArrowUp');
    await desk.press('ArrowUp');
    await expect(page.getByRole('radio', { name: /^Single payment/ })).toBeChecked();
  });
});
