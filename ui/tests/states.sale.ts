import type { State } from './states.ts';

export const saleStates: State[] = [
  { name: 'sale-empty', query: 'scenario=sale' },
  { name: 'sale-parked', query: 'scenario=parked' },
  { name: 'sale-parked-outcomes', query: 'scenario=parked', arrange: async (desk) => {
    const [c, b, a] = (await desk.fake('attempts')).map((one) => one.attempt);
    await desk.fake('finish', 'approved', a);
    await desk.fake('finish', 'unknown', b);
    await desk.fake('finish', 'insufficient_funds', c);
  } },
  { name: 'sale-not-written', query: 'scenario=not_written' },
  { name: 'sale-missing-span', query: 'scenario=missing_span' },
  { name: 'sale-nobody', query: 'scenario=nobody' },
  { name: 'sale-none-usable', query: 'scenario=none_usable' },
  { name: 'sale-training', query: 'scenario=training' },
  { name: 'sale-attention', query: 'scenario=attention' },
];
