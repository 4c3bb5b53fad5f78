import type { LanguageWord } from '../ipc/backend.ts';
import { exportEn, type ExportWords } from './export.en.ts';
import { exportTr } from './export.tr.ts';

/** The words of exports, in the window's language. */
export function exportWords(language: LanguageWord): ExportWords {
  return language === 'tr' ? exportTr : exportEn;
}
