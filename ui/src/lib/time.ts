/** Dates and times by locale, in the desk's time zone. */

import type { LanguageWord } from '../ipc/backend.ts';

const LOCALE: Record<LanguageWord, string> = { en: 'en-GB', tr: 'tr-TR' };

/** How a moment is said. */
export type Manner = 'time' | 'seconds' | 'day' | 'moment' | 'clock' | 'full';

const MANNERS: Record<Manner, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  moment: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  clock: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(language: LanguageWord, zone: string, manner: Manner): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${manner}`;
  const known = made.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = { ...MANNERS[manner], hourCycle: 'h23' };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(LOCALE[language], { ...options, timeZone: zone });
  } catch {
    // A zone that this engine does not know: the machine's own is better than no time at all.
    format = new Intl.DateTimeFormat(LOCALE[language], options);
  }
  made.set(key, format);
  return format;
}

/** A moment (RFC 3339 text, or milliseconds) as people read it. */
export function when(moment: string | number, language: LanguageWord, zone: string, manner: Manner): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return String(moment);
  return formatter(language, zone, manner).format(date);
}

/** Whole seconds from now until a moment; negative when it is past. */
export function secondsUntil(moment: string, now: number): number {
  return Math.ceil((Date.parse(moment) - now) / 1000);
}

/** Whole seconds since a moment; never less than zero. */
export function secondsSince(moment: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
}

/** `75` as `1:15`. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, '0')}:${rest}` : `${String(minutes)}:${rest}`;
}
