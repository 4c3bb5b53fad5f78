import type { LanguageWord } from '../ipc/backend.ts';
import { screensEn, type ScreenWords } from './screens.en.ts';
import { screensTr } from './screens.tr.ts';

/** The words of a screen, in the window's language. */
export function screenWords(language: LanguageWord): ScreenWords {
  return language === 'tr' ? screensTr : screensEn;
}
