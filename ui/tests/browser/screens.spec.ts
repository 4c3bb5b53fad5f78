// Attention, Settings, the first start, and what stands when no till opens.
import type { Page } from '@playwright/test';
import { expect, show, test, type DeskPage } from './desk.ts';

function title(page: Page) {
  return page.getByRole('heading', { level: 1 });
}

test.describe('needs attention', () => {
  test('lists unknown, set aside, contradicted and alarmed ones, and refunds', async ({ desk, page }) => {
    await show(desk, 'scenario=attention', 'F6');
    for (const subject of ['RES-UNKNOWN', 'RES-ASIDE', 'RES-CONTRA', 'RES-ALARM', 'order_1020', 'Refund']) {
      await expect(page.getByRole('article').filter({ hasText: subject })).toHaveCount(1);
    }
  });

  test('of a refund it says that money may have gone back, and speaks of no charge', async ({ desk, page }) => {
    for (const [lang, back, charge] of [['en', 'may have gone back. Do not refund it again.', /charge/i], ['tr', 'Yeniden iade etmeyin.', /çekim/i]] as const) {
      await show(desk, `scenario=attention&lang=${lang}`, 'F6');
      const refund = page.getByRole('main').getByRole('article').filter({ hasText: lang === 'en' ? 'Refund' : 'İade' });
      await expect(refund).toContainText(back);
      await expect(refund).not.toContainText(charge);
    }
  });

  test('asks now, for attempts and for refunds', async ({ desk, page }) => {
    await show(desk, 'scenario=attention', 'F6');
    await desk.click(page.getByRole('button', { name: 'Ask now: RES-UNKNOWN' }));
    expect(await desk.fake('count', 'askAgain')).toBe(1);
    await desk.click(page.getByRole('button', { name: /Ask now: Refund/ }));
    expect(await desk.fake('count', 'askReversalAgain')).toBe(1);
  });

  test('is settled by a supervisor with what the portal shows, and a second confirmation', async ({ desk, page }) => {
    await show(desk, 'scenario=attention', 'F6');
    const one = page.getByRole('article').filter({ hasText: 'order_1020' });
    await desk.click(one.getByRole('button', { name: 'Settle it' }));
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Paid/ }).check({ force: true });
    await dialog.getByLabel(/What you saw/).fill('Portal 88123456');
    await dialog.getByLabel('PIN').fill('246810');
    await dialog.getByLabel('Reason').fill('Portal says paid');
    await desk.wait(800);
    const act = dialog.getByRole('button', { name: /^Settle/ });
    await desk.click(act);
    expect(await desk.fake('count', 'settle')).toBe(0);
    for (const box of await dialog.getByRole('checkbox').all()) await box.check();
    await desk.wait(100);
    if ((await dialog.getByLabel('PIN').inputValue()) === '') await dialog.getByLabel('PIN').fill('246810');
    await desk.click(act);
    expect(await desk.fake('last', 'settle')).toMatchObject([{ verdict: 'approved', saw: 'Portal 88123456', confirmed: true, supervisor: { name: 'Deniz Aksoy', reason: 'Portal says paid' } }]);
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('article').filter({ hasText: 'order_1020' })).toHaveCount(0);
  });

  test('a fault of settling is said, and nothing is lost of what was typed but the PIN', async ({ desk, page }) => {
    await show(desk, 'scenario=attention', 'F6');
    await desk.click(page.getByRole('article').filter({ hasText: 'RES-UNKNOWN' }).getByRole('button', { name: 'Another card now' }));
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('PIN').fill('246810');
    await dialog.getByLabel('Reason').fill('No SMS came');
    for (const box of await dialog.getByRole('checkbox').all()) await box.check();
    await desk.fake('failNext', 'settle', 'not_asked_enough');
    await desk.wait(800);
    await desk.click(dialog.getByRole('button', { name: 'Set this payment aside' }));
    await expect(dialog).toContainText(/often enough|not been asked/);
    await expect(dialog.getByLabel('Reason')).toHaveValue('No SMS came');
    await expect(dialog.getByLabel('PIN')).toHaveValue('');
  });
});

test.describe('settings', () => {
  async function newAccount(desk: DeskPage, page: Page): Promise<void> {
    await show(desk, 'scenario=sale', 'F9');
    await desk.click(page.getByRole('button', { name: 'Add a merchant account' }));
    await desk.wait(800);
    await page.getByLabel('Name', { exact: true }).fill('Antalya');
    await page.getByLabel('Address of the API').fill('https://b2c.example/api');
    await page.getByLabel('Key', { exact: true }).fill('key-7');
    await page.getByLabel('Secret', { exact: true }).fill('s3cret-9');
    await page.getByLabel('Currencies').fill('TRY, EUR');
    await desk.wait(100);
  }

  test('adds an account after a connection test; the secret stands nowhere afterwards', async ({ desk, page }) => {
    await newAccount(desk, page);
    await desk.press('Control+t');
    await expect(page.getByRole('main')).toContainText('Everything works');
    await desk.press('Control+Enter');
    await desk.wait(500);
    expect(await desk.fake('last', 'saveAccount')).toMatchObject([{
      id: null, name: 'Antalya', base_url: 'https://b2c.example/api', login: { kind: 'pair', key: 'key-7', secret: 's3cret-9' }, currencies: ['TRY', 'EUR'], status_query: true,
    }]);
    await expect(page.getByRole('main')).toContainText('Antalya');
    expect(await page.content()).not.toContain('s3cret-9');
    expect(await page.evaluate(() => [...document.querySelectorAll('input')].some((input) => input.value.includes('s3cret')))).toBe(false);
  });

  test('says what the test found, and that it is of an older form once something changed', async ({ desk, page }) => {
    await newAccount(desk, page);
    await page.getByLabel('Secret', { exact: true }).fill('wrong');
    await desk.press('Control+t');
    await expect(page.getByRole('main')).toContainText('The login is refused');
    await page.getByLabel('Secret', { exact: true }).fill('right');
    await expect(page.getByRole('main')).toContainText('Changed since the last test.');
  });

  test('puts the focus on the field that a fault names', async ({ desk, page }) => {
    await newAccount(desk, page);
    await page.getByLabel('Address of the API').fill('http://b2c.example');
    await desk.press('Control+Enter');
    await desk.wait(300);
    await expect(page.getByLabel('Address of the API')).toBeFocused();
    await expect(page.getByLabel('Address of the API')).toHaveAttribute('aria-invalid', 'true');
  });

  test('insists on an answer where nobody can be asked', async ({ desk, page }) => {
    await newAccount(desk, page);
    await page.getByRole('switch', { name: /can be asked/ }).click();
    await desk.wait(100);
    await desk.press('Control+Enter');
    await desk.wait(300);
    expect(await desk.fake('count', 'saveAccount')).toBe(0);
    await page.getByRole('radio', { name: /It stays unknown/ }).check({ force: true });
    await desk.press('Control+Enter');
    await desk.wait(300);
    expect(await desk.fake('last', 'saveAccount')).toMatchObject([{ status_query: false, return_settles: false }]);
  });

  test('keeps the login of an account that is changed, without showing it', async ({ desk, page }) => {
    await show(desk, 'scenario=sale', 'F9');
    await desk.click(page.getByRole('button', { name: 'Change: Agency' }));
    await desk.wait(800);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Agency');
    await page.getByLabel('Name', { exact: true }).fill('Agency 2');
    await desk.press('Control+Enter');
    await desk.wait(300);
    expect(await desk.fake('last', 'saveAccount')).toMatchObject([{ id: 'acc_agency', name: 'Agency 2', login: { kind: 'kept' } }]);
  });

  test('removes an account only after asking, and not while it has unsettled payments', async ({ desk, page }) => {
    await show(desk, 'scenario=attention', 'F9');
    await desk.click(page.getByRole('button', { name: 'Remove: Sabiha Gökçen desk' }));
    await desk.wait(800);
    expect(await desk.fake('count', 'removeAccount')).toBe(0);
    await desk.click(page.getByRole('dialog').getByRole('button', { name: /Remove/ }));
    await desk.wait(300);
    expect(await desk.fake('last', 'removeAccount')).toEqual(['acc_desk']);
    await expect(page.getByText(/payments that are not settled/)).toBeVisible();
  });

  test('adds an operator with a supervisor’s word', async ({ desk, page }) => {
    await show(desk, 'scenario=sale', 'F9');
    await desk.click(page.getByRole('button', { name: 'Operators' }));
    await desk.wait(800);
    await desk.press('n');
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Selin Kaya');
    await dialog.getByLabel('PIN', { exact: true }).first().fill('864209');
    await dialog.getByLabel('PIN again').fill('864209');
    await desk.wait(800);
    await desk.press('Control+Enter');
    await desk.wait(800);
    const agree = page.getByRole('dialog').last();
    if ((await desk.fake('count', 'addOperator')) === 0) {
      await agree.getByLabel('PIN', { exact: true }).last().fill('246810');
      await agree.getByLabel('Reason').fill('New colleague');
      await desk.press('Control+Enter');
      await desk.wait(300);
    }
    expect(await desk.fake('last', 'addOperator')).toMatchObject([{ name: 'Selin Kaya', role: 'cashier', pin: '864209', supervisor: { name: 'Deniz Aksoy', pin: '246810' } }]);
    expect(await page.content()).not.toContain('864209');
  });

  test('an account that cannot be used now says why', async ({ desk, page }) => {
    await show(desk, 'scenario=unavailable', 'F9');
    await expect(page.getByRole('main')).toContainText('The keychain has no item of this name.');
  });
});

test.describe('the first start', () => {
  test('is training in one key, in the language that was chosen', async ({ desk, page }) => {
    await desk.open('scenario=first_start');
    await page.getByRole('radio', { name: 'Türkçe' }).check({ force: true });
    await desk.wait(800);
    await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
    await desk.press('1');
    await expect(page.getByText(/EĞİTİM/)).toBeVisible();
    await expect(page.getByLabel('Referans', { exact: true })).toBeFocused();
    expect(await desk.fake('count', 'beginTraining')).toBe(1);
    expect(await desk.fake('last', 'setPreferences')).toMatchObject([{ language: 'tr' }]);
  });

  test('says why training cannot begin', async ({ desk, page }) => {
    await desk.open('scenario=first_start');
    await desk.fake('failNext', 'beginTraining', 'training_failed', null, 'address in use');
    await desk.press('1');
    await expect(page.getByRole('main')).toContainText('address in use');
  });

  test('or connects an account', async ({ desk, page }) => {
    await desk.open('scenario=first_start');
    await desk.press('2');
    await desk.wait(800);
    await page.getByLabel('Name', { exact: true }).fill('Antalya');
    await page.getByLabel('Address of the API').fill('https://b2c.example/api');
    await page.getByLabel('Key', { exact: true }).fill('key-7');
    await page.getByLabel('Secret', { exact: true }).fill('s3cret-9');
    await page.getByLabel('Currencies').fill('TRY');
    await desk.press('Control+Enter');
    await desk.wait(500);
    await expect(title(page)).toHaveText('Sale');
  });
});

test.describe('without a till', () => {
  test('the sealed file is opened by its passphrase, and a wrong one is said', async ({ desk, page }) => {
    await desk.open('scenario=locked');
    await expect(page.getByLabel('Passphrase')).toBeFocused();
    await desk.type('wrong');
    await desk.click(page.getByRole('button', { name: 'Unlock' }));
    await expect(page.getByRole('main')).toContainText(/does not open|doesn’t open|passphrase/i);
    await expect(page.getByLabel('Passphrase')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Passphrase').fill('correct horse battery staple');
    await desk.wait(800);
    await desk.click(page.getByRole('button', { name: 'Unlock' }));
    await expect(title(page)).toHaveText('Sale');
    expect(await page.content()).not.toContain('battery staple');
  });

  test('what is broken is said with what to do, and tried again', async ({ desk, page }) => {
    await desk.open('scenario=in_use');
    await expect(page.getByRole('main')).toContainText('Process 4711');
    await desk.click(page.getByRole('button', { name: 'Try again' }));
    await expect(title(page)).toHaveText('Sale');
    expect(await desk.fake('count', 'openTill')).toBe(1);
  });

  test('a damaged journal is restored on a person’s word, and what is missing is said before the desk opens', async ({ desk, page }) => {
    await desk.open('scenario=damaged');
    await expect(page.getByRole('main')).toContainText('The journal is damaged');
    await desk.click(page.getByRole('button', { name: 'Set the damaged journal aside and restore' }));
    await expect(page.getByRole('main')).toContainText('Something is missing, or may be.');
    await expect(page.getByRole('main')).toContainText('3 entries in the middle are lost.');
    await expect(page.getByRole('main')).toContainText('damaged-20261121-090000');
    expect(await desk.fake('count', 'openTill')).toBe(0);
    await desk.click(page.getByRole('button', { name: 'Open Vezne' }));
    await expect(title(page)).toHaveText('Sale');
  });

  test('a disk that gets full is said at once, without a sale', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await desk.fake('journal', { kind: 'refusing', fault: { code: 'disk_full', text: null, field: null } });
    await expect(page.getByRole('alert')).toContainText('The disk is full, so no payment is taken.');
    await desk.fake('journal', { kind: 'written' });
    await expect(page.getByText('The disk is full')).toHaveCount(0);
  });
});
