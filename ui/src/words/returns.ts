import type { LanguageWord } from '../ipc/backend.ts';
import { returnsEn, type ReturnsWords } from './returns.en.ts';
import { returnsTr } from './returns.tr.ts';

/** The words of giving money back, in the window's language. */
export function returnsWords(language: LanguageWord): ReturnsWords {
  return language === 'tr' ? returnsTr : returnsEn;
}
