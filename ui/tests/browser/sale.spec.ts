import type { Page } from '@playwright/test';
import { expect, test, type DeskPage } from './desk.ts';
import { CARD, choose, fill, fillOrder, fillReference, pay } from './sale.ts';

function title(page: Page) {
  return page.getByRole('heading', { level: 1 });
}

function payButton(page: Page) {
  return page.getByRole('button', { name: /^(Take|Pay) / });
}

function focused(page: Page) {
  return page.locator(':focus');
}

/** Where a whole sale ends: through every stage to approved. */
async function approved(desk: DeskPage, page: Page): Promise<void> {
  await desk.fake('to', 'sending');
  await desk.fake('to', 'at_bank');
  await desk.fake('to', 'confirming');
  await desk.fake('finish', 'approved');
  await desk.wait(100);
  await expect(title(page)).toHaveText('Approved');
}

test.describe('a whole sale with the keyboard alone', () => {
  test('Finrota, with a card in three installments: 8 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await expect(focused(page)).toHaveAccessibleName('Reference');
    const typed = ['RES-500', '545', CARD.number, 'A YILMAZ', CARD.expiry, CARD.cvc];
    await desk.type('RES-500');
    await desk.press('Enter');
    await desk.press('Enter');
    await expect(focused(page)).toHaveAccessibleName('Amount');
    await desk.type('545');
    await desk.press('Enter');
    await desk.type(CARD.number);
    await desk.press('Enter');
    await desk.type('A YILMAZ');
    await desk.press('Enter');
    await desk.type(CARD.expiry);
    await desk.press('Enter');
    await desk.type(CARD.cvc);
    await desk.press('Alt+3');
    await expect(payButton(page)).toHaveAccessibleName(/Take 555\.00.TRY in 3 installments/);
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('count', 'pay')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{
      account: 'acc_desk', subject: { kind: 'reference', reference: 'RES-500' }, amount: { amount: '545.00', currency: 'TRY' },
      means: { kind: 'card', installments: 3, shown_total: { amount: '555.00', currency: 'TRY' }, three_ds: true, in_browser: false }, operator: 'opr_elif',
    }]);
    await approved(desk, page);
    const data = typed.join('').length;
    console.info(`Finrota by card: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(8);
    await desk.wait(800);
    await desk.press('Enter');
    await expect(title(page)).toHaveText('Sale');
    await expect(focused(page)).toHaveAccessibleName('Reference');
    await expect(focused(page)).toHaveValue('');
  });

  test('Yolcu360, with a card in one payment: 6 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await expect(focused(page)).toHaveAccessibleName('Order id');
    const typed = ['order_1001', CARD.number, 'A YILMAZ', CARD.expiry, CARD.cvc];
    await desk.type('order_1001');
    await desk.press('Enter');
    await desk.wait(300);
    await expect(page.getByLabel('Card number')).toBeFocused();
    await desk.type(CARD.number);
    await desk.press('Enter');
    await desk.type('A YILMAZ');
    await desk.press('Enter');
    await desk.type(CARD.expiry);
    await desk.press('Enter');
    await desk.type(CARD.cvc);
    await desk.press('Alt+1');
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ account: 'acc_agency', subject: { kind: 'order', order: 'order_1001' }, means: { kind: 'card', installments: 1 } }]);
    await approved(desk, page);
    const data = typed.join('').length;
    console.info(`Yolcu360 by card: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(6);
  });

  test('Yolcu360, from the credit limit: 4 keys beside what is typed', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await desk.type('order_1001');
    await desk.press('Enter');
    await desk.wait(300);
    await expect(page.getByRole('radio', { name: 'Credit limit' })).toBeVisible();
    await desk.press('Shift+Tab');
    await expect(page.getByRole('radio', { name: 'Card' })).toBeFocused();
    await desk.press('ArrowRight');
    await expect(payButton(page)).toHaveAccessibleName(/Pay 545\.00.TRY from the credit limit/);
    await desk.press('Control+Enter');
    await desk.wait(100);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ subject: { kind: 'order', order: 'order_1001' }, means: { kind: 'credit_limit' } }]);
    expect(await desk.fake('count', 'options')).toBe(0);
    await desk.fake('to', 'sending');
    await desk.fake('finish', 'approved');
    await expect(title(page)).toHaveText('Approved');
    const data = 'order_1001'.length;
    console.info(`Yolcu360 from the limit: ${String(desk.keystrokes)} keystrokes, ${String(data)} of them what is typed, ${String(desk.keystrokes - data)} beside it`);
    expect(desk.keystrokes - data).toBe(4);
  });

  test('a supervised one, without 3-D Secure, by keys alone', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 1);
    const secure = page.getByRole('switch', { name: /3-D Secure/ });
    for (let turn = 0; turn < 12 && !(await secure.evaluate((one) => one === document.activeElement)); turn += 1) await desk.press('Tab');
    await desk.wait(100);
    await desk.press('Space');
    await expect(secure).not.toBeChecked();
    await desk.press('Control+Enter');
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    for (let turn = 0; turn < 6 && !(await dialog.getByLabel('PIN').evaluate((one) => one === document.activeElement)); turn += 1) await desk.press('Tab');
    await desk.type('246810');
    await desk.press('Enter');
    await desk.type('ACS is down');
    await desk.press('Control+Enter');
    await desk.wait(200);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'pay')).toBe(2);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ means: { three_ds: false }, supervisor: { name: 'Deniz Aksoy', pin: '246810', reason: 'ACS is down' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });
});

test.describe('Pay is pressed once', () => {
  test('by a double click', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 3);
    await desk.fake('hold', 'pay');
    await payButton(page).dblclick();
    await desk.wait(300);
    await page.mouse.click(900, 740);
    await desk.wait(300);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'pay')).toBe(1);
    await desk.fake('releaseAll', 'pay');
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('by Ctrl+Enter that is held, and by Enter that is held on the button', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 3);
    await desk.fake('hold', 'pay');
    await payButton(page).focus();
    await page.keyboard.down('Enter');
    await desk.wait(500);
    for (let turn = 0; turn < 20; turn += 1) {
      await page.keyboard.down('Enter');
      await desk.wait(33);
    }
    await page.keyboard.up('Enter');
    await desk.press('Control+Enter');
    expect(await desk.fake('count', 'pay')).toBe(1);
    await desk.fake('releaseAll', 'pay');
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('and not by the click of the screen before', async ({ desk, page }) => {
    await desk.open('scenario=one');
    await desk.press('Control+1');
    await desk.wait(800);
    await desk.fake('finish', 'approved');
    await desk.wait(1_000);
    await page.getByRole('button', { name: 'Next sale' }).dblclick();
    await desk.wait(300);
    await expect(title(page)).toHaveText('Sale');
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });

  test('and not within 700 ms of the screen’s change', async ({ desk }) => {
    await desk.open('scenario=sale');
    await fillReference(desk);
    await choose(desk, 3);
    await desk.press('F4');
    await desk.wait(800);
    await desk.press('F3');
    await desk.wait(200);
    await desk.press('Control+Enter');
    await desk.wait(200);
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });
});

test.describe('a scanner', () => {
  test('types a reference and moves on, and pays nothing', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await desk.scan('RES-20261121-0418', ['Enter']);
    await expect(page.getByLabel('Reference')).toHaveValue('RES-20261121-0418');
    await expect(focused(page)).not.toHaveAccessibleName('Reference');
    expect(await desk.fake('count', 'pay')).toBe(0);
  });

  for (const end of [['Enter'], ['Enter', 'Enter'], ['Control+Enter'], ['Enter', 'Control+Enter'], ['Space'], ['Tab', 'Enter']]) {
    test(`never presses Pay: ${end.join(', ')} at the end of a burst`, async ({ desk, page }) => {
      await desk.open('scenario=sale');
      await fillReference(desk);
      await choose(desk, 3);
      await payButton(page).focus();
      await desk.wait(1_000);
      await desk.scan('8690123456789', end);
      await desk.wait(500);
      expect(await desk.fake('count', 'handCard')).toBe(0);
      await expect(title(page)).toHaveText('Sale');
    });
  }
});

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

test.describe('the amount', () => {
  test('that can be read in two ways is asked back, with both readings', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fill(desk, { reference: 'RES-500', amount: '1.500' });
    await expect(page.getByRole('button', { name: /^1,500\.00/ })).toBeVisible();
    await desk.click(page.getByRole('button', { name: /^1\.50/ }));
    await desk.wait(300);
    await expect(page.getByLabel('Amount', { exact: true })).toHaveValue('1.50');
  });

  test('that is large is typed twice, and the two must agree', async ({ desk, page }) => {
    await desk.open('scenario=sale');
    await fillReference(desk, { amount: '75000' });
    await choose(desk, 1);
    const again = page.getByLabel('Amount once more');
    await again.fill('7500');
    await desk.wait(1_000);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await expect(page.getByText('The two amounts are not the same.').first()).toBeVisible();
    await again.fill('75.000,00');
    await desk.wait(1_000);
    await pay(desk);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ amount: { amount: '75000.00' }, amount_again: { amount: '75000.00' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('is asked for twice when Pay says so', async ({ desk, page }) => {
    await desk.open('stop=type_again');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByLabel('Amount once more')).toBeFocused();
    await desk.type('545');
    await desk.wait(1_000);
    await pay(desk);
    await expect(title(page)).toHaveText('Getting ready');
    expect(await desk.fake('count', 'handCard')).toBe(1);
  });
});

test.describe('the duplicate guard', () => {
  test('shows the earlier attempt: who, when, how much, which card, what became of it', async ({ desk, page }) => {
    await desk.open('guard=open_or_unknown');
    await fillReference(desk);
    const earlier = page.getByRole('region', { name: /not settled/ });
    await expect(earlier).toContainText('555.00');
    await expect(earlier).toContainText('6111');
    await expect(earlier).toContainText('Murat Işık');
    await expect(earlier).toContainText('21 Nov, 19:12');
    await expect(earlier).toContainText('Not known yet');
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
  });

  test('lets a further part pass once it is declared', async ({ desk, page }) => {
    await desk.open('guard=already_paid');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await desk.fake('set', { guard: null });
    await fill(desk, { reference: 'RES-20261121-0501' });
    await desk.fake('set', { guard: 'already_paid' });
    await fill(desk, { reference: 'RES-20261121-0500' });
    await expect(page.getByText('Paid so far: 545.00')).toBeVisible();
    await desk.fake('set', { guard: null });
    await desk.click(page.getByRole('button', { name: 'Deposit' }));
    await desk.wait(800);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ subject: { kind: 'reference', reference: 'RES-20261121-0500', part: { kind: 'deposit' } } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('lets a supervisor override it, naming the attempt, without the card being keyed again', async ({ desk, page }) => {
    await desk.open('guard=same_card_unknown');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByRole('region', { name: /same card and amount/i })).toBeVisible();
    await desk.wait(800);
    await desk.click(page.getByRole('button', { name: 'A supervisor allows it' }));
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('PIN').fill('246810');
    await dialog.getByLabel('Reason').fill('The customer checked with the bank');
    await desk.wait(100);
    await desk.click(dialog.getByRole('button', { name: 'Agree' }));
    await desk.wait(300);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ overrides: 'att_01KB3ZQ8RT5N7W000000000077', supervisor: { name: 'Deniz Aksoy' } }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('asks the cashier about a twin, and passes it once it is meant', async ({ desk, page }) => {
    await desk.open('guard=twin');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    await desk.click(page.getByRole('button', { name: 'Yes, a second payment is meant' }));
    await desk.wait(300);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('last', 'pay')).toMatchObject([{ twin_confirmed: true }]);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('says that three are under way', async ({ desk, page }) => {
    await desk.open('scenario=parked');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(page.getByText('Three payments are under way: finish one first').first()).toBeVisible();
    await expect(title(page)).toHaveText('Sale');
  });
});

test.describe('what Pay stops at', () => {
  test('a wrong PIN is said, and may be typed again without the card', async ({ desk, page }) => {
    await desk.open('stop=supervisor');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    const dialog = page.getByRole('dialog');
    for (const pin of ['000000', '246810']) {
      await dialog.getByLabel('PIN').fill(pin);
      await dialog.getByLabel('Reason').fill('No 3-D at this bank');
      await desk.wait(100);
      await desk.click(dialog.getByRole('button', { name: 'Agree' }));
      await desk.wait(300);
      if (pin === '000000') await expect(dialog).toContainText('not a supervisor');
    }
    expect(await desk.fake('count', 'handCard')).toBe(1);
    expect(await desk.fake('count', 'pay')).toBe(3);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('the missing span needs a supervisor, and says which span', async ({ desk, page }) => {
    await desk.open('scenario=missing_span');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
    await expect(page.getByRole('dialog')).toContainText('20 Nov, 17:52');
  });

  test('options that are too old are asked anew, and must be chosen again; the card is not keyed again', async ({ desk, page }) => {
    await desk.open('stop=options');
    await fillReference(desk);
    await choose(desk, 3);
    const before = await desk.fake('count', 'options');
    await pay(desk);
    await desk.wait(500);
    expect(await desk.fake('count', 'options')).toBe(before + 1);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(1);
    await choose(desk, 3);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(2);
    expect(await desk.fake('count', 'handCard')).toBe(1);
    await expect(title(page)).toHaveText('Getting ready');
  });

  test('a wrong security code puts the focus on it', async ({ desk, page }) => {
    await desk.open('stop=wrong');
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(300);
    await expect(page.getByLabel('Security code')).toBeFocused();
    await expect(page.getByLabel('Security code')).toHaveAttribute('aria-invalid', 'true');
  });

  test('the journal that cannot be written lets no sale begin', async ({ desk, page }) => {
    await desk.open('scenario=not_written');
    await expect(page.getByRole('alert').filter({ hasText: 'Do not close the desk' })).toBeVisible();
    await fillReference(desk);
    await choose(desk, 3);
    await pay(desk);
    await expect(title(page)).toHaveText('Sale');
    expect(await desk.fake('attempts')).toEqual([]);
  });
});

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

test.describe('an order', () => {
  test('is shown before anything is paid; one that is paid already cannot be', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await fill(desk, { order: 'order_1001' });
    await expect(page.getByRole('main')).toContainText('Ayşe Yıldırım');
    await expect(page.getByRole('main')).toContainText('Renault Clio');
    await fill(desk, { order: 'order_1011' });
    await expect(page.getByRole('main')).toContainText(/already paid/);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(0);
  });

  test('without a price is confirmed by hand', async ({ desk, page }) => {
    await desk.open('scenario=order');
    await fillOrder(desk, { order: 'order_1017' });
    await choose(desk, 1);
    await pay(desk);
    expect(await desk.fake('count', 'handCard')).toBe(0);
    await page.getByRole('checkbox', { name: /does not say its price/ }).check();
    await desk.wait(300);
    await pay(desk);
    expect(await desk.fake('count', 'pay')).toBe(1);
  });

  test('of an account without a credit limit offers none', async ({ desk, page }) => {
    await desk.open('scenario=no_limit');
    await fill(desk, { order: 'order_1001' });
    await expect(page.getByLabel('Card number')).toBeVisible();
    await expect(page.getByText('Credit limit')).toHaveCount(0);
  });
});
