import { defineConfig } from '@playwright/test';
import { shared } from './shared.ts';

export default defineConfig({
  ...shared(47_312),
  testDir: 'pictures',
  testMatch: '**/*.pictures.ts',
});
