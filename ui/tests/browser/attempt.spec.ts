import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';

const OUTCOMES = ['approved', 'declined', 'refused_by_vezne', 'not_sent'] as const;

function title(page: Page) {
  return page.getByRole('heading', { level: 1 });
}

/** Opens the attempt under way and shows it. */
async function shown(desk: DeskPage, query = 'scenario=one'): Promise<string> {
  await desk.open(query);
  await desk.press('Control+1');
  await desk.wait(800);
  const [attempt] = await desk.fake('attempts');
  return attempt?.attempt ?? '';
}

test.describe('unknown', () => {
  test('is not left by Enter, nor by space, nor by a scan', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await expect(title(page)).toHaveText('Not known yet');
    for (let turn = 0; turn < 5; turn += 1) {
      await desk.press('Enter');
      await desk.wait(900);
    }
    await desk.press('Space');
    await desk.scan('RES-20261121-0419', ['Enter', 'Enter']);
    await expect(title(page)).toHaveText('Not known yet');
    expect(await desk.fake('count', 'pay')).toBe(0);
  });

  test('says one thing to do, counts the questions as they are asked, and is left by a named shortcut', async ({ desk, page }) => {
    const attempt = await shown(desk);
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await expect(page.getByText('Do not charge this card again.').first()).toBeVisible();
    const asked = page.getByRole('definition').first();
    await expect(asked).toHaveText('4');
    await desk.fake('asked');
    await expect(asked).toHaveText('5');
    await desk.press('a');
    await expect(asked).toHaveText('6');
    expect(await desk.fake('last', 'askAgain')).toEqual([attempt]);
    await desk.press('Control+n');
    await expect(title(page)).toHaveText('Sale');
    await expect(page.getByRole('navigation').getByRole('button', { name: /Attention/ })).toContainText('1 needs attention');
  });

  test('tells its end by a banner, whatever screen is shown then', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await desk.press('Control+n');
    await desk.fake('finish', 'approved', (await desk.fake('attempts'))[0]?.attempt);
    await expect(page.getByRole('region', { name: 'Other customers' })).toContainText('Approved');
    await expect(page.getByRole('navigation').getByRole('button', { name: /Attention/ })).not.toContainText('attention');
  });

  test('is set aside by a supervisor for another card, with the PIN in no place but the call', async ({ desk, page }) => {
    const attempt = await shown(desk);
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await desk.click(page.getByRole('button', { name: 'Another card now' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('PIN').fill('111111');
    await dialog.getByLabel('Reason').fill('No SMS came');
    for (const box of await dialog.getByRole('checkbox').all()) await box.check();
    await desk.wait(800);
    await desk.click(dialog.getByRole('button', { name: 'Set this payment aside' }));
    await expect(dialog).toContainText('not a supervisor');
    await expect(dialog.getByLabel('PIN')).toHaveValue('');
    await dialog.getByLabel('PIN').fill('246810');
    await desk.wait(800);
    await desk.click(dialog.getByRole('button', { name: 'Set this payment aside' }));
    await expect(dialog).toBeHidden();
    await expect(title(page)).toHaveText(/Set aside|Not known/);
    expect(await desk.fake('last', 'settle')).toEqual([
      { attempt, verdict: 'set_aside', supervisor: { name: 'Deniz Aksoy', pin: '246810', reason: 'No SMS came' }, saw: null, confirmed: true },
    ]);
    expect(await page.content()).not.toContain('246810');
  });

  test('settled as not paid says who said so, and blames no bank', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await desk.click(page.getByRole('button', { name: 'Settle it' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Not paid/ }).check({ force: true });
    await dialog.getByLabel(/What you saw/).fill('Portal 88123456');
    await dialog.getByLabel('PIN').fill('246810');
    await dialog.getByLabel('Reason').fill('The portal shows nothing');
    await dialog.getByRole('checkbox').check();
    await desk.wait(800);
    await desk.click(dialog.getByRole('button', { name: 'Settle as not paid' }));
    await expect(dialog).toBeHidden();
    await expect(title(page)).toHaveText('Declined');
    await expect(page.getByRole('main')).toContainText('A supervisor settled it.');
    await expect(page.getByRole('main')).toContainText('No money moved: it may be charged again.');
    await expect(page.getByRole('main')).not.toContainText('bank declined');
  });

  test('of the credit limit speaks of the order, and of no card', async ({ desk, page }) => {
    await shown(desk, 'scenario=one_limit');
    await desk.fake('finish', 'unknown');
    await desk.wait(1_000);
    await expect(page.getByText('Do not pay this order again.').first()).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('••••');
  });

  test('that could not be written down says so above all else', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'unknown_not_written');
    await desk.wait(1_000);
    await expect(page.getByRole('alert').filter({ hasText: /Do not close/ })).toBeVisible();
  });
});

for (const outcome of OUTCOMES) {
  test(`${outcome}: Enter starts the next sale, but not within 700 ms, not in a burst, and not when it is held`, async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', outcome);
    const before = await title(page).textContent();
    expect(before).not.toBe('Sale');
    await page.keyboard.press('Enter');
    await desk.wait(300);
    await page.keyboard.press('Enter');
    await desk.wait(300);
    await expect(title(page)).toHaveText(before ?? '');
    await desk.scan('12', ['Enter']);
    await expect(title(page)).toHaveText(before ?? '');
    await desk.wait(800);
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await desk.wait(200);
    await page.keyboard.up('Enter');
    // The second press was a repeat, and it came within a burst: it took back what the first one began.
    await expect(title(page)).toHaveText(before ?? '');
    await desk.wait(200);
    await desk.press('Enter');
    await expect(title(page)).toHaveText('Sale');
  });
}

test('an outcome is said to a screen reader once, and at once', async ({ desk, page }) => {
  await shown(desk);
  await desk.fake('finish', 'insufficient_funds');
  const said = page.locator('[aria-live="assertive"]');
  await expect(said).toContainText('Declined. 555.00');
  await expect(said).toContainText('not enough money');
  await expect(title(page)).toHaveText('Declined');
});

test.describe('declined', () => {
  test('names the reason in plain words and the bank’s own, and what to do next', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'insufficient_funds');
    await desk.wait(800);
    await expect(page.getByRole('main')).toContainText('Yetersiz bakiye');
    await expect(page.getByRole('main')).toContainText('51');
    await expect(page.getByRole('button', { name: 'Same card again' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Another card' })).toBeVisible();
  });

  test('same card again asks for nothing but the security code, and keeps it nowhere', async ({ desk, page }) => {
    const attempt = await shown(desk);
    await desk.fake('finish', 'invalid_cvc');
    await desk.wait(1_000);
    await desk.press('s');
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('textbox')).toHaveCount(1);
    await expect(dialog.getByLabel('Security code')).toBeFocused();
    await desk.type('739');
    await desk.press('Enter');
    await desk.press('Enter');
    await desk.wait(200);
    expect(await desk.fake('last', 'handCvc')).toEqual([attempt, 3]);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    expect(await desk.fake('count', 'pay')).toBe(1);
    expect(await desk.fake('unwiped')).toBe(0);
    await expect(title(page)).toHaveText('Getting ready');
    expect(await page.content()).not.toContain('739');
  });

  test('same card again is offered for 120 s', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'declined');
    await desk.wait(118_000);
    await expect(page.getByRole('button', { name: 'Same card again' })).toBeVisible();
    await desk.wait(3_000);
    await expect(page.getByRole('button', { name: 'Same card again' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Another card' })).toBeVisible();
  });

  test('the credit limit does not cover it: the card is offered for the same order', async ({ desk, page }) => {
    await shown(desk, 'scenario=one_limit');
    await desk.fake('finish', 'limit_exceeded');
    await desk.wait(1_000);
    await desk.press('c');
    await desk.wait(800);
    await expect(title(page)).toHaveText('Sale');
    await expect(page.getByLabel(/^Order/)).toHaveValue('order_1001');
    await expect(page.getByLabel('Card number')).toBeFocused();
  });

  test('for its expiry puts the focus on the expiry', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('finish', 'expired_card');
    await desk.wait(1_000);
    await desk.press('c');
    await desk.wait(800);
    await expect(page.getByLabel('Reference')).toHaveValue('RES-20261121-0418');
    await expect(page.getByLabel(/^(Expiry|Card number)/).and(page.locator(':focus'))).toHaveCount(1);
  });
});

test.describe('under way', () => {
  test('can be cancelled while nothing has been sent', async ({ desk, page }) => {
    const attempt = await shown(desk);
    await desk.press('Escape');
    await expect(title(page)).toHaveText('Not sent');
    expect(await desk.fake('last', 'cancel')).toEqual([attempt]);
  });

  test('says so when it is too late to cancel', async ({ desk, page }) => {
    await shown(desk);
    await desk.fake('failNext', 'cancel', 'too_late_to_cancel');
    await desk.press('Escape');
    await expect(page.getByRole('main')).toContainText(/can[’']t be cancelled/);
  });

  test('says what it waits for: a place, the bank, the gateway', async ({ desk, page }) => {
    await shown(desk);
    // Between two beats of the desk's clock: the wait is as long as was told.
    await desk.wait(600);
    await desk.fake('change', { slot_wait_ms: 21_000 });
    await expect(page.getByRole('main')).toContainText(/\b21 seconds/);
    await desk.fake('to', 'sending');
    await expect(page.getByRole('main')).not.toContainText('The bank is slow');
    await desk.wait(16_000);
    await expect(page.getByRole('main')).toContainText('The bank is slow');
    await desk.fake('to', 'confirming');
    await expect(title(page)).toHaveText('Asking the gateway');
  });

  test('and no line of what happened is earlier than the one above it', async ({ desk, page }) => {
    await shown(desk);
    // The desk's clock beats between two whole seconds, and steps are written at every moment between its beats.
    await page.clock.setSystemTime(await page.evaluate(() => Date.now() + 400));
    for (let turn = 0; turn < 14; turn += 1) {
      await desk.wait(70);
      await desk.fake('change', { opened: await page.evaluate(() => new Date().toISOString()), progress: turn % 2 === 0 ? 'sending' : 'confirming' });
      await desk.wait(10);
      const times = await page.getByRole('main').locator('ol time').allTextContents();
      expect(times.length).toBeGreaterThan(1);
      expect(times).toEqual([...times].sort());
    }
  });

  test('and the next customer is served meanwhile, three at once', async ({ desk, page }) => {
    await desk.open('scenario=parked');
    await expect(page.getByRole('region', { name: 'Other customers' }).getByRole('button')).toHaveCount(3);
    await expect(title(page)).toHaveText('Sale');
    await desk.press('Control+2');
    await expect(title(page)).toHaveText('At the bank');
    await expect(page.getByRole('region', { name: 'Other customers' }).getByRole('button')).toHaveCount(2);
  });
});

test.describe('at the bank', () => {
  async function atBank(desk: DeskPage, query?: string): Promise<string> {
    const attempt = await shown(desk, query);
    await desk.fake('to', 'at_bank');
    await desk.wait(800);
    return attempt;
  }

  test('shows the host, the lock, and the time', async ({ desk, page }) => {
    await atBank(desk);
    const main = page.getByRole('main');
    await expect(main).toContainText('acs.bank.example');
    await expect(main).toContainText('Encrypted connection');
    await desk.wait(65_000);
    await expect(main.getByRole('definition').first()).toHaveText('1:05');
    await desk.fake('page', 'shown', undefined, { secure: false });
    await expect(main).toContainText('Not encrypted');
  });

  test('the customer gave up: it asks first, and then does not say declined', async ({ desk, page }) => {
    const attempt = await atBank(desk);
    await desk.press('g');
    await desk.wait(800);
    await desk.press('Escape');
    expect(await desk.fake('count', 'bankClose')).toBe(0);
    await desk.wait(800);
    await desk.press('g');
    await desk.wait(800);
    await desk.click(page.getByRole('dialog').getByRole('button', { name: 'Close the page and ask' }));
    expect(await desk.fake('last', 'bankClose')).toEqual([attempt, true]);
    await expect(title(page)).toHaveText('Asking the gateway');
  });

  test('someone closes the bank’s window: it can be kept, or closed and asked about', async ({ desk, page }) => {
    const attempt = await atBank(desk);
    await desk.fake('page', 'close_asked');
    await desk.wait(800);
    await desk.click(page.getByRole('dialog').getByRole('button', { name: 'Keep it open' }));
    expect(await desk.fake('last', 'bankKeep')).toEqual([attempt]);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await desk.fake('page', 'close_asked');
    await desk.wait(800);
    await desk.click(page.getByRole('dialog').getByRole('button', { name: 'Close and ask' }));
    expect(await desk.fake('last', 'bankClose')).toEqual([attempt, false]);
    await expect(title(page)).toHaveText('Asking the gateway');
  });

  test('someone closes a parked window while the next customer is served: it asks there too', async ({ desk, page }) => {
    await desk.open('scenario=close_asked');
    await desk.wait(800);
    await expect(page.getByRole('dialog')).toContainText('Close the bank’s page?');
  });

  test('serves the next customer with the page parked, and comes back', async ({ desk, page }) => {
    const attempt = await atBank(desk);
    await desk.press('Control+n');
    expect(await desk.fake('last', 'bankPark')).toEqual([attempt]);
    await expect(title(page)).toHaveText('Sale');
    await desk.wait(800);
    await desk.press('Control+1');
    await desk.wait(800);
    await desk.press('b');
    expect(await desk.fake('last', 'bankShow')).toEqual([attempt]);
  });

  test('goes to the browser instead, where the gateway can be asked', async ({ desk, page }) => {
    const attempt = await atBank(desk);
    await desk.press('o');
    expect(await desk.fake('last', 'bankToBrowser')).toEqual([attempt]);
    await expect(page.getByRole('main')).toContainText('browser of this computer');
    await expect(page.getByRole('button', { name: 'Open in the browser instead' })).toHaveCount(0);
  });

  test('is not offered the browser where nobody can be asked', async ({ desk, page }) => {
    await atBank(desk, 'scenario=one_unasked');
    await expect(page.getByRole('button', { name: 'The customer gave up' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Open in the browser instead' })).toHaveCount(0);
  });
});
