import type { LanguageWord } from '../ipc/backend.ts';
import { money } from '../lib/money.ts';
import { reversalsEn, type ReversalWords } from './reversals.en.ts';
import { reversalsTr } from './reversals.tr.ts';

/** The words of voids and refunds, in the window's language. */
export function reversalWords(language: LanguageWord): ReversalWords {
  return language === 'tr' ? reversalsTr : reversalsEn;
}

const MONEY = String.raw`(-?\d+(?:\.\d+)?) ([A-Z]{3})`;
const DIFFERS = new RegExp(`^expected ${MONEY}, the gateway says ${MONEY}$`);
const HAS = new RegExp(`^the gateway has ${MONEY} left$`);
const LEFT = new RegExp(`^${MONEY} should be left, the gateway has ${MONEY}$`);

/** An alarm's detail in the window's language: the two amounts that differ. Anything else stays as it came, as a sentence. */
export function alarmDetail(language: LanguageWord, detail: string | null): string {
  if (detail === null) return '';
  const words = reversalWords(language);
  for (const [form, says] of [[DIFFERS, words.differs], [LEFT, words.left]] as const) {
    const match = form.exec(detail);
    if (match === null) continue;
    const [, expected = '', its = '', found = '', other = ''] = match;
    return says(money({ amount: expected, currency: its }, language), money({ amount: found, currency: other }, language));
  }
  const has = HAS.exec(detail);
  if (has !== null) return words.has(money({ amount: has[1] ?? '', currency: has[2] ?? '' }, language));
  return /[.!?]$/.test(detail) ? detail : `${detail}.`;
}
