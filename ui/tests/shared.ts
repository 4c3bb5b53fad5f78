import type { PlaywrightTestConfig } from '@playwright/test';

const UI = new URL('..', import.meta.url).pathname;

/** What every run in a browser has in common: Debian's Chromium without its errands, and the practice page on loop-back. */
export function shared(port: number): PlaywrightTestConfig {
  const address = `http://127.0.0.1:${port}`;
  return {
    outputDir: `${UI}test-results`,
    fullyParallel: true,
    forbidOnly: Boolean(process.env['CI']),
    workers: 2,
    retries: 0,
    timeout: 60_000,
    expect: { timeout: 10_000 },
    reporter: [['list', { printSteps: false }]],
    use: {
      baseURL: address,
      browserName: 'chromium',
      viewport: { width: 1280, height: 800 },
      // Colours are told apart only where nothing is fading.
      contextOptions: { reducedMotion: 'reduce' },
      timezoneId: 'Europe/Istanbul',
      locale: 'en-GB',
      launchOptions: {
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: [
          '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        ],
      },
    },
    webServer: {
      command: `npx vite preview --config tests/preview.config.ts --port ${port}`,
      cwd: UI,
      url: `${address}/fake.html`,
      reuseExistingServer: false,
    },
  };
}
