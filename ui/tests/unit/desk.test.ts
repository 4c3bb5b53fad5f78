import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { AttemptView, BankPageView, DeskEvent } from '../../src/ipc/backend.ts';
import { begun, ended, idOf } from '../../src/ipc/fake/attempts.ts';
import { FakeDesk } from '../../src/ipc/fake/fake.ts';
import { pageOf, scenarioOf } from '../../src/ipc/fake/scenarios.ts';
import { Desk } from '../../src/lib/desk.svelte.ts';
import { watchTyping } from '../../src/lib/typed.ts';
import { watchForCards } from '../../src/lib/watch.ts';
import { seeded } from './seeded.ts';

const NOW = '2026-11-21T16:52:08.000Z';

let fake: FakeDesk;
let desk: Desk;

function make(query = ''): void {
  fake = new FakeDesk(scenarioOf(new URLSearchParams(query), NOW));
  desk = new Desk(fake);
}

beforeEach(() => { make(); });

/** What the desk knows, for comparing. */
function known(one: Desk): unknown {
  const byId = <T>(map: Iterable<[string, T]>) => [...map].sort(([a], [b]) => a.localeCompare(b));
  return { attempts: byId(one.attempts), reversals: byId(one.reversals), pages: byId(one.bankPages), journal: one.journal };
}

function tell(events: DeskEvent[]): void {
  for (const event of events) fake.tell(event);
  flushSync();
}

describe('a link that is opened', () => {
  it('takes nothing away that was typed, on whatever screen, and only offers the payment then', async () => {
    await desk.open();
    desk.show({ screen: 'payment', payment: idOf('pay', 1) });
    const stop = watchTyping();
    const main = document.body.appendChild(document.createElement('main'));
    main.innerHTML = '<textarea name="note"></textarea><input name="base_url"><input type="search">';
    const [note, address, search] = [...main.querySelectorAll<HTMLInputElement>('textarea, input')];
    if (!note || !address || !search) throw new Error('no fields');
    const type = (field: HTMLInputElement, text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    // A form that was filled, and a search, are found again.
    address.value = 'https://pay.example';
    type(search, 'ayşe');
    desk.openLink(idOf('pay', 2));
    expect([desk.offered, desk.where]).toEqual([null, { screen: 'payment', payment: idOf('pay', 2) }]);
    type(note, 'half a no');
    desk.openLink(idOf('pay', 3));
    expect([desk.offered, desk.where]).toEqual([idOf('pay', 3), { screen: 'payment', payment: idOf('pay', 2) }]);
    // Written down, the note is not in the way any more.
    note.value = '';
    desk.openLink(idOf('pay', 4));
    expect(desk.where).toEqual({ screen: 'payment', payment: idOf('pay', 4) });
    type(address, 'https://pay.example/api');
    desk.openLink(idOf('pay', 5));
    expect(desk.offered).toBe(idOf('pay', 5));
    stop();
    main.remove();
  });
});

describe('a page that saw a card', () => {
  const over = (id: number): AttemptView => ended(begun({ id, now: NOW }), 'approved', NOW);

  /** Opens a page whose address says what the one before has shown. */
  async function renewed(hash: string): Promise<Desk> {
    location.hash = hash;
    const fresh = new Desk(fake);
    await fresh.open();
    return fresh;
  }

  it('is replaced once it has, and only then', () => {
    desk.renew();
    expect(fake.count('renewPage')).toBe(0);
    desk.seesCard();
    desk.renew();
    desk.renew();
    expect(fake.last('renewPage')).toEqual([null, [], []]);
    expect(fake.count('renewPage')).toBe(1);
  });

  it('has seen one in whichever field so many digits stood, also where they were taken back', () => {
    const stop = watchForCards(desk);
    const type = (text: string, kind = 'input') => {
      const field = document.body.appendChild(document.createElement(kind) as HTMLInputElement | HTMLTextAreaElement);
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.remove();
      desk.renew();
      return fake.count('renewPage');
    };
    expect(type('RES-20261121-0500')).toBe(0);
    expect(type('room 12, card 4155 6501 0041 6111')).toBe(1);
    expect(type('3744-270000-00003', 'textarea')).toBe(2);
    stop();
    expect(type('4155650100416111')).toBe(2);
  });

  it('is replaced when the next sale begins, but not while what another sale begins with would be lost', async () => {
    await desk.open();
    desk.seesCard();
    desk.show({ screen: 'history' });
    desk.sellAgain({ from: over(1), focus: null, means: 'card' });
    expect(fake.count('renewPage')).toBe(0);
    desk.newSale();
    expect(fake.count('renewPage')).toBe(1);
  });

  it('says what it shows, which ends were not seen, and which are known', async () => {
    await desk.open();
    const [shown, unseen, seen] = [over(1), over(2), over(3)];
    for (const attempt of [shown, unseen, seen]) fake.tell({ kind: 'attempt', attempt });
    desk.dismiss(seen.attempt);
    desk.dismiss(shown.attempt);
    desk.show({ screen: 'attempt', attempt: shown.attempt });
    desk.seesCard();
    desk.renew();
    expect(fake.last('renewPage')).toEqual([shown.attempt, [unseen.attempt], [seen.attempt]]);
  });

  it('gives way to one that goes on where it was, and to which nothing known is news', async () => {
    const [shown, seen] = [over(1), over(2)];
    fake.attempts().push(shown, seen);
    const fresh = await renewed(`renewed&shown=${shown.attempt}&watched=&known=${seen.attempt}`);
    expect(fresh.where).toEqual({ screen: 'attempt', attempt: shown.attempt });
    expect(fresh.renewed).toBe(true);
    fake.tell({ kind: 'attempt', attempt: seen });
    expect(fresh.watched).toEqual([]);
    expect(location.hash).toBe('');
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    expect(fake.count('pageStands')).toBe(1);
  });

  it('is told of as standing also when it can’t be opened: an empty one must be seen', async () => {
    fake.failNext('watch', 'internal', null, 'no');
    await renewed('renewed&shown=&watched=&known=');
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    expect(fake.count('pageStands')).toBe(1);
  });
});

describe('opening', () => {
  it('shows everything that is known', async () => {
    make('scenario=attention');
    await desk.open();
    expect(desk.link).toEqual({ kind: 'open' });
    expect(desk.needsAttention.count).toBe(fake.attempts().filter((one) => one.needs_attention).length + 1);
    expect(desk.attempts.size).toBe(fake.attempts().length);
  });

  it('keeps what is told before the answer arrives, and applies it afterwards', async () => {
    const early = begun({ id: 1, now: NOW });
    const later = { ...early, progress: 'at_bank' as const };
    fake.watch = async (onEvent) => {
      onEvent({ kind: 'attempt', attempt: early });
      onEvent({ kind: 'attempt', attempt: later });
      const answer = await FakeDesk.prototype.watch.call(fake, onEvent);
      return answer;
    };
    await desk.open();
    expect(desk.attempts.get(early.attempt)?.progress).toBe('at_bank');
  });

  it('keeps what is told early also when it opens anew, so that the answer does not take it back', async () => {
    await desk.open();
    const before = begun({ id: 1, now: NOW });
    fake.watch = async (onEvent) => {
      onEvent({ kind: 'attempt', attempt: { ...before, progress: 'at_bank' } });
      const answer = await FakeDesk.prototype.watch.call(fake, onEvent);
      onEvent({ kind: 'attempt', attempt: { ...before, progress: 'confirming' } });
      if (answer.status === 'ok' && answer.data.place.kind === 'open') answer.data.place.session.open.push({ ...before, progress: 'sending' });
      return answer;
    };
    await desk.open();
    expect(desk.attempts.get(before.attempt)?.progress).toBe('confirming');
  });

  it('says why when it fails, and works at the next try', async () => {
    fake.failNext('watch', 'internal', null, 'no');
    await desk.open();
    expect(desk.link).toMatchObject({ kind: 'failed', fault: { code: 'internal', text: 'no' } });
    await desk.open();
    expect(desk.link).toEqual({ kind: 'open' });
  });

  it('says so when the bridge itself breaks', async () => {
    fake.watch = () => Promise.reject(new Error('the bridge is gone'));
    await desk.open();
    expect(desk.link).toMatchObject({ kind: 'failed', fault: { code: 'internal', text: 'the bridge is gone' } });
  });
});

describe('events', () => {
  /** The histories of several things; each must be applied in its own order, but they may come mixed. */
  function histories(): DeskEvent[][] {
    const attempts = [1, 2, 3].map((id) => {
      const first = begun({ id, now: NOW, booking: `RES-${id}` });
      const steps: AttemptView[] = [first, { ...first, progress: 'sending' }, { ...first, progress: 'at_bank' }, { ...first, progress: 'confirming' }];
      steps.push(ended(first, (['approved', 'unknown', 'declined'] as const)[id - 1] ?? 'approved', NOW));
      return steps.map((attempt): DeskEvent => ({ kind: 'attempt', attempt }));
    });
    const page = (state: BankPageView['state']): DeskEvent => ({ kind: 'bank_page', page: pageOf(begun({ id: 1, now: NOW }), state, NOW) });
    const pages = (['loading', 'shown', 'parked', 'shown', 'gone'] as const).map(page);
    const journal: DeskEvent[] = [{ kind: 'journal', journal: { kind: 'not_written', why: 'full' } }, { kind: 'journal', journal: { kind: 'written' } }];
    return [...attempts, pages, journal];
  }

  it('end the same however they are mixed', async () => {
    await desk.open();
    tell(histories().flat());
    const expected = known(desk);
    for (let seed = 1; seed <= 50; seed += 1) {
      make();
      await desk.open();
      const random = seeded(seed);
      const left = histories();
      while (left.some((one) => one.length > 0)) {
        const event = left[random(left.length)]?.shift();
        if (event) fake.tell(event);
      }
      expect(known(desk)).toEqual(expected);
    }
  });

  it('that say the same twice change nothing', async () => {
    await desk.open();
    const all = histories().flat();
    tell(all);
    const once = known(desk);
    tell(all.slice(-3));
    tell(all.slice(-3));
    expect(known(desk)).toEqual(once);
  });

  it('of a page that is gone remove it', async () => {
    await desk.open();
    const attempt = begun({ id: 1, now: NOW });
    tell([{ kind: 'bank_page', page: pageOf(attempt, 'shown', NOW) }]);
    expect(desk.bankPages.size).toBe(1);
    tell([{ kind: 'bank_page', page: pageOf(attempt, 'gone', NOW) }]);
    expect(desk.bankPages.size).toBe(0);
  });

  it('about a settled attempt take it off the list of what needs attention, and report by a banner', async () => {
    make('scenario=attention');
    await desk.open();
    const before = desk.needsAttention.count;
    const unknown = idOf('att', 11);
    fake.finish('approved', unknown);
    expect(desk.needsAttention.count).toBe(before - 1);
    expect(desk.parked.map((one) => one.attempt)).toContain(unknown);
  });
});

describe('everything anew', () => {
  it('replaces all that was known', async () => {
    make('scenario=parked');
    await desk.open();
    expect(desk.attempts.size).toBe(3);
    fake.become({ attempts: [], pages: [] });
    await Promise.resolve();
    expect([...desk.bankPages]).toEqual([]);
    expect(desk.session?.open).toEqual([]);
  });

  it('leaves nothing of another desk', async () => {
    make('scenario=parked');
    await desk.open();
    fake.become({ attempts: [], pages: [], training: true });
    expect(desk.attempts.size).toBe(0);
    expect(desk.parked).toEqual([]);
    expect(desk.training).not.toBeNull();
  });

  it('leaves nothing of a comparison that another till made', async () => {
    await desk.open();
    fake.tell({ kind: 'comparing', comparing: { number: 3, done: 1, of: 9, differences: 0, ended: false, not_kept: null } });
    expect(desk.comparing?.number).toBe(3);
    fake.become({});
    expect(desk.comparing).toBeNull();
  });

  it('tells of what is missing by asking for it', async () => {
    make('scenario=parked');
    await desk.open();
    const [followed] = desk.watched;
    const held = fake.attempts().find((one) => one.attempt === followed);
    // Its end was told while the stream lagged: neither open nor in need of attention, it is not in the answer.
    expect(held).toBeDefined();
    if (held) fake.attempts().splice(fake.attempts().indexOf(held), 1, ended(held, 'approved', NOW));
    fake.become({});
    expect(fake.last('attempt')).toEqual([followed]);
    await new Promise((go) => setTimeout(go, 0));
    expect(desk.attempts.get(followed ?? '')?.outcome).toBe('approved');
  });

  it('takes over the preferences and the journal', async () => {
    await desk.open();
    fake.journal({ kind: 'not_written', why: 'full' });
    fake.become({});
    expect(desk.journal).toEqual({ kind: 'not_written', why: 'full' });
  });
});

describe('banners', () => {
  it('show at most three, and never the one that is on the screen', async () => {
    make('scenario=parked');
    await desk.open();
    expect(desk.parked).toHaveLength(3);
    const [first] = desk.parked;
    if (first) desk.show({ screen: 'attempt', attempt: first.attempt });
    expect(desk.parked).toHaveLength(2);
    desk.newSale();
    expect(desk.parked).toHaveLength(3);
  });

  it('go away once the outcome was seen or answered', async () => {
    make('scenario=parked');
    await desk.open();
    const [first, second] = desk.parked.map((one) => one.attempt);
    fake.finish('approved', first);
    fake.finish('declined', second);
    desk.show({ screen: 'attempt', attempt: first ?? '' });
    desk.newSale();
    expect(desk.parked.map((one) => one.attempt)).not.toContain(first);
    desk.dismiss(second ?? '');
    expect(desk.parked).toHaveLength(1);
  });
});

test('a preference holds at once, and its failure is told', async () => {
  await desk.open();
  fake.hold('setPreferences');
  const answer = desk.prefer({ language: 'tr' });
  expect(desk.language).toBe('tr');
  fake.releaseAll('setPreferences');
  expect(await answer).toBeNull();
  fake.failNext('setPreferences', 'preferences_failed');
  expect(await desk.prefer({ theme: 'dark' })).toMatchObject({ code: 'preferences_failed' });
  expect(desk.preferences.theme).toBe('dark');
});

test('every new sale starts with a form of its own', async () => {
  await desk.open();
  const before = desk.sales;
  desk.newSale();
  expect(desk.sales).toBe(before + 1);
  const attempt = begun({ id: 5, now: NOW });
  desk.took(attempt);
  expect(desk.sales).toBe(before + 2);
  expect(desk.where).toEqual({ screen: 'attempt', attempt: attempt.attempt });
});

test('an outcome that was quicker than the answer to Pay stays', async () => {
  await desk.open();
  const attempt = begun({ id: 6, now: NOW });
  const over = ended(attempt, 'not_sent', NOW);
  tell([{ kind: 'attempt', attempt: over }]);
  desk.took(attempt);
  expect(desk.attempts.get(attempt.attempt)).toEqual(over);
});
