import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // The window's build of Svelte, not the server's.
  resolve: { conditions: ['browser'] },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'happy-dom',
    // A test that asserts nothing must not pass.
    expect: { requireAssertions: true },
  },
});
