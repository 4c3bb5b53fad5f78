// Serves the built practice page on loop-back with the very policy that the real window has.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const shell = JSON.parse(readFileSync(new URL('../../tauri.conf.json', import.meta.url), 'utf8')) as { app: { security: { csp: string } } };

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  build: { outDir: 'dist-fake' },
  preview: { host: '127.0.0.1', strictPort: true, headers: { 'Content-Security-Policy': shell.app.security.csp } },
});
