// History: the search line, the filters, the list, one payment's page.
import type { Page } from '@playwright/test';
import { expect, show, test } from './desk.ts';

function rows(page: Page) {
  return page.getByRole('list', { name: 'Payments, newest first' }).getByRole('listitem');
}

/** How many payments the list holds, drawn or not. */
async function held(page: Page): Promise<number> {
  return page.getByRole('list', { name: 'Payments, newest first' }).evaluate((list) => Math.round(list.clientHeight / (list.querySelector('li')?.offsetHeight ?? 1)));
}

test('shows the newest first, draws what is in sight, and reads on by itself', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await expect.poll(() => held(page)).toBeGreaterThanOrEqual(50);
  expect(await rows(page).count()).toBeLessThan(60);
  await expect(rows(page).first()).toContainText('RES-20261120-0400');
  await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1');
  for (let turn = 0; turn < 8; turn += 1) {
    await page.getByRole('main').evaluate((main) => { main.scrollTop = main.scrollHeight; });
    await desk.wait(300);
  }
  await expect.poll(() => held(page)).toBe(200);
  expect(await rows(page).count()).toBeLessThan(60);
  await expect(page.locator('li[aria-posinset="200"]')).toBeVisible();
  expect(await desk.fake('last', 'history')).toMatchObject([{ text: '', outcome: null, after: expect.stringMatching(/^att_/) as unknown }]);
});

test('is searched while one types, in Turkish letters of either kind, with few questions', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  const before = await desk.fake('count', 'history');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await desk.type('isil agaoglu');
  await desk.wait(1_000);
  await expect.poll(() => held(page)).toBe(34);
  expect(await desk.fake('count', 'history') - before).toBeLessThanOrEqual(13);
  await page.getByRole('searchbox').fill('IŞIL AĞAOĞLU');
  await desk.wait(1_000);
  await expect.poll(() => held(page)).toBe(34);
  await page.getByRole('searchbox').fill('nobody at all');
  await desk.wait(1_000);
  await expect(page.getByRole('main')).toContainText('Nothing found');
  await desk.click(page.getByRole('button', { name: 'Clear the search' }));
  await desk.wait(1_000);
  await expect.poll(() => held(page)).toBeGreaterThanOrEqual(50);
});

test('goes by the keyboard from row to row, page by page, and comes back to the same row', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.press('ArrowDown');
  await expect(rows(page).first().getByRole('button')).toBeFocused();
  for (let turn = 0; turn < 3; turn += 1) await desk.press('PageDown');
  await desk.press('ArrowDown');
  const name = await page.locator(':focus').innerText();
  const place = Number(await page.locator('li:has(:focus)').getAttribute('aria-posinset'));
  expect(place).toBeGreaterThan(10);
  // What the wheel takes out of sight keeps the keyboard's place.
  await page.getByRole('main').evaluate((main) => { main.scrollTop = 0; });
  await desk.wait(200);
  await expect(page.locator(':focus')).toHaveText(name, { useInnerText: true });
  await desk.press('Enter');
  await desk.wait(800);
  await expect(page.getByRole('button', { name: /Back to History/ })).toBeVisible();
  await desk.press('Escape');
  await desk.wait(800);
  await expect(page.locator(':focus')).toHaveText(name, { useInnerText: true });
  await desk.press('Home');
  await desk.press('ArrowUp');
  await expect(page.getByRole('searchbox')).toBeFocused();
});

test('is narrowed by filters, which stand as chips and are taken off, and says what it read from the line', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await page.getByRole('searchbox').fill('declined 3x');
  await desk.wait(500);
  await expect(page.getByRole('main')).toContainText('Read from your search:');
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: '3 installments' }).first()).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await desk.click(page.getByRole('button', { name: 'Filters' }));
  await desk.wait(300);
  await page.getByLabel('Plan').selectOption('6');
  await page.getByLabel('From').fill('20.11.2026');
  await desk.wait(500);
  expect(await desk.fake('last', 'history')).toMatchObject([{ plan: 6, from: '2026-11-20', until: null }]);
  await desk.click(page.getByRole('button', { name: 'Remove: 6 installments' }));
  await desk.wait(500);
  expect(await desk.fake('last', 'history')).toMatchObject([{ plan: null, from: '2026-11-20' }]);
});

test('opens what a pasted link names, and comes back to the whole list', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.press('ArrowDown');
  await desk.press('Enter');
  await desk.wait(800);
  await page.evaluate(() => { document.execCommand = () => true; });
  await desk.press('l');
  await desk.wait(200);
  await expect(page.getByRole('button', { name: /Copied/ })).toBeVisible();
  const asked = await desk.fake('last', 'payment');
  await desk.press('Escape');
  await desk.wait(800);
  await page.getByRole('searchbox').fill(`vezne://payment/${String(asked?.[0])}`);
  await desk.wait(1_000);
  await expect(page.getByRole('heading', { name: 'RES-20261120-0400' })).toBeFocused();
  await desk.press('Escape');
  await desk.wait(1_000);
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect.poll(() => held(page)).toBeGreaterThanOrEqual(50);
});

test('drops the answer to an older search', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.fake('hold', 'history');
  await page.getByRole('searchbox').fill('order_2000');
  await desk.wait(1_000);
  await page.getByRole('searchbox').fill('RES-20261120-0400');
  await desk.wait(1_000);
  expect(await desk.fake('waiting', 'history')).toBe(2);
  await desk.fake('release', 'history', 1);
  await desk.wait(100);
  await expect(rows(page)).toHaveCount(1);
  await desk.fake('release', 'history', 0);
  await desk.wait(100);
  await expect(rows(page).first()).toContainText('RES-20261120-0400');
});

test('is filtered by outcome', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await page.getByRole('radio', { name: 'Declined' }).check({ force: true });
  await desk.wait(500);
  expect(await desk.fake('last', 'history')).toMatchObject([{ outcome: 'declined' }]);
  await expect.poll(() => held(page)).toBe(20);
  for (const row of await rows(page).all()) await expect(row).toContainText('Declined');
});

test('says why it cannot be read, and reads again', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.fake('failNext', 'history', 'journal', null, 'disk I/O error');
  await desk.press('F4');
  await desk.wait(800);
  await expect(page.getByRole('main')).toContainText('disk I/O error');
  await desk.click(page.getByRole('button', { name: 'Try again' }));
  await expect.poll(() => held(page)).toBeGreaterThanOrEqual(50);
});

test('what can’t be read on is said below the rows, and asked for again only when someone says so', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await expect.poll(() => held(page)).toBeGreaterThanOrEqual(50);
  const before = await held(page);
  await desk.fake('failNext', 'history', 'journal', null, 'disk I/O error');
  await page.getByRole('main').evaluate((main) => { main.scrollTop = main.scrollHeight; });
  await desk.wait(300);
  await expect(page.getByRole('main')).toContainText('disk I/O error');
  const asked = await desk.fake('count', 'history');
  await desk.wait(3_000);
  expect(await desk.fake('count', 'history')).toBe(asked);
  expect(await held(page)).toBe(before);
  await desk.click(page.getByRole('button', { name: 'Try again' }));
  await expect.poll(() => held(page)).toBeGreaterThan(before);
  await expect(page.getByRole('main')).not.toContainText('disk I/O error');
});

test('a list that was read on is read again on coming back, and stays where it was', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  for (let turn = 0; turn < 8; turn += 1) {
    await page.getByRole('main').evaluate((main) => { main.scrollTop = main.scrollHeight; });
    await desk.wait(300);
  }
  await expect.poll(() => held(page)).toBe(200);
  await desk.click(page.locator('li[aria-posinset="200"] button'));
  await desk.wait(800);
  const asked = await desk.fake('count', 'history');
  await desk.press('F4');
  await desk.wait(800);
  await expect.poll(() => held(page)).toBe(200);
  expect(await desk.fake('count', 'history') - asked).toBe(4);
  await expect(page.locator('li[aria-posinset="200"] button')).toBeFocused();
});

test('opens one payment with every step and its time, and goes back', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.press('ArrowDown');
  await desk.press('Enter');
  await desk.wait(800);
  await expect(page.getByRole('main')).toContainText('RES-20261120-0400');
  await expect(page.getByRole('main')).toContainText('Written down');
  await expect(page.getByRole('main')).toContainText('Asked: paid');
  await desk.press('Escape');
  await expect(page.getByRole('searchbox')).toBeVisible();
});

test('asks again about an attempt of long ago', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.click(rows(page).nth(5).getByRole('button'));
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: /^Ask/ }).first());
  expect(await desk.fake('count', 'askAgain')).toBe(1);
});

test('keeps a note as it was written, with its writer, and refuses a card number', async ({ desk, page }) => {
  await show(desk, 'scenario=sale', 'F4');
  await desk.press('ArrowDown');
  await desk.press('Enter');
  await desk.wait(800);
  const field = page.getByLabel('A note for colleagues');
  await field.fill('kart 4155 6501 0041 6111');
  await desk.press('Control+Enter');
  await desk.wait(300);
  await expect(page.getByRole('main')).toContainText('A card number was typed where it does not belong');
  await field.fill('Müşterinin bankasından mesaj geldi');
  await desk.press('Control+Enter');
  await desk.wait(500);
  await expect(page.getByRole('listitem').filter({ hasText: 'Müşterinin bankasından mesaj geldi' })).toHaveCount(1);
  await expect(field).toHaveValue('');
});

test('a link that is opened beside the desk shows its payment, and waits while something is typed', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.press('F4');
  await desk.wait(800);
  const row = await page.evaluate(async () => {
    const answer = await window.fake.history({ text: '', outcome: null, account: null, operator: null, plan: null, from: null, until: null, after: null });
    return answer.status === 'ok' ? answer.data.rows[3] : undefined;
  });
  await desk.fake('link', row?.attempt ?? '');
  await desk.wait(800);
  await expect(page.getByRole('heading', { name: row?.subject ?? '' })).toBeVisible();
  await desk.press('F3');
  await desk.wait(800);
  await page.getByRole('textbox', { name: 'Reference' }).fill('RES-77');
  await desk.fake('link', row?.payment ?? '');
  await desk.wait(500);
  await expect(page.getByRole('textbox', { name: 'Reference' })).toHaveValue('RES-77');
  await expect(page.getByRole('main')).not.toContainText(row?.subject ?? '');
  await desk.click(page.getByRole('button', { name: /Show the payment/ }));
  await desk.wait(800);
  await expect(page.getByRole('heading', { name: row?.subject ?? '' })).toBeVisible();
});

test('a payment that is not in this journal is said to be another desk’s', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.press('F4');
  await desk.wait(800);
  await desk.fake('link', 'pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3');
  await desk.wait(800);
  await expect(page.getByRole('main')).toContainText('This payment is not in this desk’s journal');
});
