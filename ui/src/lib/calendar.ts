/** Days of the calendar, as people read them: no time zone plays a part any more. */

import type { LanguageWord } from '../ipc/backend.ts';

const LOCALE: Record<LanguageWord, string> = { en: 'en-GB', tr: 'tr-TR' };

/** `2026-11-21` as `Sat, 21 Nov 2026`; anything else stays as it is. */
export function dayOf(day: string, language: LanguageWord): string {
  const at = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return new Intl.DateTimeFormat(LOCALE[language], { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
}
