// Money back: what is offered, what crosses, what is said, and what stays until a supervisor has answered for it.
import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';

async function open(desk: DeskPage, scenario: string): Promise<void> {
  await desk.open(`scenario=${scenario}`);
  await desk.press('F4');
  await desk.wait(900);
  await desk.click(desk.page.getByText(/^(RES-20261121-0418|order_1001)$/).first());
  await desk.wait(900);
}

function dialog(page: Page) {
  return page.getByRole('dialog');
}

async function agree(desk: DeskPage, button: RegExp): Promise<void> {
  await dialog(desk.page).getByLabel('PIN', { exact: true }).fill('246810');
  await dialog(desk.page).getByLabel('Reason').fill('Guest left early');
  await desk.click(dialog(desk.page).getByRole('button', { name: button }));
}

test('a void is offered with its hour, sent once with what was shown, and followed step by step', async ({ desk, page }) => {
  await open(desk, 'returns');
  await expect(page.getByRole('main')).toContainText('it can be voided until 22:00');
  await desk.press('v');
  await desk.wait(800);
  await agree(desk, /^Void/);
  await desk.wait(200);
  expect(await desk.fake('count', 'reverse')).toBe(1);
  expect(await desk.fake('last', 'reverse')).toMatchObject([{ kind: 'void', amount: null, attempt: expect.stringMatching(/^att_/), shown_left: { amount: '555.00', currency: 'TRY' } }]);
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('On its way');
  await expect(page.getByRole('main')).toContainText('Until it is, nothing more can go back.');
  await desk.wait(2_000);
  await expect(page.getByRole('main')).toContainText('Everything of this payment has gone back.');
});

test('once it was agreed to, neither Escape nor Cancel pretends to take it back', async ({ desk, page }) => {
  await open(desk, 'returns');
  await desk.fake('hold', 'reverse');
  await desk.press('v');
  await desk.wait(800);
  await agree(desk, /^Void/);
  await desk.wait(200);
  await expect(dialog(page)).toContainText('This can’t be taken back any more.');
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await desk.wait(300);
  await expect(dialog(page)).toHaveCount(1);
  await desk.fake('releaseAll', 'reverse');
  await desk.wait(300);
  await expect(dialog(page)).toHaveCount(0);
  expect(await desk.fake('count', 'reverse')).toBe(1);
});

test('a cancelled order is not told as money that came back', async ({ desk, page }) => {
  await open(desk, 'returns_order');
  await desk.press('v');
  await desk.wait(800);
  await agree(desk, /^Cancel the order/);
  await desk.wait(2_500);
  const main = page.getByRole('main');
  await expect(main).toContainText('Order cancelled');
  await expect(main).toContainText('That the money came back the gateway does not say');
  await expect(main).not.toContainText('Gone back');
  await expect(main).not.toContainText('Given back');
});

test('an order without a readable price goes back in the portal, with the amount and currency that are seen there', async ({ desk, page }) => {
  await open(desk, 'returns_priceless');
  await expect(page.getByRole('main')).toContainText('What this order cost could not be read');
  await desk.press('v');
  await desk.wait(800);
  await expect(dialog(page)).toContainText('as it stands there');
  await dialog(page).getByLabel('Currency').selectOption('EUR');
  await dialog(page).getByLabel('How much goes back').fill('120.00');
  await desk.wait(600);
  await dialog(page).getByLabel('The portal’s reference').fill('P-4711');
  await dialog(page).getByRole('checkbox').check();
  await agree(desk, /^Write down/);
  await desk.wait(400);
  expect(await desk.fake('last', 'recordReturn')).toMatchObject([{ amount: { amount: '120.00', currency: 'EUR' }, shown_left: null }]);
});

test('two alarms of one kind are both shown, wherever they stand', async ({ desk, page }) => {
  await open(desk, 'returns_alarms');
  for (const amount of ['445.00', '345.00', '100.00']) await expect(page.getByRole('main')).toContainText(amount);
  await desk.press('F6');
  await desk.wait(900);
  for (const amount of ['445.00', '345.00', '100.00']) await expect(page.getByRole('main')).toContainText(amount);
});

test('an alarm that was seen leaves the payment’s page at once', async ({ desk, page }) => {
  await open(desk, 'returns');
  await desk.press('v');
  await desk.wait(800);
  await agree(desk, /^Void/);
  await desk.wait(2_000);
  const seen = page.getByRole('button', { name: /^I have seen it/ });
  await desk.fake('alarm');
  await desk.wait(400);
  await desk.click(seen);
  await desk.wait(800);
  await dialog(page).getByRole('checkbox').check();
  await agree(desk, /^Answer for it/);
  await desk.wait(600);
  await expect(seen).toHaveCount(0);
});

test('a part is read as it is typed, and more than what is left never crosses', async ({ desk, page }) => {
  await open(desk, 'returns');
  await desk.press('p');
  await desk.wait(800);
  const amount = dialog(page).getByLabel('How much goes back');
  await expect(amount).toBeFocused();
  await amount.fill('555,01');
  await desk.wait(600);
  await expect(dialog(page)).toContainText('Only 555.00');
  await agree(desk, /^Refund/);
  expect(await desk.fake('count', 'reverse')).toBe(0);
  await amount.fill('100');
  await desk.wait(600);
  await agree(desk, /^Refund 100\.00/);
  await desk.wait(2_500);
  expect(await desk.fake('last', 'reverse')).toMatchObject([{ kind: 'refund', amount: { amount: '100.00', currency: 'TRY' } }]);
  await expect(page.getByRole('main')).toContainText('a void takes the whole');
});

test('a void that the gateway refuses only offers a refund', async ({ desk, page }) => {
  await open(desk, 'returns&back=refused');
  await desk.press('v');
  await desk.wait(800);
  await agree(desk, /^Void/);
  await desk.wait(2_500);
  expect(await desk.fake('count', 'reverse')).toBe(1);
  await desk.click(page.getByRole('button', { name: 'Refund it instead' }));
  await desk.wait(800);
  await agree(desk, /^Refund/);
  await desk.wait(300);
  expect(await desk.fake('last', 'reverse')).toMatchObject([{ kind: 'refund', amount: null }]);
});

test('an amount that is not as it should be is loud on every screen until it is settled with what was seen', async ({ desk, page }) => {
  await desk.open('scenario=returns_alarm');
  const alarm = page.getByText('Alarm: the gateway and this desk do not agree about money.');
  for (const key of ['F3', 'F4', 'F9']) {
    await desk.press(key);
    await desk.wait(800);
    await expect(alarm).toBeVisible();
  }
  await desk.click(page.getByRole('button', { name: 'Look at it' }));
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: /^Settle it/ }));
  await desk.wait(800);
  await agree(desk, /^Settle/);
  expect(await desk.fake('count', 'settleReversal')).toBe(0);
  await dialog(page).getByLabel('What you saw').fill('portal 4711');
  await agree(desk, /^Settle/);
  expect(await desk.fake('count', 'settleReversal')).toBe(0);
  await dialog(page).getByRole('checkbox').check();
  await agree(desk, /^Settle/);
  await desk.wait(400);
  expect(await desk.fake('last', 'settleReversal')).toMatchObject([{ verdict: 'done', saw: 'portal 4711', confirmed: true }]);
  await desk.press('F3');
  await desk.wait(800);
  await expect(alarm).toHaveCount(0);
});

test('where reversals are off, the steps in the portal are told, and what was done there is written down', async ({ desk, page }) => {
  await open(desk, 'returns_off');
  await desk.press('v');
  await desk.wait(800);
  await expect(dialog(page).getByRole('listitem')).toHaveCount(4);
  await dialog(page).getByLabel('How much goes back').fill('55.00');
  await desk.wait(600);
  await dialog(page).getByLabel('The portal’s reference').fill('P-4711');
  await dialog(page).getByRole('checkbox').check();
  await agree(desk, /^Write down 55\.00/);
  await desk.wait(400);
  expect(await desk.fake('last', 'recordReturn')).toMatchObject([{ amount: { amount: '55.00' }, saw: 'P-4711', confirmed: true, shown_left: { amount: '555.00' } }]);
  expect(await desk.fake('count', 'reverse')).toBe(0);
  await expect(page.getByRole('main')).toContainText('done in the portal');
});

test('several are settled with one PIN, each with its own tick, outcome and reference', async ({ desk, page }) => {
  await desk.open('scenario=returns_list');
  await desk.press('F6');
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: /^Settle several/ }));
  await desk.wait(800);
  await agree(desk, /^Settle 0/);
  await expect(dialog(page)).toContainText('Tick at least one.');
  const rows = dialog(page).getByRole('checkbox');
  await rows.nth(0).check();
  await rows.nth(1).check();
  await agree(desk, /^Settle 2/);
  expect(await desk.fake('count', 'settleList')).toBe(0);
  for (const place of [0, 1]) {
    await dialog(page).getByRole('group', { name: 'What the portal shows' }).nth(place).getByText(place === 0 ? 'Paid' : 'Not paid', { exact: true }).click();
    await dialog(page).getByLabel('Portal’s reference').nth(place).fill(`P-${place}`);
  }
  await agree(desk, /^Settle 2/);
  await desk.wait(400);
  expect(await desk.fake('last', 'settleList')).toMatchObject([{ rows: [{ outcome: 'approved', saw: 'P-0' }, { outcome: 'declined', saw: 'P-1' }] }]);
  await expect(dialog(page)).toHaveCount(0);
});

test('an export says how much it is, is stopped whole, and says where it stands', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.press('F4');
  await desk.wait(900);
  await desk.press('Control+e');
  await desk.wait(900);
  await expect(dialog(page)).toContainText('200 lines to look at');
  await desk.fake('hold', 'makeExport');
  await desk.press('Control+Enter');
  await desk.wait(300);
  await expect(dialog(page).getByRole('progressbar')).toBeVisible();
  await desk.click(dialog(page).getByRole('button', { name: 'Stop' }));
  await desk.fake('releaseAll', 'makeExport');
  await desk.wait(400);
  await expect(dialog(page)).toContainText('Nothing of it is left.');
  await desk.press('Control+Enter');
  await desk.wait(600);
  await expect(dialog(page)).toContainText('/srv/documents/Vezne/vezne-desk-2-2026-11-21.xlsx');
});
