import { expect, test } from './desk.ts';
import { choose, fillReference, focused, payButton, title } from './sale.ts';

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
