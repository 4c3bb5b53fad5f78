/** The card on its way to the till: read from the fields at Pay, as bytes, and wiped here at once. */

import { brandOf, cvcLengths, digitsOf, numberState } from '../card.ts';
import type { CardView, Field } from '../../ipc/backend.ts';

/** The four fields, read where they stand: no state of the window holds what is in them. */
export type CardInputs = { number: HTMLInputElement; holder: HTMLInputElement; expiry: HTMLInputElement; cvc: HTMLInputElement };

/** How much is handed over at once, most of it blank. */
const HANDED_BYTES = 256 * 1024;

/** What is wrong with a card field. */
export type CardProblem = { field: Extract<Field, 'number' | 'holder' | 'expiry' | 'cvc'>; problem: 'missing' | 'wrong' | 'expired' };

/** Month and year of what was typed as `12 / 26` or `12 / 2026`. */
export function expiryOf(text: string): { month: number; year: number } | null {
  const digits = digitsOf(text);
  if (digits.length !== 4 && digits.length !== 6) return null;
  const month = Number(digits.slice(0, 2));
  const year = digits.length === 4 ? 2000 + Number(digits.slice(2)) : Number(digits.slice(2));
  return month >= 1 && month <= 12 && year >= 2000 ? { month, year } : null;
}

/** Whether the card's last month is over on this day. */
function isPast(expiry: { month: number; year: number }, today: Date): boolean {
  return expiry.year * 12 + expiry.month < today.getFullYear() * 12 + today.getMonth() + 1;
}

/** What is wrong, in the order of the fields. */
export function problemsOf(inputs: CardInputs, today: Date): CardProblem[] {
  const problems: CardProblem[] = [];
  const digits = digitsOf(inputs.number.value);
  if (digits === '') problems.push({ field: 'number', problem: 'missing' });
  else if (numberState(digits) !== 'good') problems.push({ field: 'number', problem: 'wrong' });
  if (inputs.holder.value.trim() === '') problems.push({ field: 'holder', problem: 'missing' });
  const expiry = expiryOf(inputs.expiry.value);
  if (inputs.expiry.value.trim() === '') problems.push({ field: 'expiry', problem: 'missing' });
  else if (!expiry) problems.push({ field: 'expiry', problem: 'wrong' });
  else if (isPast(expiry, today)) problems.push({ field: 'expiry', problem: 'expired' });
  const cvc = inputs.cvc.value.length;
  if (cvc === 0) problems.push({ field: 'cvc', problem: 'missing' });
  else if (!cvcLengths(digits).includes(cvc)) problems.push({ field: 'cvc', problem: 'wrong' });
  return problems;
}

/** The card as it may be shown. */
export function maskedOf(inputs: CardInputs): CardView {
  const digits = digitsOf(inputs.number.value);
  return { brand: brandOf(digits)?.name ?? '', first_six: digits.slice(0, 6), last_four: digits.slice(-4) };
}

/** What the till reads: UTF-8 JSON, written byte by byte so that no second text of the card comes to be. */
export function bytesOf(inputs: CardInputs): Uint8Array {
  const bytes = new Uint8Array(2048);
  let at = 0;
  const put = (byte: number): void => {
    bytes[at] = byte;
    at += 1;
  };
  const putText = (text: string): void => {
    for (let i = 0; i < text.length; i += 1) put(text.charCodeAt(i));
  };
  const putDigits = (text: string): void => {
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 48 && code <= 57) put(code);
    }
  };
  const expiry = expiryOf(inputs.expiry.value) ?? { month: 0, year: 0 };
  putText('{"number":"');
  putDigits(inputs.number.value);
  putText('","holder":"');
  const holder = new TextEncoder().encode(inputs.holder.value.trim().slice(0, 200));
  for (const byte of holder) {
    if (byte === 0x22 || byte === 0x5c) put(0x5c);
    if (byte >= 0x20) put(byte);
  }
  holder.fill(0);
  putText(`","expiry_month":${String(expiry.month)},"expiry_year":${String(expiry.year)},"cvc":"`);
  putDigits(inputs.cvc.value);
  putText('"}');
  const exact = bytes.slice(0, at);
  bytes.fill(0);
  return padded(exact);
}

/**
 * The same bytes with blanks after them; the given ones are wiped. The web view copies what is handed over a few times, in the
 * program's own process too, and frees the copies unwiped. Of a buffer as large as this, the memory goes back to the system at
 * once; a small one would lie among others until something happens to be written over it.
 */
export function padded(bytes: Uint8Array): Uint8Array {
  const large = new Uint8Array(HANDED_BYTES).fill(0x20);
  large.set(bytes);
  bytes.fill(0);
  return large;
}

/** Empties the fields. */
export function clearInputs(inputs: CardInputs): void {
  for (const input of Object.values(inputs)) input.value = '';
}
