// Nothing is cut and nothing scrolls sideways: in the smallest window, zoomed in, with the longest names and sums.
import { STATES } from '../states.ts';
import { expect, test, type DeskPage } from './desk.ts';
import { choose, fillReference } from './sale.ts';

const SMALL = { width: 1024, height: 700 };
/** What a window of 1280×800 has to show at 200 %. */
const ZOOMED = { width: 640, height: 400 };

/** The primary act lies wholly inside the window. */
async function payInSight(desk: DeskPage): Promise<void> {
  const pay = desk.page.getByRole('button', { name: /^(Take|Pay) |(taksitle|çekimde|Ödemeyi) .*\bal|Ödemeyi al|Kredi limitinden/ }).last();
  await expect(pay).toBeInViewport({ ratio: 1 });
}

/** Texts that are cut off: wider than their box, without a title that says them whole. */
function cut(desk: DeskPage): Promise<string[]> {
  return desk.page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, h1, h2, strong, dd, p, label')]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
    .filter((one) => getComputedStyle(one).overflowX !== 'visible' && getComputedStyle(one).textOverflow !== 'ellipsis')
    .map((one) => (one.textContent ?? '').trim().slice(0, 60)));
}

for (const lang of ['en', 'tr']) {
  for (const [size, view] of [['1024×700', SMALL], ['200 %', ZOOMED]] as const) {
    test(`at ${size}, in ${lang}, no screen scrolls sideways and nothing is cut`, async ({ desk, page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize(view);
      const wrong: string[] = [];
      for (const state of STATES.filter((one) => /^(sale-(empty|chosen|twelve|huge|long|order-found|guard-already-paid|stop-supervisor|parked-outcomes|training)|bank-shown|outcome-(approved-one-long|insufficient-funds|unknown|unknown-one-long)|attention|history|settings|first-start|locked|broken|accounts)$/.test(one.name))) {
        await desk.open(`${state.query}&lang=${lang}`);
        await state.arrange?.(desk);
        const wider = await desk.overflow();
        if (wider > 0) wrong.push(`${state.name}: ${String(wider)} px wider`);
        for (const text of await cut(desk)) wrong.push(`${state.name}: cut: ${text}`);
      }
      expect(wrong).toEqual([]);
    });
  }

  for (const size of [SMALL, { width: 1280, height: 800 }, { width: 1920, height: 1080 }, { width: 3840, height: 2160 }]) {
    test(`Pay is in sight at ${String(size.width)}×${String(size.height)}, in ${lang}, with twelve plans, an earlier attempt and three banners`, async ({ desk, page }) => {
      await page.setViewportSize(size);
      await desk.open(`options=twelve&lang=${lang}`);
      await fillReference(desk);
      await choose(desk, 9);
      await payInSight(desk);
      await desk.open(`guard=already_paid&lang=${lang}`);
      await fillReference(desk);
      await payInSight(desk);
      await desk.open(`scenario=parked&options=twelve&lang=${lang}`);
      await fillReference(desk, { amount: '999999999,99' });
      await choose(desk, 9);
      await payInSight(desk);
    });
  }
}

for (const lang of ['en', 'tr']) {
  test(`a parked payment’s amount is never cut, in ${lang}: the reference gives way`, async ({ desk, page }) => {
    await desk.open(`scenario=parked&lang=${lang}`);
    const total = { amount: '999999999.99', currency: 'TRY' };
    for (const { attempt } of await desk.fake('attempts')) await desk.fake('change', { total, booking: 'RES-2026-SABIHA-0000000000000418-B' }, attempt);
    const [, b, a] = (await desk.fake('attempts')).map((one) => one.attempt);
    await desk.fake('finish', 'approved', a);
    await desk.fake('finish', 'unknown', b);
    for (const { width, height } of [SMALL, ZOOMED, { width: 1280, height: 800 }]) {
      await page.setViewportSize({ width, height });
      await desk.wait(100);
      const amounts = page.getByText(lang === 'en' ? /^999,999,999\.99.TRY$/ : /^999\.999\.999,99.TRY$/);
      await expect(amounts).toHaveCount(3);
      for (const amount of await amounts.all()) {
        expect(await amount.evaluate((one) => {
          const its = one.getBoundingClientRect();
          // Whole in itself, and within everything that would cut it.
          for (let box = one.parentElement; box !== null && box.tagName !== 'SECTION'; box = box.parentElement) {
            const around = box.getBoundingClientRect();
            if (getComputedStyle(box).overflowX !== 'visible' && (its.left < around.left - 1 || its.right > around.right + 1)) return false;
            if (box.tagName === 'BUTTON' && its.right > around.right + 1) return false;
          }
          return one.scrollWidth <= one.clientWidth + 1 && its.right <= innerWidth;
        }), `${String(width)} px`).toBe(true);
      }
    }
  });
}

test('what may be pressed is at least 24 pixels wide and high, and Pay at least 44', async ({ desk, page }) => {
  await desk.open('scenario=parked');
  await fillReference(desk);
  await choose(desk, 3);
  const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, [role=switch], select, input:not([type=radio], [type=checkbox])')]
    .filter((one) => one.checkVisibility()).map((one) => ({ name: (one.textContent ?? one.id).trim().slice(0, 40), box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 24 || box.height < 24).map(({ name }) => name));
  expect(small).toEqual([]);
  const box = await page.getByRole('button', { name: /^Take/ }).boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
});

test('where motion is unwanted, nothing moves', async ({ desk, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await desk.open('scenario=one');
  await desk.press('Control+1');
  await desk.fake('to', 'sending');
  const moving = await page.evaluate(() => document.getAnimations().filter((one) => {
    const timing = one.effect?.getComputedTiming();
    return timing !== undefined && (timing.iterations === Infinity || Number(timing.duration) > 10);
  }).length);
  expect(moving).toBe(0);
});

test('figures of money have one width', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  await fillReference(desk);
  const fonts = await page.getByRole('radiogroup').locator('strong').evaluateAll((all) => all.map((one) => getComputedStyle(one).fontVariantNumeric + getComputedStyle(one).fontFeatureSettings));
  expect(fonts.length).toBeGreaterThan(0);
  for (const font of fonts) expect(font).toMatch(/tabular-nums|tnum/);
});
