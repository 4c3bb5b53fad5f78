// A supervisor is asked about what nobody knows, and the gateway answers while their dialog stands open.
import type { Locator, Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';

function dialog(page: Page): Locator {
  return page.getByRole('dialog');
}

function notice(page: Page): Locator {
  return page.getByRole('region', { name: 'The gateway has answered meanwhile.' });
}

function title(page: Page): Locator {
  return page.getByRole('heading', { level: 1 });
}

/** Opens a dialog of the attempt that nobody knows about, on its own screen. */
async function asked(desk: DeskPage, button: string, lang = 'en'): Promise<string> {
  await desk.open(`scenario=one&lang=${lang}`);
  await desk.press('Control+1');
  await desk.wait(800);
  await desk.fake('finish', 'unknown');
  await desk.wait(1_000);
  await desk.click(desk.page.getByRole('button', { name: button }));
  await desk.wait(800);
  await expect(dialog(desk.page)).toBeVisible();
  return (await desk.fake('attempts'))[0]?.attempt ?? '';
}

/** Everything is filled in; nothing is agreed to. */
async function filled(desk: DeskPage): Promise<void> {
  const one = dialog(desk.page);
  for (const field of await one.getByLabel(/What you saw/).all()) await field.fill('Portal 88123456');
  await one.getByLabel('PIN', { exact: true }).fill('246810');
  await one.getByLabel('Reason').fill('The portal shows it');
  for (const box of await one.getByRole('checkbox').all()) await box.check();
}

for (const [button, ending, now] of [['Settle it', 'declined', 'Declined'], ['Settle it', 'approved', 'Approved'], ['Another card now', 'approved', 'Approved']] as const) {
  test(`${button}: the gateway says ${ending} first, and nothing is settled`, async ({ desk, page }) => {
    const attempt = await asked(desk, button);
    await filled(desk);
    await desk.fake('finish', ending, attempt);
    await expect(dialog(page)).toHaveCount(0);
    await expect(title(page)).toHaveText(now);
    await expect(page.getByRole('heading', { level: 2, name: now })).toBeFocused();
    await expect(notice(page)).toContainText(`Nothing was settled by hand. 555.00 TRY · RES-20261121-0418: ${now}`);
    await expect(page.locator('[aria-live="polite"]').filter({ hasText: 'answered meanwhile' })).toBeVisible();
    // What a supervisor goes on typing or pressing right then begins nothing.
    await desk.press('Enter');
    await desk.press('Control+Enter');
    await desk.wait(200);
    await expect(title(page)).toHaveText(now);
    expect(await desk.fake('count', 'settle')).toBe(0);
    expect(await page.content()).not.toContain('246810');
    // It is on the screen already: there is nothing to go to.
    await expect(notice(page).getByRole('button', { name: 'Show' })).toHaveCount(0);
    await desk.click(notice(page).getByRole('button', { name: 'Dismiss' }));
    await expect(notice(page)).toHaveCount(0);
  });
}

test('in Turkish it is said in Turkish', async ({ desk, page }) => {
  const attempt = await asked(desk, 'Sonuçlandır', 'tr');
  await desk.fake('finish', 'approved', attempt);
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Bu arada ödeme kuruluşu yanıt verdi.' })).toContainText('Elle sonuçlandırma yapılmadı. 555,00 TRY · RES-20261121-0418: Onaylandı');
  expect(await desk.axe()).toEqual([]);
});

test('a page that saw so many digits is renewed only when the notice was read', async ({ desk, page }) => {
  const attempt = await asked(desk, 'Settle it');
  await dialog(page).getByLabel(/What you saw/).fill('Portal 8812345678901234');
  await desk.fake('finish', 'approved', attempt);
  await desk.wait(2_000);
  await expect(notice(page)).toBeVisible();
  expect(await desk.fake('count', 'renewPage')).toBe(0);
  await desk.click(notice(page).getByRole('button', { name: 'Dismiss' }));
  await desk.wait(1_000);
  expect(await desk.fake('count', 'renewPage')).toBe(1);
});

test('one more question without an answer leaves the dialog as it is, with what was typed', async ({ desk, page }) => {
  const attempt = await asked(desk, 'Settle it');
  await filled(desk);
  await desk.fake('asked', attempt);
  await desk.wait(300);
  await expect(dialog(page).getByLabel('Reason')).toHaveValue('The portal shows it');
  await expect(notice(page)).toHaveCount(0);
});

test('a word that was taken is no answer of the gateway’s, also where its change is told first', async ({ desk, page }) => {
  await asked(desk, 'Settle it');
  await filled(desk);
  await desk.press('Control+Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(title(page)).toHaveText('Approved');
  await desk.wait(300);
  expect(await desk.fake('count', 'settle')).toBe(1);
  await expect(notice(page)).toHaveCount(0);
});

test('a word that comes too late is refused, and it is told why it was not taken', async ({ desk, page }) => {
  const attempt = await asked(desk, 'Settle it');
  await filled(desk);
  await desk.fake('hold', 'settle');
  await desk.press('Control+Enter');
  await desk.wait(100);
  expect(await desk.fake('waiting', 'settle')).toBe(1);
  await desk.fake('failNext', 'settle', 'not_now');
  await desk.fake('finish', 'declined', attempt);
  await desk.wait(100);
  // Whose word it was that changed it nobody can tell before the answer is here.
  await expect(notice(page)).toHaveCount(0);
  await desk.fake('releaseAll', 'settle');
  await expect(notice(page)).toContainText('Nothing was settled by hand.');
  await expect(dialog(page)).toHaveCount(0);
  await expect(title(page)).toHaveText('Declined');
});

test('in Attention the row goes with the dialog, and the notice leads to what it was', async ({ desk, page }) => {
  await desk.open('scenario=attention');
  await desk.press('F6');
  await desk.wait(800);
  const row = page.getByRole('listitem').filter({ hasText: 'RES-UNKNOWN' });
  await desk.click(row.getByRole('button', { name: 'Settle it' }));
  await desk.wait(800);
  const attempt = (await desk.fake('attempts')).find((one) => one.booking === 'RES-UNKNOWN')?.attempt;
  await desk.fake('finish', 'approved', attempt);
  await expect(dialog(page)).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await expect(notice(page)).toContainText('RES-UNKNOWN: Approved');
  expect(await desk.fake('count', 'settle')).toBe(0);
  await desk.click(notice(page).getByRole('button', { name: 'Show' }));
  await desk.wait(800);
  await expect(title(page)).toHaveText('Approved');
  await expect(notice(page)).toHaveCount(0);
});

test('the notice stays while the screen changes, and goes with the next dialog', async ({ desk, page }) => {
  await desk.open('scenario=attention');
  await desk.press('F6');
  await desk.wait(800);
  await desk.click(page.getByRole('listitem').filter({ hasText: 'RES-UNKNOWN' }).getByRole('button', { name: 'Settle it' }));
  await desk.wait(800);
  await desk.fake('finish', 'declined', (await desk.fake('attempts')).find((one) => one.booking === 'RES-UNKNOWN')?.attempt);
  await desk.wait(800);
  await desk.press('F3');
  await desk.wait(800);
  await expect(notice(page)).toContainText('RES-UNKNOWN: Declined');
  await desk.press('F6');
  await desk.wait(800);
  await desk.click(page.getByRole('listitem').filter({ hasText: 'RES-ASIDE' }).getByRole('button', { name: 'Settle it' }));
  await desk.wait(800);
  await expect(dialog(page)).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
});

test('what a supervisor is correcting is contradicted meanwhile: the correction is begun anew, knowing that', async ({ desk, page }) => {
  await asked(desk, 'Settle it');
  await dialog(page).getByRole('radio', { name: /^Not paid/ }).check({ force: true });
  await filled(desk);
  await desk.press('Control+Enter');
  await expect(title(page)).toHaveText('Declined');
  await desk.wait(800);
  await desk.press('F4');
  await desk.wait(900);
  await desk.click(page.getByText('RES-20261121-0418').first());
  await desk.wait(900);
  await desk.click(page.getByRole('button', { name: 'Correct it' }));
  await desk.wait(800);
  const total = (await desk.fake('attempts'))[0]?.total ?? null;
  await desk.fake('change', { contradicted: true, needs_attention: true, contradiction: { paid: true, word: '1', amount: total, number: null }, alarms: [{ code: 'contradicted', detail: null }] });
  await expect(dialog(page)).toHaveCount(0);
  await expect(notice(page)).toContainText('RES-20261121-0418: The gateway contradicts the outcome');
  await desk.wait(800);
  await expect(page.getByRole('main')).toContainText('The gateway now');
  expect(await desk.fake('count', 'settle')).toBe(1);
});

/** Opens the dialog of the refund that nobody knows about, in Attention or on the payment's page. */
async function refund(desk: DeskPage, where: 'attention' | 'payment'): Promise<void> {
  await desk.open('scenario=returns_alarm');
  await desk.press('F6');
  await desk.wait(800);
  if (where === 'payment') {
    await desk.click(desk.page.getByRole('button', { name: /^Open: Refund/ }));
    await desk.wait(900);
  }
  await desk.click(desk.page.getByRole('button', { name: /^Settle it: Refund/ }));
  await desk.wait(800);
  await expect(dialog(desk.page)).toBeVisible();
  await filled(desk);
}

test('a refund that the gateway answers for: on the payment’s page the dialog closes and the answer stands there', async ({ desk, page }) => {
  await refund(desk, 'payment');
  await desk.fake('back', 'done');
  await expect(dialog(page)).toHaveCount(0);
  await expect(notice(page)).toContainText('Nothing was settled by hand. Refund 100.00 TRY: Gone back');
  await desk.wait(800);
  await expect(page.getByRole('listitem', { name: 'Refund 100.00 TRY' })).toContainText('Gone back');
  await expect(page.getByRole('button', { name: /^Settle it/ })).toHaveCount(0);
  await expect(notice(page).getByRole('button', { name: 'Show' })).toHaveCount(0);
  expect(await desk.fake('count', 'settleReversal')).toBe(0);
  expect(await desk.axe()).toEqual([]);
});

test('a refund that the gateway refuses: in Attention its row goes, and the notice leads to the payment', async ({ desk, page }) => {
  await refund(desk, 'attention');
  await desk.fake('back', 'refused');
  await expect(dialog(page)).toHaveCount(0);
  await expect(notice(page)).toContainText('Refund 100.00 TRY: Refused');
  expect(await desk.fake('count', 'settleReversal')).toBe(0);
  await desk.click(notice(page).getByRole('button', { name: 'Show' }));
  await desk.wait(900);
  await expect(page.getByRole('listitem', { name: 'Refund 100.00 TRY' })).toContainText('Refused');
  await expect(notice(page)).toHaveCount(0);
});

test('a refund that a supervisor settles says nothing of the gateway', async ({ desk, page }) => {
  await refund(desk, 'attention');
  await desk.press('Control+Enter');
  await expect(dialog(page)).toHaveCount(0);
  await desk.wait(300);
  expect(await desk.fake('count', 'settleReversal')).toBe(1);
  await expect(notice(page)).toHaveCount(0);
});

test('a refund’s word that comes too late is refused, and it is told why', async ({ desk, page }) => {
  await refund(desk, 'payment');
  await desk.fake('hold', 'settleReversal');
  await desk.press('Control+Enter');
  await desk.wait(100);
  await desk.fake('failNext', 'settleReversal', 'not_now');
  await desk.fake('back', 'done');
  await desk.wait(300);
  // What was agreed to is being done: until that is over the dialog stands.
  await expect(dialog(page)).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await desk.fake('releaseAll', 'settleReversal');
  await expect(dialog(page)).toHaveCount(0);
  await expect(notice(page)).toContainText('Refund 100.00 TRY: Gone back');
});
