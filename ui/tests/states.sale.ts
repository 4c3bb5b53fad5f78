import type { DeskPage } from './browser/desk.ts';
import { choose, fill, fillOrder, fillReference, pay } from './browser/sale.ts';
import type { State } from './states.ts';

function filled(name: string, query: string, more?: (desk: DeskPage) => Promise<void>): State {
  return {
    name: `sale-${name}`,
    query,
    arrange: async (desk) => {
      await fillReference(desk);
      await more?.(desk);
    },
  };
}

function order(name: string, id: string, query = 'scenario=order'): State {
  return { name: `sale-order-${name}`, query, arrange: (desk) => fill(desk, { order: id }) };
}

function stopped(name: string, query: string): State {
  return filled(name, query, async (desk) => {
    await choose(desk, 3);
    await pay(desk);
    await desk.wait(800);
  });
}

const chosen = (place: number) => (desk: DeskPage) => choose(desk, place);

export const saleStates: State[] = [
  { name: 'sale-empty', query: 'scenario=sale' },
  { name: 'sale-order-empty', query: 'scenario=order' },
  filled('options', 'options=six'),
  filled('chosen', 'options=six', chosen(3)),
  filled('twelve', 'options=twelve', chosen(9)),
  filled('programs', 'options=programs', chosen(2)),
  filled('uneven', 'options=uneven', chosen(2)),
  filled('single', 'options=single'),
  filled('none', 'options=none'),
  filled('forced-3ds', 'options=forced', chosen(3)),
  filled('wrong-currency', 'options=wrong_currency'),
  filled('options-slow', 'options=slow'),
  filled('options-failed', 'options=failing'),
  { name: 'sale-huge', query: 'options=twelve', arrange: async (desk) => { await fillReference(desk, { amount: '999999999,99' }); await choose(desk, 9); } },
  { name: 'sale-long', query: 'scenario=long&options=programs', arrange: async (desk) => { await fillReference(desk, { reference: 'RES-2026-İSTANBUL-SABİHA-GÖKÇEN-HAVALİMANI-00000000000418-B', holder: 'Muhammed Abdürrahman Hüsamettin Karamanoğulları-Büyükçekmeceli' }); await choose(desk, 2); } },
  { name: 'sale-yen', query: 'options=six', arrange: async (desk) => { await fillReference(desk, { currency: 'JPY', amount: '54500' }); await choose(desk, 3); } },
  { name: 'sale-ambiguous', query: 'scenario=sale', arrange: (desk) => fill(desk, { reference: 'RES-1', amount: '1.500', number: '' }) },
  { name: 'sale-missing', query: 'scenario=sale', arrange: pay },
  { name: 'sale-wrong-card', query: 'scenario=sale', arrange: (desk) => fill(desk, { reference: 'RES-1', amount: '545', number: '4155650100416112', holder: 'A' }) },
  order('found', 'order_1001'),
  order('paid', 'order_1011'),
  order('cancelled', 'order_1012'),
  order('no-amount', 'order_1017'),
  order('not-found', 'order_4711'),
  order('long', 'order_1099'),
  order('no-limit', 'order_1001', 'scenario=no_limit'),
  { name: 'sale-order-loading', query: 'scenario=order', arrange: async (desk) => { await desk.fake('hold', 'order'); await fill(desk, { order: 'order_1001' }); } },
  { name: 'sale-order-card', query: 'scenario=order', arrange: async (desk) => { await fillOrder(desk); await choose(desk, 3); } },
  { name: 'sale-order-limit', query: 'scenario=order', arrange: async (desk) => { await fill(desk, { order: 'order_1001' }); await desk.page.getByRole('radio', { name: /^(Credit limit|Kredi limiti)/ }).check({ force: true }); await desk.wait(200); } },
  ...(['open_or_unknown', 'contradicted', 'already_paid', 'too_many_open'] as const).map((kind) => filled(`guard-${kind.replaceAll('_', '-')}`, `guard=${kind}`, chosen(3))),
  ...(['same_card_unknown', 'set_aside_same_card', 'twin'] as const).map((kind) => stopped(`guard-${kind.replaceAll('_', '-')}`, `guard=${kind}`)),
  ...(['type_again', 'supervisor', 'span_missing', 'options', 'wrong'] as const).map((kind) => stopped(`stop-${kind.replaceAll('_', '-')}`, `stop=${kind}`)),
  { name: 'sale-parked', query: 'scenario=parked' },
  {
    name: 'sale-parked-outcomes', query: 'scenario=parked',
    arrange: async (desk) => {
      const [c, b, a] = (await desk.fake('attempts')).map((one) => one.attempt);
      await desk.fake('finish', 'approved', a);
      await desk.fake('finish', 'unknown', b);
      await desk.fake('finish', 'insufficient_funds', c);
    },
  },
  { name: 'sale-not-written', query: 'scenario=not_written' },
  { name: 'sale-missing-span', query: 'scenario=missing_span' },
  { name: 'sale-nobody', query: 'scenario=nobody' },
  { name: 'sale-none-usable', query: 'scenario=none_usable' },
  { name: 'sale-training', query: 'scenario=training' },
  { name: 'sale-practice', query: 'scenario=training', arrange: async (desk) => { await desk.press('F2'); await desk.wait(800); } },
  { name: 'attention-at-start', query: 'scenario=attention' },
  { name: 'accounts', query: 'scenario=sale', arrange: async (desk) => { await desk.press('F8'); await desk.wait(800); } },
  { name: 'accounts-unavailable', query: 'scenario=unavailable', arrange: async (desk) => { await desk.press('F8'); await desk.wait(800); } },
];
