import type { Locator, Page } from '@playwright/test';
import type { DeskPage } from './desk.ts';

/** The card of the gateway's document. */
export const CARD = { number: '4155650100416111', holder: 'Ayşe Yıldırım', expiry: '1226', cvc: '739' } as const;
export const AMEX = { number: '374427000000003', holder: 'Murat Işık', expiry: '1230', cvc: '7391' } as const;

type Typed = { reference?: string; order?: string; amount?: string; currency?: string; number?: string; holder?: string; expiry?: string; cvc?: string };

const LABELS = {
  en: { reference: 'Reference', order: 'Order id', amount: 'Amount', currency: 'Currency', number: 'Card number', holder: 'Name on card', expiry: 'Expiry', cvc: 'Security code' },
  tr: { reference: /^Referans/, order: /^Sipariş/, amount: /^Tutar$/, currency: /^Para birimi/, number: /^Kart numarası/, holder: /^Kart üzerindeki/, expiry: /^Son kullanma/, cvc: /^Güvenlik kodu/ },
} as const;

/** Puts texts into the fields, quicker than a person, and lets what they cause be asked. */
export async function fill(desk: DeskPage, typed: Typed): Promise<void> {
  const { page } = desk;
  const labels = (await page.locator('html').getAttribute('lang')) === 'tr' ? LABELS.tr : LABELS.en;
  for (const [field, text] of Object.entries(typed) as [keyof Typed, string][]) {
    const control = page.getByLabel(labels[field], { exact: true });
    if (field === 'currency') await control.selectOption(text);
    else await control.fill(text);
    await desk.wait(10);
  }
  await desk.wait(1_500);
}

/** A reference with an amount, and the card. */
export async function fillReference(desk: DeskPage, typed: Typed = {}): Promise<void> {
  await fill(desk, { reference: 'RES-20261121-0500', amount: '545', ...CARD, ...typed });
}

/** An order, and the card. */
export async function fillOrder(desk: DeskPage, typed: Typed = {}): Promise<void> {
  await fill(desk, { order: 'order_1001', ...CARD, ...typed });
}

/** Chooses the plan at a place, and waits as long as a person needs. */
export async function choose(desk: DeskPage, place: number): Promise<void> {
  await desk.press(`Alt+${String(place)}`);
  await desk.wait(100);
}

/** Presses Pay by its shortcut. */
export async function pay(desk: DeskPage): Promise<void> {
  await desk.wait(800);
  await desk.press('Control+Enter');
  await desk.wait(200);
}

/** The screen's title. */
export function title(page: Page): Locator {
  return page.getByRole('heading', { level: 1 });
}

/** The button that pays. */
export function payButton(page: Page): Locator {
  return page.getByRole('button', { name: /^(Take|Pay) / });
}

/** What has the focus. */
export function focused(page: Page): Locator {
  return page.locator(':focus');
}
