import { describe, expect, it } from 'vitest';
import { readDay, writtenDay } from '../../src/lib/day.ts';

describe('a day that is typed', () => {
  it('is read as people write it', () => {
    for (const text of ['21.11.2026', '21/11/2026', '2026-11-21', ' 21.11.2026 ']) expect(readDay(text)).toBe('2026-11-21');
    expect(readDay('1.2.2026')).toBe('2026-02-01');
  });

  it('is none when no calendar has it', () => {
    for (const text of ['', '31.02.2026', '21.13.2026', '21.11', '21-11-2026', '2026-1-1', 'today']) expect(readDay(text)).toBeNull();
  });

  it('is written as it is read', () => {
    expect(writtenDay('2026-11-21')).toBe('21.11.2026');
    expect(readDay(writtenDay('2024-02-29'))).toBe('2024-02-29');
  });
});
