import { expect, test } from './desk.ts';

test('the policy of the page is the shell’s own, and holds', async ({ desk, page }) => {
  await desk.open('scenario=sale');
  const answer = await page.request.get('/fake.html');
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(answer.headers()['content-security-policy']).toContain("script-src 'self'");
});
