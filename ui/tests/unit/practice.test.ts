import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenesEn } from '../../src/words/scenes.en.ts';
import { scenesTr } from '../../src/words/scenes.tr.ts';
import { cardGroup, CARD_GROUPS, sceneWords } from '../../src/words/scenes.ts';

// The practice gateway's own table of cards.
const readme = readFileSync('../src-tauri/crates/sandbox/README.md', 'utf8');
const cards = [...readme.matchAll(/^\| (\d{15,16}) \| [^|]+ \| \d+ \| [^|]+ \| (\w+) \| (.+) \|$/gm)].map(([, number = '', scene = '', text = '']) => ({ number, scene, text }));

describe('practice cards', () => {
  it('are all told in both languages, and none is left in the English that it came with', () => {
    expect(cards.length).toBeGreaterThan(80);
    for (const { number, scene, text } of cards) {
      for (const language of ['en', 'tr'] as const) expect(sceneWords(language, scene, number, `?${text}`), `${scene} ${number}`).not.toMatch(/^\?/);
    }
  });

  it('are told apart where they differ in what they do', () => {
    for (const language of ['en', 'tr'] as const) {
      const said = cards.map(({ number, scene, text }) => sceneWords(language, scene, number, text));
      expect(said.filter((one, place) => said.indexOf(one) !== place)).toEqual([]);
    }
    expect(sceneWords('en', 'approve', '5456165456165454', '')).toContain('USD and EUR only');
    expect(sceneWords('tr', 'approve', '5456165456165454', '')).toContain('USD ve EUR');
  });

  it('are marked by digits that a card really ends in', () => {
    const known = new Set(cards.map(({ number, scene }) => `${scene}:${number.slice(-4)}`));
    for (const table of [scenesEn, scenesTr]) expect(Object.keys(table).filter((key) => /:\d{4}$/.test(key) && !known.has(key))).toEqual([]);
  });

  it('stand in the group of what they end in', () => {
    const groups = new Map(CARD_GROUPS.map((group) => [group, cards.filter(({ number, scene }) => cardGroup(scene, number) === group)]));
    for (const group of CARD_GROUPS) expect(groups.get(group)?.length, group).toBeGreaterThan(3);
    expect(groups.get('declined')?.length).toBeLessThan(20);
    expect(cardGroup('approve', '5456165456165454')).toBe('declined');
    expect(cardGroup('cut_after_declined', '4155650000001278')).toBe('lost');
    expect(cardGroup('return_popup', '4155650000001120')).toBe('bank');
  });
});
