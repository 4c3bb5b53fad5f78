// The orders that the fake's Yolcu360 knows.
import type { Code, MoneyView, OrderView } from '../backend.ts';
import { money } from './amounts.ts';

function order(id: string, amount: MoneyView | null, more: Partial<OrderView> = {}): OrderView {
  return { order: id, amount, passenger: 'Ayşe Yıldırım', title: 'Renault Clio · 3 days · Sabiha Gökçen', blocked: null, state: 'pending', ...more };
}

const KNOWN: readonly OrderView[] = [
  order('order_1001', money(54_500n)),
  order('order_1002', money(125_000n), { passenger: 'Çağrı Öztürk', title: 'Fiat Egea · 5 days' }),
  order('order_1006', money(32_000n, 'EUR')),
  order('order_1010', money(90_000_000n), { title: 'Mercedes-Benz V-Class · 90 days' }),
  order('order_1011', money(64_000n), { blocked: 'order_already_paid', state: 'reserved' }),
  order('order_1012', money(64_000n), { blocked: 'order_cancelled', state: 'cancelled' }),
  order('order_1017', null, { title: null }),
  order('order_1020', money(83_000n), { passenger: null }),
  order('order_1099', money(99_999_999_999n), {
    passenger: 'Muhammed Abdürrahman Hüsamettin Karamanoğulları-Büyükçekmeceli',
    title: 'Volkswagen Transporter Caravelle Highline 2.0 TDI, automatic, 9 seats, with two child seats and a roof box · 30 days · İzmir Adnan Menderes',
  }),
];

/** An order, or why there is none. */
export function find(id: string): OrderView | Code {
  if (!/^[\w-]{3,64}$/.test(id)) return 'order_id_odd';
  return KNOWN.find((known) => known.order === id) ?? 'order_not_found';
}
