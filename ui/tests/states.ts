// Every state of every screen that is looked at: by the snapshots, by axe, and as pictures.
import type { DeskPage } from './browser/desk.ts';
import { attemptStates } from './states.attempt.ts';
import { saleStates } from './states.sale.ts';

/** A screen in a state. */
export interface State {
  name: string;
  /** The scenario's part of the address; language and theme come beside it. */
  query: string;
  /** What is done after it was opened. */
  arrange?: (desk: DeskPage) => Promise<void>;
}

const otherStates: State[] = [
  { name: 'first-start', query: 'scenario=first_start' },
  { name: 'broken', query: 'scenario=broken' },
  { name: 'broken-in-use', query: 'scenario=in_use' },
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
  { name: 'attention', query: 'scenario=attention', arrange: (desk) => desk.press('F6') },
  { name: 'attention-empty', query: 'scenario=sale', arrange: (desk) => desk.press('F6') },
  { name: 'settings', query: 'scenario=sale', arrange: (desk) => desk.press('F9') },
  { name: 'settings-unavailable', query: 'scenario=unavailable', arrange: (desk) => desk.press('F9') },
];

/** All of them. */
export const STATES: State[] = [...saleStates, ...attemptStates, ...otherStates];
