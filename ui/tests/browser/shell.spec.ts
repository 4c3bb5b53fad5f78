import type { Locator, Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';
import { choose, fillReference } from './sale.ts';

function title(page: Page) {
  return page.getByRole('heading', { level: 1 });
}

/** What the focus passes, key by key. */
async function passed(desk: DeskPage, keys: number): Promise<string[]> {
  const names: string[] = [];
  for (let turn = 0; turn < keys; turn += 1) {
    await desk.press('Tab');
    names.push(await desk.page.evaluate(() => {
      const one = document.activeElement;
      const label = one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels?.[0]?.textContent : (one?.getAttribute('aria-label') ?? one?.textContent);
      return (label ?? '').trim().replace(/\s+/g, ' ');
    }));
  }
  return names;
}

async function dialogOf(page: Page): Promise<Locator> {
  await page.getByRole('dialog').waitFor();
  return page.getByRole('dialog');
}

test('the policy of the page is the shell’s own', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  const answer = await page.request.get('/fake.html');
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(answer.headers()['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
});

test('a breach of the policy is noticed here', async ({ page, desk }) => {
  await desk.open('scenario=sale');
  await page.evaluate(() => { document.body.insertAdjacentHTML('beforeend', '<p style="color: red"></p>'); });
  await expect.poll(() => desk.faults.filter((one) => one.startsWith('error: policy: style-src')).length).toBeGreaterThan(0);
  await page.evaluate(() => new Promise((go) => { queueMicrotask(() => { go(null); }); }));
  desk.expected(/policy|Content Security Policy/);
});

test('language and theme switch at once, and the form stays as it is', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await fillReference(desk);
  await choose(desk, 3);
  await desk.fake('prefer', { language: 'tr', theme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByLabel('Referans', { exact: true })).toHaveValue('RES-20261121-0500');
  await expect(page.getByRole('main')).toContainText('555,00');
  await expect(page.getByLabel('Kart numarası')).toHaveValue('4155 6501 0041 6111');
});

test('Settings switch both by a person’s hand, and tell the desk', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.press('F9');
  await desk.wait(800);
  await desk.click(page.getByRole('button', { name: 'Language and theme' }));
  await page.getByRole('radio', { name: 'Türkçe' }).check({ force: true });
  await desk.wait(100);
  await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
  await expect(title(page)).toHaveText('Ayarlar');
  expect(await desk.fake('last', 'setPreferences')).toMatchObject([{ language: 'tr' }]);
  await page.getByRole('radio', { name: 'Koyu' }).check({ force: true });
  await desk.wait(100);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await desk.fake('last', 'setPreferences')).toMatchObject([{ theme: 'dark' }]);
});

test('where the system decides on the theme, it does', async ({ desk, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await desk.open('scenario=sale&theme=system');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await ground()).not.toBe(dark);
});

test('the focus goes through Sale in the order of the eye, and is always to be seen', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await fillReference(desk);
  await page.getByLabel('Reference').focus();
  const names = await passed(desk, 6);
  expect(names).toEqual(['Currency', 'Amount', 'Card number', 'Name on card', 'Expiry', 'Security code']);
  const outline = await page.locator(':focus').evaluate((one) => { const style = getComputedStyle(one); return `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow}`; });
  expect(outline).not.toMatch(/^none 0px none$/);
  const rest = await passed(desk, 4);
  expect(rest[0]).toMatch(/1|545/);
  expect(rest.some((name) => name.startsWith('Take'))).toBe(true);
});

test('a dialog keeps the focus, is left by Escape, and gives the focus back', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await page.getByLabel('Amount', { exact: true }).focus();
  await desk.press('F8');
  await desk.wait(800);
  const dialog = await dialogOf(page);
  for (let turn = 0; turn < 12; turn += 1) {
    await desk.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null)).toBe(true);
  }
  await desk.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel('Amount', { exact: true })).toBeFocused();
});

test('a dialog without acts is left by the button in its corner, and the drawer’s stays in sight', async ({ desk, page }) => {
  await desk.open('scenario=training');
  for (const key of ['F8', 'F2']) {
    await desk.press(key);
    await desk.wait(800);
    const dialog = await dialogOf(page);
    await dialog.evaluate((one) => { one.scrollTop = one.scrollHeight; });
    const close = dialog.getByRole('button', { name: 'Close', exact: true });
    await expect(close).toBeInViewport({ ratio: 1 });
    await expect(close).toContainText('Esc');
    await desk.click(close);
    await expect(dialog).toHaveCount(0);
    await desk.wait(800);
  }
});

test('the merchant account is chosen by keys, and the form follows it', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await desk.press('F8');
  await desk.wait(800);
  await desk.press('Alt+2');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByLabel('Order id')).toBeVisible();
  await expect(page.getByLabel('Reference')).toHaveCount(0);
  expect(await desk.fake('last', 'setPreferences')).toMatchObject([{ account: 'acc_agency' }]);
});

test('shortcuts are drawn where they work', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await fillReference(desk);
  await expect(page.getByRole('button', { name: /^(Take|Choose)/ })).toContainText(/Ctrl.?Enter/);
  await expect(page.getByRole('radiogroup')).toContainText(/Alt.?1/);
  await expect(page.getByRole('button', { name: /Merchant account/ })).toContainText('F8');
});

test('training cannot be mistaken, on any screen', async ({ desk, page }) => {
  await desk.open('scenario=training');
  for (const key of ['F3', 'F4', 'F6', 'F9']) {
    await desk.press(key);
    await desk.wait(800);
    await expect(page.getByText('TRAINING MODE')).toBeVisible();
  }
});

test('a practice card fills the form, and a whole sale goes through', async ({ desk, page }) => {
  await desk.open('scenario=training');
  await page.getByLabel('Reference').fill('RES-1');
  await page.getByLabel('Amount', { exact: true }).fill('545');
  await desk.wait(1_000);
  await desk.press('F2');
  await desk.wait(800);
  const dialog = await dialogOf(page);
  await expect(dialog).toContainText('123456');
  await desk.click(dialog.getByRole('button', { name: /4155/ }).first());
  await desk.wait(1_000);
  await expect(page.getByLabel('Card number')).toHaveValue('4155 6501 0041 6111');
  await choose(desk, 3);
  await desk.wait(800);
  await desk.press('Control+Enter');
  await desk.wait(200);
  await expect(title(page)).toHaveText('Getting ready');
});

test('Needs attention is counted on every screen, and opens from there', async ({ desk, page }) => {
  await desk.open('scenario=attention');
  for (const key of ['F3', 'F4', 'F9', 'F6']) {
    await desk.press(key);
    await desk.wait(800);
    await expect(page.getByRole('navigation').getByRole('button', { name: /6 need attention/ })).toBeVisible();
  }
  await expect(title(page)).toHaveText('Attention');
});
