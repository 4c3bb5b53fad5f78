/** Days as people write them: `21.11.2026`, `21/11/2026`, `2026-11-21`; kept as `2026-11-21`. */

const WRITTEN = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;
const KEPT = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day that a text is; `null` for what is none. */
export function readDay(text: string): string | null {
  const bare = text.trim();
  const written = WRITTEN.exec(bare);
  const [year, month, day] = written ? [written[3], written[2], written[1]] : (KEPT.exec(bare)?.slice(1) ?? []);
  if (year === undefined || month === undefined || day === undefined) return null;
  const kept = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${kept}T12:00:00Z`);
  // What is in no calendar comes out as another day, or as none.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(kept) ? kept : null;
}

/** A kept day as it is written. */
export function writtenDay(kept: string): string {
  const [, year = '', month = '', day = ''] = KEPT.exec(kept) ?? [];
  return `${day}.${month}.${year}`;
}
