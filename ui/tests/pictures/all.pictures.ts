// One picture for each state, language, theme and size, for looking at. `STATES=outcome,bank` takes only some.
import { DeskPage, expect, test } from '../browser/desk.ts';
import { STATES } from '../states.ts';

const OUT = new URL('../../../out/ui/', import.meta.url).pathname;
const SIZES = [{ width: 1024, height: 700 }, { width: 1280, height: 800 }, { width: 1920, height: 1080 }];
const wanted = (process.env['STATES'] ?? '').split(',').filter((word) => word !== '');
const languages = (process.env['LANGUAGES'] ?? 'en,tr').split(',');
const themes = (process.env['THEMES'] ?? 'light,dark').split(',');

for (const state of STATES.filter((one) => wanted.length === 0 || wanted.some((word) => one.name.startsWith(word)))) {
  test(state.name, async ({ browser }) => {
    test.setTimeout(120_000);
    for (const lang of languages) {
      for (const theme of themes) {
        const page = await browser.newPage({ reducedMotion: 'reduce', timezoneId: 'Europe/Istanbul', locale: 'en-GB' });
        const desk = new DeskPage(page);
        await desk.open(`${state.query}&lang=${lang}&theme=${theme}`);
        await state.arrange?.(desk);
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await desk.wait(50);
          await page.screenshot({ path: `${OUT}${state.name}-${lang}-${theme}-${String(size.width)}.png` });
        }
        await page.close();
      }
    }
    expect(languages.length * themes.length).toBeGreaterThan(0);
  });
}
