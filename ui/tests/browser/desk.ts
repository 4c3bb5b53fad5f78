import axe from 'axe-core';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import type { FakeDesk } from '../../src/ipc/fake/fake.ts';

/** When the tests take place: a Saturday evening in Istanbul. */
export const NOW = '2026-11-21T16:52:08.000Z';

type Handle = Pick<FakeDesk,
  'count' | 'last' | 'link' | 'unwiped' | 'hold' | 'waiting' | 'release' | 'releaseAll' | 'failNext' | 'to' | 'finish' | 'change' | 'asked' | 'page' | 'journal' | 'become' | 'set' | 'prefer' | 'attempts' | 'prints' | 'compared' | 'alarm' | 'back'>;

/** The page under test. Its clock stands still, and moves on only when a key is pressed or the test says so. */
export class DeskPage {
  readonly page: Page;
  /** Keys pressed so far, one for each press of a person's finger. */
  keystrokes = 0;
  /** What went wrong on the page by itself. */
  readonly faults: string[] = [];

  #opened = false;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a scenario, and waits until the screen takes keys. */
  async open(query = ''): Promise<void> {
    if (!this.#opened) await this.page.clock.install({ time: new Date(NOW) });
    else await this.page.clock.setSystemTime(new Date(NOW));
    this.#opened = true;
    await this.page.goto(`/fake.html?${query}`);
    await this.page.locator('main').first().waitFor();
    await this.page.clock.pauseAt(new Date(Date.parse(NOW) + 60_000));
    await this.page.clock.runFor(1_000);
  }

  /** What just went wrong was meant to. */
  expected(fault: RegExp): void {
    this.faults.splice(0, this.faults.length, ...this.faults.filter((one) => !fault.test(one)));
  }

  /** Calls the fake. */
  fake<K extends keyof Handle>(method: K, ...args: Parameters<Handle[K]>): Promise<ReturnType<Handle[K]>> {
    return this.page.evaluate(
      ([name, values]) => {
        const call = window.fake[name as 'count'] as (...all: unknown[]) => unknown;
        return call.apply(window.fake, values) as never;
      },
      [method, args] as const,
    );
  }

  /** Time goes by. */
  async wait(milliseconds: number): Promise<void> {
    await this.page.clock.runFor(milliseconds);
  }

  /** Presses one key, or one combination, as a person does: with time after it. */
  async press(key: string): Promise<void> {
    this.keystrokes += 1;
    await this.page.keyboard.press(key);
    await this.page.clock.runFor(80);
  }

  /** Types as a person does, key by key. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      this.keystrokes += 1;
      // A letter that no key of the layout has goes in as text.
      if (/^[\x20-\x7e]$/.test(key)) await this.page.keyboard.press(key === ' ' ? 'Space' : key);
      else await this.page.keyboard.insertText(key);
      await this.page.clock.runFor(60);
    }
  }

  /** Types as a scanner does: 5 ms a key. */
  async scan(text: string, end: readonly string[] = []): Promise<void> {
    for (const key of [...text, ...end]) {
      await this.page.keyboard.press(key === ' ' ? 'Space' : key);
      await this.page.clock.runFor(5);
    }
    await this.page.clock.runFor(200);
  }

  /** Clicks, and lets what the click began run. */
  async click(what: Locator): Promise<void> {
    await what.click();
    await this.page.clock.runFor(100);
  }

  /** What axe finds. From here on the page's clock runs by itself: axe waits on real time. */
  async axe(): Promise<string[]> {
    await this.page.clock.resume();
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
      });
      return violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join(' | ')}`);
    });
  }

  /** How many pixels the page is wider than the window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('main')].map((one) => one.scrollWidth - one.clientWidth)));
  }
}

/** A test with a desk. It fails on any error, breach of the policy, request to elsewhere, and card digit that crossed. */
export const test = base.extend<{ desk: DeskPage }>({
  desk: async ({ page, baseURL }, use) => {
    const desk = new DeskPage(page);
    const { faults } = desk;
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${baseURL}/`) && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
    });
    // Chromium asks for an icon that the window never shows.
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => { console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`); });
    });
    await use(desk);
    const breaches = await page.evaluate(() => [...window.fake.breaches]);
    expect.soft(faults, 'errors, policy breaches and foreign requests').toEqual([]);
    expect.soft(breaches, 'card digits that crossed').toEqual([]);
  },
});

export { expect };

/** The screen that a key leads to, in a scene of the stage. */
export async function show(desk: DeskPage, query: string, key: string): Promise<void> {
  await desk.open(query);
  await desk.press(key);
  await desk.wait(800);
}
