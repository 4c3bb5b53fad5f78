// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const UI = new URL('../..', import.meta.url).pathname;
/** What may stand in the bundle without ever being asked for: names of XML kinds, and where Svelte explains its errors. */
const NAMES = [/^https?:\/\/www\.w3\.org\//, /^https:\/\/svelte\.dev\/e\//];
const LIMIT_BYTES = 160_000;

let out: string;
let files: Map<string, Buffer>;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'vezne-bundle-'));
  // As `npm run build` does it: with vitest's own word here the bundle would explain itself, and weigh more.
  vi.stubEnv('NODE_ENV', 'production');
  await build({ root: UI, configFile: join(UI, 'vite.config.ts'), mode: 'production', logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
  vi.unstubAllEnvs();
  files = new Map(readdirSync(out, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name)).map((path) => [path.slice(out.length + 1), readFileSync(path)]));
}, 60_000);

afterAll(() => { rmSync(out, { recursive: true, force: true }); });

function all(...extensions: string[]): [string, string][] {
  return [...files].filter(([name]) => extensions.includes(extname(name))).map(([name, bytes]) => [name, bytes.toString('utf8')]);
}

describe('the program’s bundle', () => {
  it('weighs at most 160 kB of JavaScript, gzipped', () => {
    const scripts = [...files].filter(([name]) => extname(name) === '.js');
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, [, script]) => sum + gzipSync(script, { level: 9 }).length, 0);
    console.info(`JavaScript, gzipped: ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('has nothing of the fake in it', () => {
    expect([...files.keys()].filter((name) => name.includes('fake'))).toEqual([]);
    for (const [name, text] of all('.js', '.html')) {
      for (const trace of ['window.fake', 'finrota.example', 'CardCrossed', 'VZN7Q2M4K8X1', 'correct horse']) {
        expect(text.includes(trace), `${trace} in ${name}`).toBe(false);
      }
    }
  });

  it('makes no code from text, and has no script or style in its page', () => {
    for (const [name, text] of all('.js')) expect(/\beval\s*\(|new\s+Function\s*\(/.exec(text), name).toBeNull();
    const pages = all('.html');
    expect(pages).toHaveLength(1);
    for (const [name, text] of pages) {
      expect(text.match(/<script\b[^>]*>/g), name).toHaveLength(1);
      expect(/<script\b[^>]*\bsrc="\.\/[^"]+"[^>]*><\/script>/.test(text), name).toBe(true);
      expect(/<style|\sstyle=|\son\w+=|javascript:/.test(text), name).toBe(false);
    }
  });

  it('writes no style into markup, which the policy would drop', () => {
    for (const [name, text] of all('.js')) expect(/<[a-z][^<>`]*\sstyle="/.exec(text)?.[0], name).toBeUndefined();
  });

  it('names no address elsewhere', () => {
    const named = all('.js', '.css', '.html').flatMap(([name, text]) => (text.match(/\bhttps?:\/\/[^\s"'`)\\]+/g) ?? []).map((address) => [name, address] as const));
    expect(named.filter(([, address]) => !NAMES.some((known) => known.test(address)))).toEqual([]);
    for (const [name, text] of all('.css')) expect(/@import|url\(\s*["']?(?:data|\/\/|https?):/.exec(text), name).toBeNull();
  });
});

describe('what the window is built and tested with', () => {
  const lock = JSON.parse(readFileSync(join(UI, 'package-lock.json'), 'utf8')) as { packages: Record<string, { license?: string; resolved?: string; integrity?: string }> };
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');

  it('is under a licence that is allowed', () => {
    const allowed = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'ISC', 'MPL-2.0', 'Apache-2.0 OR MIT', 'MIT OR Apache-2.0'];
    expect(packages.length).toBeGreaterThan(0);
    // The typeface is under the licence of typefaces.
    expect(packages.filter(([name, one]) => !allowed.includes(one.license ?? '') && !(name === 'node_modules/inter-ui' && one.license === 'OFL-1.1'))).toEqual([]);
  });

  it('is locked by its content, and names no registry', () => {
    expect(packages.filter(([, one]) => one.integrity === undefined || one.resolved !== undefined)).toEqual([]);
  });
});
