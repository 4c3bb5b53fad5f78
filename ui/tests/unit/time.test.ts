import { describe, expect, it, test } from 'vitest';
import { secondsSince, secondsUntil, stopwatch, when } from '../../src/lib/time.ts';

const MOMENT = '2026-11-21T16:52:08.250Z';

describe('a moment in the desk’s zone', () => {
  test.each([
    ['Europe/Istanbul', '19:52'],
    ['Europe/Berlin', '17:52'],
    ['UTC', '16:52'],
  ])('%s', (zone, time) => {
    expect(when(MOMENT, 'en', zone, 'time')).toBe(time);
    expect(when(MOMENT, 'tr', zone, 'time')).toBe(time);
  });

  it('says the day of the desk, not of the machine', () => {
    expect(when('2026-11-21T22:30:00.000Z', 'en', 'Europe/Istanbul', 'day')).toContain('22 Nov');
    expect(when('2026-11-21T22:30:00.000Z', 'en', 'Europe/Berlin', 'day')).toContain('21 Nov');
  });

  it('knows both hours of the night when the clocks go back', () => {
    expect(when('2026-10-25T00:30:00.000Z', 'en', 'Europe/Berlin', 'time')).toBe('02:30');
    expect(when('2026-10-25T01:30:00.000Z', 'en', 'Europe/Berlin', 'time')).toBe('02:30');
    expect(when('2026-10-25T02:30:00.000Z', 'en', 'Europe/Berlin', 'time')).toBe('03:30');
  });

  it('says midnight as 00, never as 24', () => {
    expect(when('2026-11-21T21:00:05.000Z', 'en', 'Europe/Istanbul', 'seconds')).toBe('00:00:05');
  });

  it('speaks the language of the screen', () => {
    expect(when(MOMENT, 'en', 'Europe/Istanbul', 'day')).toMatch(/Nov/);
    expect(when(MOMENT, 'tr', 'Europe/Istanbul', 'day')).toMatch(/Kas/);
    expect(when(MOMENT, 'tr', 'Europe/Istanbul', 'full')).toMatch(/21 Kasım 2026/);
  });

  it('shows a time all the same where the zone or the moment is not known', () => {
    expect(when(MOMENT, 'en', 'Nowhere/City', 'time')).toMatch(/^\d\d:52$/);
    expect(when('yesterday', 'en', 'UTC', 'time')).toBe('yesterday');
  });
});

describe('counting seconds', () => {
  const now = Date.parse(MOMENT);
  it('rounds what is left up and what is past down, so that neither shows too early', () => {
    expect(secondsUntil(new Date(now + 1).toISOString(), now)).toBe(1);
    expect(secondsUntil(new Date(now + 120_000).toISOString(), now)).toBe(120);
    expect(secondsUntil(new Date(now - 1_500).toISOString(), now)).toBe(-1);
    expect(secondsSince(new Date(now - 1_999).toISOString(), now)).toBe(1);
  });

  it('does not go below zero when a clock was set back', () => {
    expect(secondsSince(new Date(now + 60_000).toISOString(), now)).toBe(0);
  });

  test.each([
    [0, '0:00'], [9, '0:09'], [75, '1:15'], [600, '10:00'], [3599, '59:59'], [3600, '1:00:00'], [3661, '1:01:01'], [-5, '0:00'], [75.9, '1:15'],
  ])('%d seconds are %s', (seconds, shown) => {
    expect(stopwatch(seconds)).toBe(shown);
  });
});
