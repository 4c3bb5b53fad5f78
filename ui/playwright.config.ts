import { defineConfig } from '@playwright/test';
import { shared } from './tests/shared.ts';

export default defineConfig({
  ...shared(47_311),
  testDir: 'tests/browser',
  testMatch: '**/*.spec.ts',
  snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}',
});
