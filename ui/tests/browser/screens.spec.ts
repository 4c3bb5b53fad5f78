// Attention, History, one payment, Settings, the first start, and what stands when no till opens.
import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';

function title(page: Page) {
  return page.getByRole('heading', { level: 1 });
}

async function show(desk: DeskPage, query: string, key: string): Promise<void> {
  await desk.open(query);
  await desk.press(key);
  await desk.wait(800);
}

function rows(page: Page) {
  return page.getByRole('list', { name: 'Payments, newest first' }).getByRole('listitem');
}

/** How many payments the list holds, drawn or not. */
async function held(page: Page): Promise<number> {
  return page.getByRole('list', { name: 'Payments, newest first' }).evaluate((list) => Math.round(list.clientHeight / (list.querySelector('li')?.offsetHeight ?? 1)));
}

test.describe('history', () => {
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
});

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
    expect(await desk.fake('last', 'settle')).toMatchObject([{ verdict: 'approved', saw: 'Portal 88123456', supervisor: { name: 'Deniz Aksoy', reason: 'Portal says paid' } }]);
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
