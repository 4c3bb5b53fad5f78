// The accounts, the operators and the practice set of the fake desk.
import type { AccountView, OperatorView, Practice } from '../backend.ts';
import { money } from './amounts.ts';

const account: Omit<AccountView, 'id' | 'name' | 'gateway' | 'host'> = {
  currencies: ['TRY', 'EUR', 'USD'],
  credit_limit: false,
  eight_digits: true,
  confirm_above: null,
  status_query: true,
  return_settles: false,
  return_way: { kind: 'custom_scheme' },
};

/** References and amounts; asks at the 6th and the 8th digit; large amounts are typed twice. */
export const FINROTA: AccountView = {
  ...account, id: 'acc_desk', name: 'Sabiha Gökçen desk', gateway: 'finrota', host: 'b2c.finrota.example',
  currencies: ['TRY', 'EUR', 'USD', 'JPY', 'KWD'], confirm_above: money(5_000_000n),
};

/** Orders, with the credit limit; asks at the 6th digit only. */
export const YOLCU: AccountView = {
  ...account, id: 'acc_agency', name: 'Agency', gateway: 'yolcu360', host: 'api.yolcu.example',
  currencies: ['TRY'], credit_limit: true, eight_digits: false,
};

/** Orders, without the credit limit. */
export const YOLCU_NO_LIMIT: AccountView = {
  ...YOLCU, id: 'acc_branch', name: 'Branch without a limit', credit_limit: false, status_query: false, return_settles: true,
};

/** As long a name as an owner may give. */
export const LONG: AccountView = {
  ...FINROTA, id: 'acc_long',
  name: 'Öğrenci ve Gençlik Seyahatleri Turizm Otomotiv Kiralama Sanayi ve Dış Ticaret Limited Şirketi, İzmir Adnan Menderes Havalimanı İç Hatlar',
  host: 'payments.a-very-long-subdomain.of-the-bank.example',
};

/** The operators. */
export const OPERATORS: OperatorView[] = [
  { id: 'opr_elif', name: 'Elif Çağlar', role: 'cashier' },
  { id: 'opr_murat', name: 'Murat Işık', role: 'cashier' },
  { id: 'opr_deniz', name: 'Deniz Aksoy', role: 'supervisor' },
];

/** The PIN that the fake takes from its supervisor. */
export const SUPERVISOR = { name: 'Deniz Aksoy', pin: '246810' } as const;

/** What opens the fake's sealed file. */
export const PASSPHRASE = 'correct horse battery staple';

/** The code that the practice bank wants. */
export const BANK_CODE = '123456';

function practiceCard(number: string, scene: string, text: string, brand = 'Visa', cvc = '123') {
  return { number, expiry: '12/2030', cvc, brand, scene, text };
}

function practiceOrder(order: string, minor: bigint, scene: string, text: string, currency = 'TRY') {
  return { order, amount: money(minor, currency), scene, text };
}

/** A choice of the practice cards and orders. */
export const PRACTICE: Practice = {
  cards: [
    practiceCard('4155650100416111', 'approve', "The Finrota document's card: approved at once without 3-D Secure, after the bank's page with it."),
    practiceCard('4242424242424242', 'approve', "The Yolcu360 document's card: approved at once without 3-D Secure, after the bank's page with it."),
    practiceCard('5528790000000008', 'approve', 'Approved; the card program offers up to 12 installments.', 'Mastercard'),
    practiceCard('9792096695823360', 'approve', 'Approved; two card programs are offered, one of them the default.', 'Troy'),
    practiceCard('374427000000003', 'approve', 'Approved; four-digit security code, a single payment or 3 installments.', 'American Express', '1234'),
    practiceCard('4546711234567894', 'forced_3d', "The gateway insists on 3-D Secure (`shouldForceTo3D`), even when it is not asked for."),
    practiceCard('4155650000001013', 'without_3d', 'Approved; 3-D Secure is asked for and the gateway does without.'),
    practiceCard('4155650000001112', 'return_never', "The bank's page, then approved; no return ever comes."),
    practiceCard('4155650000001146', 'challenge_insufficient_funds', "The bank's page, then declined: insufficient funds."),
    practiceCard('4155650000001153', 'challenge_failed', "The bank's page fails even with the right code; not charged."),
    practiceCard('4155650000001237', 'timeout_after', 'No answer, charged.'),
    practiceCard('4155650000001310', 'error_500_after', 'HTTP 500, charged.'),
    practiceCard('4155654020020052', 'decline_2005_402', "Declined, wrong security code; Yolcu360 answers HTTP 402 with code 2005, Finrota `success: false`."),
  ],
  orders: [
    practiceOrder('order_1001', 54_500n, 'plain', "The document's amounts: 555.00 in 3, 570.00 in 6, 600.00 in 12 installments."),
    practiceOrder('order_1006', 32_000n, 'plain', 'An order in EUR.', 'EUR'),
    practiceOrder('order_1010', 90_000_000n, 'plain', "Above the agency's credit limit: HTTP 402 with code 2007; nothing is charged."),
    practiceOrder('order_1011', 64_000n, 'reserved', 'Already paid and reserved: paying answers 404.'),
    practiceOrder('order_1012', 64_000n, 'cancelled', 'Cancelled: paying answers 404.'),
    practiceOrder('order_1020', 83_000n, 'timeout_after', 'From the limit: no answer, charged.'),
  ],
  bank_code: BANK_CODE,
  supervisor: 'Practice supervisor',
  supervisor_pin: '135790',
};
