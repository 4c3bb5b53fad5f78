// Every state of every screen: what a screen reader finds there, word for word and figure for figure, and that axe finds
// nothing wrong, in both languages and both themes.
import { STATES } from '../states.ts';
import { expect, test } from './desk.ts';

/** Whose Turkish is held too, not only their English. */
const TURKISH = /^(sale-empty|sale-chosen|sale-order-found|sale-guard-already-paid|sale-stop-supervisor|bank-shown|outcome-(approved|insufficient-funds|unknown|offline|refused-by-gateway)|attention|history|settings|first-start|locked|broken)$/;

for (const state of STATES) {
  test(state.name, async ({ desk, page }) => {
    test.setTimeout(60_000);
    await desk.open(`${state.query}&lang=en&theme=light`);
    await state.arrange?.(desk);
    await desk.wait(200);
    expect.soft(await page.locator('body').ariaSnapshot()).toMatchSnapshot(`${state.name}.en.yml`);
    for (const [language, theme] of [['en', 'light'], ['en', 'dark'], ['tr', 'dark'], ['tr', 'light']] as const) {
      await desk.fake('prefer', { language, theme });
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      expect.soft(await desk.axe(), `axe, ${language}, ${theme}`).toEqual([]);
    }
  });
}

for (const state of STATES.filter((one) => TURKISH.test(one.name))) {
  test(`${state.name}, in Turkish`, async ({ desk, page }) => {
    await desk.open(`${state.query}&lang=tr&theme=light`);
    await state.arrange?.(desk);
    await desk.wait(200);
    expect(await page.locator('body').ariaSnapshot()).toMatchSnapshot(`${state.name}.tr.yml`);
  });
}
