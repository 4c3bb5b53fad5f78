import { describe, expect, it, test } from 'vitest';
import { en } from '../../src/words/en.ts';
import { alarmDetail } from '../../src/words/reversals.ts';
import { tr } from '../../src/words/tr.ts';

// Every table of words in the folder, in pairs: what one language says, the other says too.
const tables = import.meta.glob<Record<string, unknown>>('../../src/words/*.ts', { eager: true });

type Words = string | ((...all: never[]) => unknown) | readonly unknown[] | { [key: string]: unknown };

function named(file: string): Record<string, unknown> {
  const found = tables[`../../src/words/${file}.ts`];
  if (found === undefined) throw new Error(`There is no ${file}.ts.`);
  return found;
}

/** Each leaf with its path. */
function leaves(words: unknown, path: string): [string, unknown][] {
  if (typeof words === 'object' && words !== null) return Object.entries(words).flatMap(([key, value]) => leaves(value, `${path}.${key}`));
  return [[path, words]];
}

/** What a leaf says; a function is asked with figures that can be told apart. */
function says(leaf: unknown): string {
  if (typeof leaf !== 'function') return String(leaf);
  try {
    return String((leaf as (...all: unknown[]) => unknown)(...Array.from({ length: leaf.length }, (_, place) => 3 + place)));
  } catch {
    // It wants text.
    return String((leaf as (...all: unknown[]) => unknown)(...Array.from({ length: leaf.length }, (_, place) => `<${place}>`)));
  }
}

const files = Object.keys(tables).map((path) => /\/([\w]+)\.en\.ts$/.exec(path)?.[1]).filter((name) => name !== undefined);

/** The words of a file: its largest table. */
function table(file: string): Words {
  const [largest] = Object.values(named(file)).filter((value) => typeof value === 'object' && value !== null)
    .sort((one, other) => leaves(other, '').length - leaves(one, '').length);
  if (largest === undefined) throw new Error(`${file}.ts has no words.`);
  return largest as Words;
}

describe.each(files)('%s', (file) => {
  const english = leaves(table(`${file}.en`), file);
  const turkish = new Map(leaves(table(`${file}.tr`), file));

  it('says in Turkish what it says in English, and nothing else', () => {
    expect([...turkish.keys()].sort()).toEqual(english.map(([path]) => path).sort());
  });

  it('leaves nothing empty, and takes the same figures in both', () => {
    for (const [path, leaf] of english) {
      const other = turkish.get(path);
      expect(typeof other, path).toBe(typeof leaf);
      if (typeof leaf === 'function' && typeof other === 'function') expect(other.length, path).toBe(leaf.length);
      if (leaf !== '' && leaf !== null) expect(says(other).trim(), path).not.toBe('');
    }
  });
});

test('Turkish is Turkish: hardly a text is the same in both', () => {
  const english = leaves(en, 'words');
  const turkish = new Map(leaves(tr, 'words'));
  const same = english.filter(([path, leaf]) => says(leaf) === says(turkish.get(path)) && /[a-z]{4}/.test(says(leaf)));
  expect(same.map(([path, leaf]) => `${path}: ${says(leaf)}`).filter((line) => !/Finrota|Yolcu360|Vezne|Normal|PIN/.test(line))).toEqual([]);
});

test('every code has words that say what happened in both languages', () => {
  expect(Object.keys(en.codes).length).toBeGreaterThan(100);
  for (const language of [en, tr]) {
    for (const [code, words] of Object.entries(language.codes)) {
      expect(words.happened.length, code).toBeGreaterThan(5);
      expect(words.happened, code).toMatch(/[.!?]$/);
    }
  }
});

test.each(['en', 'tr'])('an apostrophe is written ’ everywhere (%s)', (language) => {
  const said = files.flatMap((file) => leaves(table(`${file}.${language}`), file)).map(([path, leaf]) => `${path}: ${says(leaf)}`);
  expect(said.length).toBeGreaterThan(500);
  expect(said.filter((line) => line.includes("'"))).toEqual([]);
});

test('an alarm’s two amounts are told as the language writes them; what is of another form stays as it came', () => {
  const detail = 'expected 12345.00 TRY, the gateway says 545.00 TRY';
  expect(alarmDetail('en', detail)).toBe('Expected 12,345.00\u00a0TRY, the gateway says 545.00\u00a0TRY.');
  expect(alarmDetail('tr', detail)).toBe('Beklenen 12.345,00\u00a0TRY, ödeme kuruluşundaki 545,00\u00a0TRY.');
  expect(alarmDetail('tr', '100.00 TRY should be left, the gateway has -5 TRY')).toBe('Kalması gereken 100,00\u00a0TRY, ödeme kuruluşundaki -5\u00a0TRY.');
  expect(alarmDetail('tr', 'Try it by hand')).toBe('Try it by hand.');
  expect(alarmDetail('tr', null)).toBe('');
});
