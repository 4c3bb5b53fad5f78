/** The words of History in a language. */

import type { LanguageWord } from '../ipc/backend.ts';
import { historyEn, type HistoryWords } from './history.en.ts';
import { historyTr } from './history.tr.ts';

export function historyWords(language: LanguageWord): HistoryWords {
  return language === 'tr' ? historyTr : historyEn;
}
