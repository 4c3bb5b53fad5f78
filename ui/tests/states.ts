// Every state of every screen that is looked at: by the snapshots, by axe, and as pictures.
import type { DeskPage } from './browser/desk.ts';
import { attemptStates } from './states.attempt.ts';
import { paperStates } from './states.papers.ts';
import { returnsStates } from './states.returns.ts';
import { saleStates } from './states.sale.ts';

/** A screen in a state. */
export interface State {
  name: string;
  /** The scenario's part of the address; language and theme come beside it. */
  query: string;
  /** What is done after it was opened. */
  arrange?: (desk: DeskPage) => Promise<void>;
}

/** Opens a part of Settings by its name in either language. */
function settings(name: string, button: RegExp, more?: (desk: DeskPage) => Promise<void>, query = 'scenario=sale'): State {
  return {
    name: `settings-${name}`,
    query,
    arrange: async (desk) => {
      await desk.press('F9');
      await desk.wait(800);
      await desk.click(desk.page.getByRole('button', { name: button }).first());
      await desk.wait(800);
      await more?.(desk);
      await desk.wait(800);
    },
  };
}

/** The day close; the list of earlier ones stands beside it. */
function close(name: string, query: string, more?: (desk: DeskPage) => Promise<void>): State {
  return {
    name: `close-${name}`,
    query: `scenario=${query}`,
    arrange: async (desk) => {
      await desk.press('F7');
      await desk.wait(800);
      await more?.(desk);
      await desk.wait(800);
    },
  };
}

const closeStates: State[] = [
  close('now', 'sale'),
  close('now-empty', 'empty'),
  close('now-after-a-backup', 'missing_span'),
  close('made', 'sale', (desk) => desk.press('Control+Enter')),
  close('clocks-go-back', 'closes_back'),
  close('comparing', 'sale', async (desk) => {
    await desk.press('Control+Enter');
    await desk.wait(800);
    await desk.click(desk.page.getByRole('button', { name: /^(Compare with|Ödeme kuruluşuyla)/ }));
    for (let asked = 0; asked < 3; asked += 1) await desk.fake('compared');
  }),
  close('compared', 'sale', async (desk) => {
    await desk.press('Control+Enter');
    await desk.wait(800);
    await desk.click(desk.page.getByRole('button', { name: /^(Compare with|Ödeme kuruluşuyla)/ }));
    for (let asked = 0; asked < 6; asked += 1) await desk.fake('compared');
  }),
];

const otherStates: State[] = [
  { name: 'first-start', query: 'scenario=first_start' },
  { name: 'broken', query: 'scenario=broken' },
  { name: 'broken-in-use', query: 'scenario=in_use' },
  { name: 'broken-damaged', query: 'scenario=damaged' },
  { name: 'broken-restored', query: 'scenario=damaged', arrange: async (desk) => { await desk.page.getByRole('button', { name: /damaged journal|Hasarlı defteri/ }).click(); await desk.wait(300); } },
  { name: 'sale-disk-full', query: 'scenario=disk_full' },
  { name: 'locked', query: 'scenario=locked' },
  {
    name: 'locked-wrong', query: 'scenario=locked',
    arrange: async (desk) => {
      await desk.page.locator('input[type=password]').fill('not it');
      await desk.press('Enter');
      await desk.press('Enter');
      await desk.wait(1_000);
    },
  },
  { name: 'history', query: 'scenario=sale', arrange: (desk) => desk.press('F4') },
  { name: 'history-empty', query: 'scenario=empty', arrange: (desk) => desk.press('F4') },
  { name: 'history-loading', query: 'scenario=sale', arrange: async (desk) => { await desk.fake('hold', 'history'); await desk.press('F4'); await desk.wait(800); } },
  { name: 'history-failed', query: 'scenario=sale', arrange: async (desk) => { await desk.fake('failNext', 'history', 'journal', null, 'disk I/O error'); await desk.press('F4'); } },
  {
    name: 'history-filters', query: 'scenario=sale',
    arrange: async (desk) => {
      await desk.press('F4');
      await desk.wait(800);
      await desk.press('Control+f');
      await desk.page.locator('[name=plan]').selectOption('3');
      await desk.page.locator('[name=q]').fill('approved');
      await desk.wait(800);
    },
  },
  { name: 'history-none', query: 'scenario=sale', arrange: async (desk) => { await desk.press('F4'); await desk.wait(800); await desk.page.locator('[name=q]').fill('fatmagül'); await desk.wait(800); } },
  {
    name: 'history-offered', query: 'scenario=sale',
    arrange: async (desk) => {
      await desk.page.locator('main input').first().fill('RES-77');
      await desk.fake('link', 'pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3');
      await desk.wait(500);
    },
  },
  { name: 'attention', query: 'scenario=attention', arrange: (desk) => desk.press('F6') },
  {
    name: 'attention-answered', query: 'scenario=attention',
    arrange: async (desk) => {
      await desk.press('F6');
      await desk.wait(800);
      await desk.click(desk.page.getByRole('listitem').filter({ hasText: 'RES-UNKNOWN' }).getByRole('button', { name: /^(Settle it|Sonuçlandır)/ }));
      await desk.wait(800);
      await desk.fake('finish', 'approved', (await desk.fake('attempts')).find((one) => one.booking === 'RES-UNKNOWN')?.attempt);
      await desk.wait(800);
    },
  },
  { name: 'attention-empty', query: 'scenario=sale', arrange: (desk) => desk.press('F6') },
  { name: 'settings', query: 'scenario=sale', arrange: (desk) => desk.press('F9') },
  settings('account-new', /^(Add a merchant account|Üye iş yeri hesabı ekle)/),
  settings('account-change', /^(Change|Değiştir)/),
  settings('account-tested', /^(Change|Değiştir)/, (desk) => desk.press('Control+t')),
  settings('account-remove', /^(Remove|Kaldır)/),
  settings('operators', /^(Operators|Kullanıcılar)/),
  settings('operator-new', /^(Operators|Kullanıcılar)/, (desk) => desk.press('n')),
  settings('appearance', /^(Language and theme|Dil ve görünüm)/),
  settings('training', /^(Training|Eğitim)/),
  settings('about', /^(About|Hakkında)/),
  { name: 'payment', query: 'scenario=attention', arrange: async (desk) => { await desk.press('F4'); await desk.wait(800); await desk.click(desk.page.getByRole('main').getByRole('list').getByRole('button').nth(3)); await desk.wait(300); } },
  { name: 'first-start-connect', query: 'scenario=first_start', arrange: async (desk) => { await desk.press('2'); await desk.wait(800); } },
  { name: 'settings-unavailable', query: 'scenario=unavailable', arrange: (desk) => desk.press('F9') },
];

/** All of them. */
export const STATES: State[] = [...saleStates, ...attemptStates, ...returnsStates, ...closeStates, ...otherStates, ...paperStates];
