// What may never happen between the window and the desk: card digits beyond the BIN before Pay, or anywhere but in the
// two raw commands.

/** A breach of the rule. It says where, never what. */
export class CardCrossed extends Error {
  override name = 'CardCrossed';
}

/** Whether digits pass the Luhn check. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Whether a text holds what may be a card number, with or without separators. */
export function holdsCard(text: string): boolean {
  for (const run of text.match(/\d(?:[ -]?\d){12,18}/g) ?? []) {
    if (luhn(run.replace(/\D/g, ''))) return true;
  }
  return false;
}

/** Remembers all that crossed, and speaks up when a card number was in it. */
export class Watchman {
  readonly breaches: string[] = [];
  #crossed: { command: string; text: string }[] = [];

  /** A typed command goes over. */
  sees(command: string, args: unknown[]): void {
    const text = JSON.stringify(args);
    if (holdsCard(text)) this.#breach(`${command} carried a card number`);
    this.#crossed.push({ command, text });
  }

  /** A question about options: six digits, or eight where the account takes them, and nothing else of the card. */
  seesBin(bin: string, eight: boolean): void {
    if (!/^\d+$/.test(bin) || !(bin.length === 6 || (eight && bin.length === 8))) this.#breach(`options carried ${bin.length} characters of the card`);
  }

  /** The card was handed over: nothing of it beyond the first eight digits may have crossed before. */
  seesCard(number: string): void {
    const nine = number.slice(0, 9);
    const last = number.slice(8);
    for (const { command, text } of this.#crossed) {
      if (text.includes(nine) || text.includes(last)) this.#breach(`${command} carried digits of the card before Pay`);
    }
  }

  #breach(what: string): never {
    this.breaches.push(what);
    throw new CardCrossed(what);
  }
}
