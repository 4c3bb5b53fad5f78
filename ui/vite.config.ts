import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** The desk's own policy, so that the practice build obeys what the real window enforces. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** What the window may weigh, in kB of gzipped JavaScript. */
const LIMIT_KB = 160;

/** Says how much JavaScript was built, and stops a build that is too heavy. */
function weigh(strict: boolean): Plugin {
  return {
    name: 'weigh',
    writeBundle(_, bundle) {
      let bytes = 0;
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') bytes += gzipSync(file.code, { level: 9 }).length;
      }
      const kB = bytes / 1000;
      this.info(`JavaScript, gzipped: ${kB.toFixed(1)} kB of ${String(LIMIT_KB)} kB`);
      if (strict && kB > LIMIT_KB) this.error(`more than ${String(LIMIT_KB)} kB of JavaScript`);
    },
  };
}

/** Puts the policy into the practice page; the real one gets it from the shell. */
function policy(): Plugin {
  return {
    name: 'policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
  };
}

export default defineConfig(({ mode }) => {
  const fake = mode === 'fake';
  return {
    base: './',
    plugins: [svelte(), weigh(!fake), ...(fake ? [policy()] : [])],
    build: {
      outDir: fake ? 'dist-fake' : 'dist',
      emptyOutDir: true,
      target: ['es2023', 'chrome123', 'safari17.5'],
      // A font as a data URL would break the policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: fake ? 'fake.html' : 'index.html' },
    },
    // dist/index.html stays in place while the shell is compiled beside a build.
    clearScreen: false,
  };
});
