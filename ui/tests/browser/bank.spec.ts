// The bank's window stands over the left part of the desk: its corner 16 pixels in, 62 % of the desk wide.
import { expect, test, type DeskPage } from './desk.ts';

const MARGIN = 16;

async function atBank(desk: DeskPage, size: { width: number; height: number }, query: string): Promise<number> {
  await desk.page.setViewportSize(size);
  await desk.open(query);
  await desk.press('Control+1');
  await desk.wait(800);
  await desk.fake('to', 'at_bank');
  await desk.wait(800);
  return MARGIN + Math.floor((size.width * 62) / 100);
}

for (const size of [{ width: 1024, height: 700 }, { width: 1280, height: 800 }, { width: 1920, height: 1080 }, { width: 3840, height: 2160 }]) {
  for (const lang of ['en', 'tr']) {
    test(`beside the bank's window everything is reached at ${String(size.width)}×${String(size.height)}, in ${lang}`, async ({ desk, page }) => {
      const edge = await atBank(desk, size, `scenario=one&lang=${lang}`);
      const beside = page.getByRole('region', { name: /^(At the bank|Bankada)$/ });
      const parts = [...await beside.getByRole('button').all(), ...await beside.getByRole('definition').all(), beside.getByText('acs.bank.example'), beside.getByText(/555[.,]00/)];
      expect(parts.length).toBe(8);
      for (const part of parts) {
        await expect(part).toBeInViewport({ ratio: 1 });
        expect((await part.boundingBox())?.x).toBeGreaterThan(edge);
      }
    });

    test(`a question stands beside the bank's window at ${String(size.width)}×${String(size.height)}, in ${lang}`, async ({ desk, page }) => {
      const edge = await atBank(desk, size, `scenario=one&lang=${lang}`);
      await desk.press('g');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toBeInViewport({ ratio: 1 });
      expect((await dialog.boundingBox())?.x).toBeGreaterThan(edge);
    });
  }
}

test('once the page is put aside, a question stands in the middle again', async ({ desk, page }) => {
  await atBank(desk, { width: 1280, height: 800 }, 'scenario=one');
  await desk.fake('page', 'parked');
  await desk.wait(800);
  await desk.press('g');
  const box = await page.getByRole('dialog').boundingBox();
  expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - 640)).toBeLessThan(2);
});
