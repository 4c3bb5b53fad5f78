// Receipts on the screen: looked at, printed, saved, mailed; copies; what the printer asks.
import type { PrintJobView } from '../../src/ipc/backend.ts';
import { expect, test, type DeskPage } from './desk.ts';

async function approved(desk: DeskPage, query = 'scenario=one'): Promise<void> {
  await desk.open(query);
  await desk.press('Control+1');
  await desk.wait(800);
  await desk.fake('finish', 'approved');
  await desk.wait(1_000);
}

function job(patch: Partial<PrintJobView>): PrintJobView {
  return {
    job: 1, paper: 'att_1.approved', title: 'Payment approved', subject: 'REZ-4711', copy: null, stand: 'waiting', trouble: null, ordered: '2026-11-22T09:00:00Z', next: null, ...patch,
  };
}

test('a receipt is printed with one key from the outcome, and the second one is a copy', async ({ desk }) => {
  await approved(desk);
  await desk.press('p');
  await expect(desk.page.getByRole('main').getByText('It goes to the printer.')).toBeVisible();
  await desk.press('p');
  await expect(desk.page.getByRole('main').getByText('Copy 1 goes to the printer.')).toBeVisible();
  expect(await desk.fake('count', 'printReceipt')).toBe(2);
});

test('what will be on paper is shown in the language that is chosen, and leaves by every way', async ({ desk }) => {
  await approved(desk);
  await desk.press('d');
  await desk.wait(800);
  const dialog = desk.page.getByRole('dialog');
  await expect(dialog.getByText('this will be the original')).toBeVisible();
  await expect(dialog.getByText('Payment approved')).toBeAttached();
  await desk.click(dialog.getByText('Turkish'));
  await expect(dialog.getByText('Ödeme onaylandı')).toBeAttached();
  await desk.click(dialog.getByText('80 mm'));
  await desk.press('f');
  await expect(dialog.getByText(/^Saved: .*\.pdf$/)).toBeVisible();
  await expect(dialog.getByText('This will be copy 1.')).toBeVisible();
  expect((await desk.fake('last', 'saveReceipt'))?.[1]).toEqual({ language: 'tr', paper: '80' });
  await desk.press('e');
  await expect(dialog.getByText(/The draft is open/)).toBeVisible();
  await desk.press('p');
  await expect(dialog.getByText('Copy 2 goes to the printer.')).toBeVisible();
  expect(await desk.axe()).toEqual([]);
  await desk.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the system’s print dialog gets the receipt alone on its page', async ({ desk }) => {
  await desk.page.addInitScript(() => {
    window.print = () => {
      const shown = [...document.body.children].filter((one) => getComputedStyle(one).display !== 'none');
      setTimeout(() => window.dispatchEvent(new Event('afterprint')), 100);
      (window as unknown as { printed: unknown }).printed = { paper: document.querySelector('.on-paper img')?.getAttribute('src')?.slice(0, 14), others: shown.length };
    };
  });
  await approved(desk);
  await desk.press('d');
  await desk.wait(800);
  await desk.press('w');
  await expect(desk.page.getByRole('dialog').getByText('The system’s print dialog was opened.')).toBeVisible();
  expect(await desk.page.evaluate(() => (window as unknown as { printed: { paper: string } }).printed.paper)).toBe('data:image/svg');
  expect(await desk.fake('count', 'receiptForDialog')).toBe(1);
  // It is read while the dialog stands, and goes when that is over.
  await desk.wait(200);
  await expect(desk.page.locator('.on-paper')).toHaveCount(0);
  // What a printer would be given: nothing of the desk but the paper.
  await desk.page.emulateMedia({ media: 'print' });
  await desk.page.evaluate(() => {
    const paper = document.createElement('div');
    paper.className = 'on-paper';
    document.body.append(paper);
  });
  expect(await desk.page.evaluate(() => [...document.body.children].filter((one) => getComputedStyle(one).display !== 'none').map((one) => one.className))).toEqual(['on-paper']);
  await desk.page.evaluate(() => { document.documentElement.dataset['theme'] = 'dark'; });
  expect(await desk.page.evaluate(() => [document.documentElement, document.body].map((one) => getComputedStyle(one).backgroundColor))).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)']);
});

test('without a printer the paper can still be saved, and a declined payment has its slip too', async ({ desk }) => {
  await desk.open('scenario=one');
  await desk.fake('prints', { set_up: false });
  await desk.press('Control+1');
  await desk.wait(800);
  await desk.fake('finish', 'declined');
  await desk.wait(1_000);
  await expect(desk.page.getByRole('button', { name: /^Print/ })).toHaveCount(0);
  await desk.press('d');
  await desk.wait(800);
  await expect(desk.page.getByText(/No receipt printer is set up/)).toBeVisible();
  await desk.press('p');
  expect(await desk.fake('count', 'printReceipt')).toBe(0);
  await desk.press('f');
  await expect(desk.page.getByRole('dialog').getByText(/^Saved:/)).toBeVisible();
});

test('a printer without paper is told calmly with what to do, and goes on when someone says so', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.fake('prints', { jobs: [job({ trouble: 'printer_no_paper' }), job({ job: 2, paper: 'att_2.approved' })] });
  const bar = desk.page.getByRole('status', { name: 'Printer' });
  await expect(bar).toContainText('The printer has no paper. Put a new roll in.');
  await expect(bar).toContainText('2 receipts wait. It goes on by itself');
  await expect(bar.getByRole('button', { name: /Try now/ })).toHaveAttribute('aria-keyshortcuts', 'Alt+T');
  await desk.press('Alt+t');
  await expect(bar).toHaveCount(0);
  expect(await desk.fake('count', 'hurryPrinter')).toBe(1);
});

test('a printer that waits takes no screen’s key: F7 opens the day close, and the bar has its own key there too', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.fake('prints', { jobs: [job({ trouble: 'printer_no_paper' }), job({ job: 2, stand: 'asked', trouble: 'printer_gone' })] });
  const bar = desk.page.getByRole('status', { name: 'Printer' }).filter({ hasText: 'no paper' });
  for (const [key, screen] of [['F7', 'Day close'], ['F4', 'History'], ['F6', 'Attention'], ['F9', 'Settings'], ['F3', 'Sale']] as const) {
    await desk.press(key);
    await desk.wait(800);
    await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText(screen);
    await expect(bar).toBeVisible();
  }
  expect(await desk.fake('count', 'hurryPrinter')).toBe(0);
  await desk.press('F7');
  await desk.wait(800);
  await desk.press('Alt+t');
  await expect(bar).toHaveCount(0);
  expect(await desk.fake('count', 'hurryPrinter')).toBe(1);
  expect(await desk.fake('count', 'answerPrintJob')).toBe(0);
});

test('a paper that may have come out is asked about, and only a copy is printed again', async ({ desk }) => {
  await desk.open('scenario=sale&lang=tr');
  await desk.fake('prints', { jobs: [job({ stand: 'asked', trouble: 'printer_gone' })] });
  const bar = desk.page.getByRole('status', { name: 'Yazıcı' });
  await expect(bar).toContainText('Makbuz eksiksiz çıktı mı? REZ-4711 · Payment approved');
  await expect(bar).toContainText('Yazıcıyla bağlantı koptu.');
  await desk.press('Alt+p');
  await expect(bar).toHaveCount(0);
  expect((await desk.fake('last', 'answerPrintJob'))?.slice(0, 2)).toEqual([1, 'copy']);
});

test('a double press answers for one paper, and leaves the next one that is asked about alone', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.fake('prints', { jobs: [job({ stand: 'asked', trouble: 'printer_gone' }), job({ job: 2, paper: 'att_2.approved', subject: 'REZ-4712', stand: 'asked', trouble: 'printer_gone' })] });
  const bar = desk.page.getByRole('status', { name: 'Printer' });
  await expect(bar).toContainText('REZ-4711');
  await desk.press('Alt+y');
  await expect(bar).toContainText('REZ-4712');
  await desk.press('Alt+y');
  await desk.page.getByRole('button', { name: 'It came out' }).click();
  await desk.wait(100);
  await expect(bar).toContainText('REZ-4712');
  expect(await desk.fake('count', 'answerPrintJob')).toBe(1);
  await desk.wait(800);
  await desk.press('Alt+y');
  await expect(bar).toHaveCount(0);
  expect((await desk.fake('last', 'answerPrintJob'))?.slice(0, 2)).toEqual([2, 'came_out']);
});

test('what keeps a waiting paper from being tried or taken back is said', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.fake('prints', { jobs: [job({ trouble: 'printer_no_paper' })] });
  await desk.fake('failNext', 'hurryPrinter', 'paper_not_kept');
  await desk.press('Alt+t');
  await expect(desk.page.getByRole('status', { name: 'Printer' })).toContainText('It could not be written down');
});

test('a paper that says what is so no more is not asked about: the current one is offered', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.fake('prints', { jobs: [job({ stand: 'asked', trouble: 'paper_outdated', title: 'Payment not sent' })] });
  const bar = desk.page.getByRole('status', { name: 'Printer' });
  await expect(bar).toContainText('Not printed: REZ-4711 · Payment not sent');
  await expect(bar).toContainText('The outcome has changed');
  await expect(bar.getByRole('button', { name: 'It came out' })).toHaveCount(0);
  await desk.click(bar.getByRole('button', { name: /Print the current one/ }));
  expect((await desk.fake('last', 'answerPrintJob'))?.slice(0, 2)).toEqual([1, 'copy']);
});

test('a print dialog that does not open is said, and its paper does not stay on the page', async ({ desk }) => {
  await desk.page.addInitScript(() => {
    window.print = (() => Promise.reject(new Error('not allowed'))) as unknown as typeof window.print;
  });
  await approved(desk);
  await desk.press('d');
  await desk.wait(800);
  await desk.press('w');
  await expect(desk.page.getByRole('dialog').getByText(/print dialog did not open/)).toBeVisible();
  await expect(desk.page.locator('.on-paper')).toHaveCount(0);
});

test('the payment’s page lists what was issued', async ({ desk }) => {
  await approved(desk);
  await desk.press('p');
  await desk.press('F4');
  await desk.wait(800);
  await desk.click(desk.page.getByRole('main').getByRole('list').getByRole('button').first());
  await desk.wait(800);
  const card = desk.page.getByRole('main');
  await expect(card.getByText('Receipts issued')).toBeVisible();
  await expect(card.getByText('original')).toBeVisible();
  await expect(card.getByText('English · by Ayşe')).toBeVisible();
});

test('header and printer are set up, tried and saved; what is wrong is said at its field', async ({ desk }) => {
  await desk.open('scenario=sale');
  await desk.press('F9');
  await desk.wait(800);
  await desk.press('Alt+3');
  await desk.wait(800);
  const { page } = desk;
  await expect(page.getByLabel('Merchant header')).toHaveValue(/Işık Oto/);
  await page.getByLabel('Address', { exact: true }).fill('');
  await desk.wait(800);
  await desk.press('Control+Enter');
  await expect(page.getByText('`address` must be a host')).toBeVisible();
  await expect(page.getByLabel('Address', { exact: true })).toBeFocused();
  await page.getByLabel('Address', { exact: true }).fill('offline');
  await desk.press('Control+t');
  await expect(page.getByRole('main').getByText('The printer can’t be reached.')).toBeVisible();
  await page.getByLabel('Address', { exact: true }).fill('10.0.0.7');
  await desk.press('Control+t');
  await expect(page.getByRole('main').getByText(/The test page was sent/)).toBeVisible();
  await desk.press('Control+Enter');
  await expect(page.getByRole('main').getByText('Saved.')).toBeVisible();
  expect(((await desk.fake('last', 'savePapers'))?.[0] as { address: string }).address).toBe('10.0.0.7');
  expect(await desk.overflow()).toBe(0);
  expect(await desk.axe()).toEqual([]);
});
