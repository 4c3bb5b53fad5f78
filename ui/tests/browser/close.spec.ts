// The day close: what it will cover, the act, earlier ones, and the comparison with the gateway.
import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';

const main = (page: Page) => page.getByRole('main');

async function open(desk: DeskPage, query: string): Promise<void> {
  await desk.open(query);
  await desk.press('F7');
  await desk.wait(800);
}

test('says what it will cover, with a way to each payment that is not settled', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await expect(main(page)).toContainText('What day close no. 8 would say');
  await expect(main(page)).toContainText('283,765.00');
  await expect(main(page)).toContainText('2,140.00');
  await expect(main(page)).toContainText('4 payments are not settled');
  await desk.click(page.getByRole('button', { name: /RES-UNKNOWN/ }));
  await desk.wait(800);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
});

test('closes with the keyboard alone, once, and shows the close with its anchor', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.fake('hold', 'closeDay');
  await desk.press('Control+Enter');
  await desk.press('Control+Enter');
  await desk.fake('release', 'closeDay', 0);
  await desk.wait(800);
  expect(await desk.fake('count', 'closeDay')).toBe(1);
  expect(await desk.fake('last', 'closeDay')).toEqual(['opr_elif', null]);
  await expect(main(page)).toContainText('Day close no. 8');
  await expect(main(page)).toContainText('8-K3QF-9WZ2-0B4D-M6RT');
  await expect(page.getByRole('button', { name: /Close the day/ })).toHaveCount(0);
});

test('opens an earlier one as it was made, and goes back to now', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.click(page.getByRole('button', { name: /^3 / }));
  await desk.wait(800);
  await expect(main(page)).toContainText('3-K3QF-9WZ2-0B4D-M6RT');
  await desk.click(page.getByRole('button', { name: 'Now', exact: true }));
  await desk.wait(800);
  await expect(main(page)).toContainText('What day close no. 8 would say');
});

test('says why a day could not be closed, and closes nothing', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.fake('failNext', 'closeDay', 'not_written_down', null, 'No space left on device');
  await desk.press('Control+Enter');
  await desk.wait(300);
  await expect(main(page)).toContainText('No space left on device');
  await expect(page.getByRole('button', { name: /Close the day: no\. 8/ })).toBeEnabled();
});

test('a close ends the notice of a restored backup', async ({ desk, page }) => {
  await open(desk, 'scenario=missing_span');
  await expect(page.getByText(/A backup was restored/)).toHaveCount(2);
  // It ends a rule that only a supervisor may pass: one agrees.
  await desk.press('Control+Enter');
  await desk.wait(800);
  expect(await desk.fake('count', 'closeDay')).toBe(0);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('ends the rule');
  await dialog.getByLabel('PIN', { exact: true }).fill('246810');
  await dialog.getByLabel('Reason').fill('the old days are in the portal');
  await desk.click(dialog.getByRole('button', { name: 'Close the day' }));
  await desk.wait(800);
  expect(await desk.fake('count', 'closeDay')).toBe(1);
  await expect(page.getByText(/A backup was restored/)).toHaveCount(0);
});

test('compares with the gateway, is stopped, and lists what differs with what to do', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.press('Control+Enter');
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: 'Compare with the gateway' }));
  await desk.fake('compared');
  await expect(page.getByRole('status').filter({ hasText: '1 of 6 payments' })).toBeVisible();
  await desk.fake('compared');
  await desk.fake('compared');
  await expect(main(page)).toContainText('2 differences so far');
  await desk.click(page.getByRole('button', { name: 'Stop' }));
  await desk.wait(300);
  await expect(main(page)).toContainText('3 not asked: it was stopped');
  await expect(main(page)).toContainText('Not paid here, paid there');
  await expect(main(page)).toContainText('a supervisor settles it in Attention');
  await expect(main(page)).toContainText('here: 555.00');
});

test('the picture says in a table what it draws, with two o’clock twice when the clocks go back', async ({ desk, page }) => {
  await open(desk, 'scenario=closes_back');
  await expect(page.getByRole('img', { name: /outcomes in 9 hours/ })).toBeVisible();
  const rows = page.getByRole('row').filter({ hasText: /^\s*02:00/ });
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText('second time');
});

test('is saved as a paper and as a table', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.click(page.getByRole('button', { name: /^7 / }));
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: 'Save as PDF' }));
  await desk.wait(300);
  expect(await desk.fake('last', 'saveClose')).toEqual([{ number: 7, file: 'pdf', language: 'en' }, 'opr_elif']);
  await expect(main(page)).toContainText('vezne-close-7-2026-11-21.pdf');
});

test('is printed through the dialog once as the original, and then as a copy', async ({ desk, page }) => {
  await open(desk, 'scenario=sale');
  await desk.click(page.getByRole('button', { name: /^7 / }));
  await desk.wait(800);
  await page.evaluate(() => { window.print = () => { document.body.dataset['printed'] = String(Number(document.body.dataset['printed'] ?? 0) + 1); }; });
  await desk.press('Control+p');
  await desk.wait(300);
  expect(await desk.fake('last', 'closeForDialog')).toEqual([7, 'en', 'opr_elif']);
  await expect(main(page)).not.toContainText('COPY no.');
  await desk.press('Control+p');
  await desk.wait(300);
  await expect(main(page)).toContainText('COPY no. 1');
  expect(await page.evaluate(() => document.body.dataset['printed'])).toBe('2');
});
