import { expect, test } from './desk.ts';
import { CARD, choose, fillReference, pay, title } from './sale.ts';

test.describe('the card', () => {
  test('is nowhere after Pay: not in the fields, the page, the storage, or a buffer', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(title(page)).toHaveText('Getting ready');
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await desk.press('Control+n');
    await desk.wait(800);
    for (const label of ['Card number', 'Name on card', 'Expiry', 'Security code']) await expect(page.getByLabel(label)).toHaveValue('');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML, location.href, history.state]));
    for (const part of [CARD.number, '4155 6501 0041', '65010041', '00416111', CARD.cvc]) expect(kept).not.toContain(part);
    expect(await desk.fake('unwiped')).toBe(0);
    const calls = await page.evaluate(() => JSON.stringify(window.fake.calls));
    for (const part of [CARD.number, '155650100', '00416111', `"${CARD.cvc}"`]) expect(calls).not.toContain(part);
  });

  test('leaves its fields as soon as the till has it, and its fields only when something is wrong with it', async ({ desk, page }) => {
    await desk.open('stop=supervisor');
    await fillReference(desk);
    await choose(desk, 3);
    await desk.fake('failNext', 'handCard', 'card_number', 'number');
    await pay(desk);
    await expect(page.getByLabel('Card number')).toHaveValue('4155 6501 0041 6111');
    await expect(page.getByLabel('Card number')).toBeFocused();
    await pay(desk);
    await desk.wait(300);
    expect(await page.evaluate(() => [...document.querySelectorAll('input')].map((input) => input.value).filter((value) => /6111|739/.test(value)))).toEqual([]);
  });

  test('is never in a form that a browser would keep', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    for (const label of ['Card number', 'Name on card', 'Expiry', 'Security code']) {
      const field = page.getByLabel(label);
      await expect(field).toHaveAttribute('autocomplete', /^(off|one-time-code)$/);
      expect(await field.getAttribute('name')).not.toMatch(/card|cc|number|cvc|cvv|exp|holder|name/i);
    }
  });

  test('is wiped when the screen is left, and the rest of the form stays', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await desk.press('F4');
    await desk.wait(800);
    await desk.press('F3');
    await desk.wait(800);
    await expect(page.getByLabel('Reference')).toHaveValue('RES-20261121-0500');
    await expect(page.getByLabel('Card number')).toHaveValue('');
    await expect(page.getByLabel('Security code')).toHaveValue('');
  });

  test('is checked while it is typed: brand, groups, and the check digit', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    const number = page.getByLabel('Card number');
    await number.focus();
    await desk.type('374427000000003');
    await expect(number).toHaveValue('3744 270000 00003');
    await expect(page.getByText('American Express').first()).toBeVisible();
    await number.fill('4155650100416112');
    await desk.wait(100);
    await expect(number).toHaveAttribute('aria-invalid', 'true');
    await number.fill('4155650100416111');
    await desk.wait(100);
    await expect(number).not.toHaveAttribute('aria-invalid', 'true');
  });
});
