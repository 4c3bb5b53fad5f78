import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenesEn } from '../../src/words/scenes.en.ts';
import { scenesTr } from '../../src/words/scenes.tr.ts';
import { cardGroup, CARD_GROUPS, sceneWords } from '../../src/words/scenes.ts';

// The practice gateway's own table of cards.
const readme = readFileSync('../src-tauri/crates/sandbox/README.md', 'utf8');
const cards = [...readme.matchAll(/^\| (\d{15,16}) \| [^|]+ \| \d+ \| [^|]+ \| (\w+) \| (.+) \|$/gm)].map(([, number = '', scene = '', text = '']) => ({ number, scene, text }));

const source = (file: string) => readFileSync(`../src-tauri/crates/sandbox/src/${file}.rs`, 'utf8').replace(/\/\/.*$/gm, '').split(/^#\[cfg\(test\)\]/m)[0] ?? '';
const CALLED = (name: string) => new RegExp(`\\b${name}\\(\\s*"(\\w+)",[^"]*?"(\\w+)",`, 'g');
const WRITTEN = /(?:number|order): "(\w+)",[^{}]*?scene: "(\w+)",/g;

/** What a table of the practice gateway holds: written out, or by its short form. */
function table(file: string, short: string): { about: string; scene: string }[] {
  const text = source(file);
  return [...text.matchAll(CALLED(short)), ...text.matchAll(WRITTEN)].map(([, about = '', scene = '']) => ({ about, scene }));
}

describe('the practice gateway’s tables', () => {
  const tables = { card_table: table('card_table', 'card'), order_table: table('order_table', 'order') };

  it.each([['card_table', 'card', 'PracticeCard'], ['order_table', 'order', 'PracticeOrder']] as const)('%s is read whole', (file, short, type) => {
    // Less the short form's own definition: its name, and the literal in it.
    const entries = [...source(file).matchAll(new RegExp(`\\b${short}\\(|\\b${type} \\{`, 'g'))].length - 3;
    expect(tables[file].length).toBe(entries);
    expect(new Set(tables[file].map(({ about }) => about)).size).toBe(entries);
  });

  it.each(Object.entries(tables))('every scene of %s is told in both languages', (_, rows) => {
    for (const { about, scene } of rows) {
      for (const language of ['en', 'tr'] as const) expect(sceneWords(language, scene, about, '?'), `${scene} ${about} ${language}`).not.toBe('?');
    }
  });

  it('no words are left of a scene that is gone', () => {
    const scenes = new Set(Object.values(tables).flat().map(({ scene }) => scene.replace(/_\d{3}$/, '')));
    const all = new Set([...scenes, ...Object.values(tables).flat().map(({ scene }) => scene)]);
    for (const words of [scenesEn, scenesTr]) expect(Object.keys(words).filter((key) => !all.has(key.split(':')[0] ?? ''))).toEqual([]);
  });

  it('the newest are among them', () => {
    const scenes = tables.card_table.map(({ scene }) => scene);
    expect(scenes).toEqual(expect.arrayContaining([
      'return_https_only', 'bank_by_itself', 'bank_popup_by_itself', 'bank_foreign_frame', 'bank_pushes_file', 'bank_bad_certificate',
    ]));
  });
});

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
