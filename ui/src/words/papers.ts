import type { LanguageWord } from '../ipc/backend.ts';
import { papersEn, type PaperWords } from './papers.en.ts';
import { papersTr } from './papers.tr.ts';

export type { PaperWords };

/** The words of receipts and the printer, in the window's language. */
export function paperWords(language: LanguageWord): PaperWords {
  return language === 'tr' ? papersTr : papersEn;
}
