import type { LanguageWord } from '../ipc/backend.ts';
import { closeEn, type CloseWords } from './close.en.ts';
import { closeTr } from './close.tr.ts';

/** The words of the day close, in the window's language. */
export function closeWords(language: LanguageWord): CloseWords {
  return language === 'tr' ? closeTr : closeEn;
}
