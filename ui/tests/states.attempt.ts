import type { Ending } from '../src/ipc/fake/attempts.ts';
import type { DeskPage } from './browser/desk.ts';
import type { State } from './states.ts';

/** Shows the attempt that the scenario began with. */
async function shown(desk: DeskPage): Promise<void> {
  await desk.press('Control+1');
  await desk.wait(800);
}

function ending(name: Ending, scenario = 'one'): State {
  return {
    name: `outcome-${name.replaceAll('_', '-')}${scenario === 'one' ? '' : `-${scenario.replaceAll('_', '-')}`}`,
    query: `scenario=${scenario}`,
    arrange: async (desk) => {
      await shown(desk);
      await desk.fake('finish', name);
      await desk.wait(800);
    },
  };
}

function bank(name: string, act: (desk: DeskPage) => Promise<void>, scenario = 'one'): State {
  return {
    name: `bank-${name}`,
    query: `scenario=${scenario}`,
    arrange: async (desk) => {
      await shown(desk);
      await desk.fake('to', 'at_bank');
      await act(desk);
      await desk.wait(800);
    },
  };
}

export const attemptStates: State[] = [
  { name: 'attempt-preparing', query: 'scenario=one', arrange: shown },
  { name: 'attempt-waits-for-slot', query: 'scenario=one', arrange: async (desk) => { await shown(desk); await desk.fake('change', { slot_wait_ms: 21_000 }); } },
  { name: 'attempt-sending', query: 'scenario=one', arrange: async (desk) => { await shown(desk); await desk.fake('to', 'sending'); } },
  { name: 'attempt-slow', query: 'scenario=one', arrange: async (desk) => { await shown(desk); await desk.fake('to', 'sending'); await desk.wait(20_000); } },
  { name: 'attempt-limit-sending', query: 'scenario=one_limit', arrange: async (desk) => { await shown(desk); await desk.fake('to', 'sending'); } },
  { name: 'attempt-confirming', query: 'scenario=one', arrange: async (desk) => { await shown(desk); await desk.fake('to', 'confirming'); await desk.fake('asked'); } },
  bank('loading', (desk) => desk.fake('page', 'loading')),
  bank('shown', () => Promise.resolve()),
  bank('insecure', (desk) => desk.fake('page', 'shown', undefined, { secure: false, host: '127.0.0.1:8443' })),
  bank('parked', (desk) => desk.fake('page', 'parked')),
  bank('close-asked', (desk) => desk.fake('page', 'close_asked')),
  bank('in-browser', async (desk) => { await desk.fake('page', 'in_browser'); await desk.fake('change', { in_browser: true }); }),
  bank('open-yourself', async (desk) => { await desk.fake('page', 'in_browser', undefined, { open_yourself: 'http://127.0.0.1:39127/once/7Q2M4K8X1ZP6' }); await desk.fake('change', { in_browser: true }); }),
  bank('cannot-be-asked', () => Promise.resolve(), 'one_unasked'),
  bank('little-time', async (desk) => { await desk.wait(560_000); }),
  ending('approved'), ending('approved', 'one_order'), ending('approved', 'one_limit'), ending('approved', 'one_long'),
  ending('approved_unconfirmed'), ending('approved_without_3ds'), ending('approved_return_alone', 'one_unasked'), ending('approved_alarm'),
  ending('declined'), ending('insufficient_funds'), ending('expired_card'), ending('invalid_card_number'), ending('invalid_cvc'),
  ending('three_ds_failed'), ending('other'), ending('limit_exceeded', 'one_limit'),
  ending('unknown'), ending('unknown', 'one_limit'), ending('unknown', 'one_long'), ending('unknown_connection'),
  ending('unknown_return_said_yes', 'one_unasked'), ending('unknown_nobody', 'one_unasked'), ending('unknown_not_written'),
  ending('refused_by_gateway'), ending('refused_by_vezne'), ending('price_changed', 'one_order'), ending('too_many_requests'),
  ending('not_sent'), ending('offline'), ending('cancelled'), ending('no_slot'), ending('journal_failed'),
];
