// Money back: the payment's page, its dialogs, and what needs a supervisor.
import type { DeskPage } from './browser/desk.ts';
import type { State } from './states.ts';

/** The page of the newest payment. */
async function page(desk: DeskPage): Promise<void> {
  await desk.press('F4');
  await desk.wait(800);
  await desk.click(desk.page.getByText(/^(RES-20261121-0418|order_1001)$/).first());
  await desk.wait(800);
}

function returns(name: string, query: string, more?: (desk: DeskPage) => Promise<void>): State {
  return {
    name: `returns-${name}`,
    query: `scenario=${query}`,
    arrange: async (desk) => {
      await page(desk);
      await more?.(desk);
      await desk.wait(800);
    },
  };
}

const click = (name: RegExp) => async (desk: DeskPage) => {
  await desk.click(desk.page.getByRole('button', { name }).first());
  await desk.wait(800);
};

export const returnsStates: State[] = [
  returns('void-offered', 'returns'),
  returns('void-asked', 'returns', click(/^(Void|.* iptal et)/)),
  returns('part-asked', 'returns', async (desk) => {
    await click(/^(Refund a part|Bir kısmını iade et)/)(desk);
    await desk.page.locator('dialog input[name=f4]').fill('1.500');
    await desk.wait(900);
  }),
  returns('off', 'returns_off'),
  returns('portal-asked', 'returns_off', click(/^(Do it in the portal|Panelden yap)$/)),
  returns('order', 'returns_order'),
  returns('twice', 'returns_twice', click(/^(Do it in the portal|Panelden yap)$/)),
  returns('priceless-asked', 'returns_priceless', click(/^(Do it in the portal|Panelden yap)$/)),
  returns('alarm', 'returns_alarm'),
  returns('alarm-settling', 'returns_alarm', click(/^(Settle it|Sonuçlandır)/)),
  { name: 'returns-alarm-bar', query: 'scenario=returns_alarm', arrange: async (desk) => { await desk.press('F3'); await desk.wait(800); } },
  { name: 'export', query: 'scenario=sale', arrange: async (desk) => { await desk.press('F4'); await desk.wait(900); await desk.press('Control+e'); await desk.wait(900); } },
  {
    name: 'export-done', query: 'scenario=sale',
    arrange: async (desk) => {
      await desk.press('F4');
      await desk.wait(900);
      await desk.press('Control+e');
      await desk.wait(900);
      await desk.press('Control+Enter');
      await desk.wait(900);
    },
  },
  {
    name: 'returns-list', query: 'scenario=returns_list',
    arrange: async (desk) => {
      await desk.press('F6');
      await desk.wait(800);
      await click(/^(Settle several|Birkaçını)/)(desk);
      await desk.page.locator('dialog .listed input[type=checkbox]').first().check();
      await desk.wait(300);
    },
  },
];
