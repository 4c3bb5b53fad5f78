import type { DeskPage } from './browser/desk.ts';
import type { State } from './states.ts';

const WAITS = { job: 1, paper: 'att_1.approved', title: 'Payment approved', subject: 'REZ-4711', copy: null, stand: 'waiting', trouble: 'printer_no_paper', ordered: '2026-11-22T09:00:00Z', next: null } as const;

async function outcome(desk: DeskPage, end: 'approved' | 'declined' | 'unknown'): Promise<void> {
  await desk.press('Control+1');
  await desk.wait(800);
  await desk.fake('finish', end);
  await desk.wait(1_000);
}

/** Receipts, the printer's banner and their settings. */
export const paperStates: State[] = [
  { name: 'receipt', query: 'scenario=one', arrange: async (desk) => { await outcome(desk, 'approved'); await desk.press('d'); await desk.wait(800); } },
  { name: 'receipt-copy', query: 'scenario=one', arrange: async (desk) => { await outcome(desk, 'unknown'); await desk.press('p'); await desk.press('d'); await desk.wait(800); await desk.press('f'); } },
  { name: 'receipt-no-printer', query: 'scenario=one', arrange: async (desk) => { await desk.fake('prints', { set_up: false }); await outcome(desk, 'declined'); await desk.press('d'); await desk.wait(800); } },
  { name: 'printer-no-paper', query: 'scenario=sale', arrange: (desk) => desk.fake('prints', { jobs: [WAITS, { ...WAITS, job: 2, trouble: null }] }) },
  { name: 'printer-asks', query: 'scenario=sale', arrange: (desk) => desk.fake('prints', { jobs: [{ ...WAITS, stand: 'asked', trouble: 'printer_gone' }] }) },
  { name: 'settings-papers', query: 'scenario=sale', arrange: async (desk) => { await desk.press('F9'); await desk.wait(800); await desk.press('Alt+3'); await desk.wait(800); } },
];
