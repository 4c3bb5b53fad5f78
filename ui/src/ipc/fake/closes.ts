// The day close at the fake desk: a day of figures that is the same every time, and a comparison that is driven by hand or timers.
import type {
  CloseComparison, CloseFigure, CloseHour, CloseLine, CloseRow, ClosesPage, CloseSums, CloseView, ComparingView, Fault, IssuedView,
  LanguageWord, Result, SaveClose, SupervisorInput,
} from '../backend.ts';
import { money } from './amounts.ts';
import { fault, no, now, ok } from './answers.ts';
import { after, idOf } from './attempts.ts';
import { Papers } from './papers.ts';

const PAGE = 30;
const ASKED_MS = 700;
const PAYMENTS = 6;

const figure = (count: number, minor: bigint, currency = 'TRY'): CloseFigure => ({ count, amount: money(minor, currency) });

function sums(approved: CloseFigure, net: bigint, more: Partial<CloseSums> = {}, currency = 'TRY'): CloseSums {
  const none = figure(0, 0n, currency);
  return { currency, net: money(net, currency), approved, reversed: none, withdrawn: none, reinstated: none, declined: none, refused: none, not_sent: none, ...more };
}

function line(id: number, began: string, subject: string, minor: bigint, more: Partial<CloseLine>): CloseLine {
  return { payment: idOf('pay', id), reversal: false, account: 'Antalya counter', subject, amount: money(minor), last_four: '6111', opened: after(began, -id * 60_000), standing: null, was: null, outcome: null, ...more };
}

/** The hours of a day at a counter; the one on which Berlin's clocks go back has two o'clock twice. */
function hours(began: string, back: boolean): CloseHour[] {
  const from = back ? 0 : 8;
  const names = back ? [0, 1, 2, 2, 3, 8, 9, 10, 11] : [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
  return names.map((hour, at): CloseHour => ({
    start: after(began, (from + at) * 3_600_000), hour, day: back ? '2026-10-25' : '2026-11-21', again: back && at === 3,
    approved: [2, 5, 7, 4, 9, 3, 6, 8, 5, 2, 1][at] ?? 1, declined: [0, 1, 0, 2, 1, 0, 0, 3, 0, 1, 0][at] ?? 0, not_sent: at === 4 ? 1 : 0, unknown: at === 7 ? 1 : 0, reversed: at === 2 || at === 8 ? 1 : 0,
  }));
}

/** The commands of the day close. */
export class Closes extends Papers {
  protected made: CloseView[] = [];
  #comparing: ComparingView | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #seeded = false;

  #all(): CloseView[] {
    if (!this.#seeded) {
      this.#seeded = true;
      for (const number of this.scenario.closes) this.made.push(this.#view(number, after(this.began, -(this.scenario.closes.length - number + 1) * 86_400_000)));
    }
    return this.made;
  }

  #view(number: number, at: string | null): CloseView {
    const { began, scenario: { past, missingSpan, closesBack } } = this;
    const day = closesBack ? '2026-10-25' : (at ?? began).slice(0, 10);
    const view: CloseView = {
      number, made: null, from_day: day, day, zone: closesBack ? 'Europe/Berlin' : 'Europe/Istanbul',
      since: number === 1 ? null : after(at ?? began, -86_400_000), missing: at === null ? missingSpan : null, totals: [], groups: [], open: [], late: [], corrected: [], hours: [],
    };
    if (at !== null) view.made = { at, operator: 'Elif Kaya', anchor: `${String(number)}-K3QF-9WZ2-0B4D-M6RT`, comparisons: [] };
    if (!past) return view;
    const lira = sums(figure(52, 28_431_500n), 28_376_500n, { reversed: figure(2, 55_000n), declined: figure(8, 1_204_000n), not_sent: figure(1, 54_500n) });
    const euro = sums(figure(3, 214_000n, 'EUR'), 214_000n, {}, 'EUR');
    const group = (by: 'account' | 'operator' | 'plan', name: string | null, installments: number | null, own: CloseSums) => ({ by, name, installments, sums: own });
    return {
      ...view, totals: [lira, euro], hours: hours(began, closesBack),
      groups: [
        group('account', 'Antalya counter', null, lira), group('account', 'Antalya counter', null, euro),
        group('operator', 'Elif Kaya', null, sums(figure(31, 16_004_000n), 15_949_000n, { declined: figure(5, 900_000n) })), group('operator', null, null, sums(figure(21, 12_427_500n), 12_427_500n)), group('operator', 'Elif Kaya', null, euro),
        group('plan', null, 1, sums(figure(30, 14_000_000n), 13_945_000n)), group('plan', null, 3, sums(figure(22, 14_431_500n), 14_431_500n)), group('plan', null, 0, euro),
      ],
      open: [
        line(71, began, 'RES-UNKNOWN', 55_500n, { standing: 'unknown' }), line(72, began, 'RES-ASIDE', 120_000n, { standing: 'set_aside' }),
        line(73, began, 'RES-CONTRA', 1_234_500n, { standing: 'contradicted' }), line(74, began, 'RES-20261121-0455', 54_500n, { standing: 'in_progress' }),
      ],
      late: number === 1 ? [] : [line(75, began, 'RES-20261120-0399', 99_000n, { outcome: 'approved' })],
    };
  }

  async closes(before: number | null): Promise<Result<ClosesPage, Fault>> {
    const wrong = await this.comes('closes', [before]);
    if (wrong !== null) return no(wrong);
    const all = [...this.#all()].reverse().filter((one) => before === null || one.number < before);
    const row = (view: CloseView): CloseRow => ({ number: view.number, at: view.made?.at ?? '', from_day: view.from_day, day: view.day, anchor: view.made?.anchor ?? '' });
    return ok({ rows: all.slice(0, PAGE).map(row), more: all.length > PAGE });
  }

  async closePreview(): Promise<Result<CloseView, Fault>> {
    const wrong = await this.comes('closePreview', []);
    return wrong === null ? ok(structuredClone(this.#view(this.#all().length + 1, null))) : no(wrong);
  }

  async closeDay(operator: string | null, supervisor: SupervisorInput | null): Promise<Result<CloseView, Fault>> {
    const wrong = await this.comes('closeDay', [operator, supervisor?.name ?? null]);
    if (wrong !== null) return no(wrong);
    if (this.scenario.missingSpan !== null && supervisor === null) return no(fault('needs_supervisor'));
    const view = this.#view(this.#all().length + 1, now());
    this.made.push(view);
    this.tell({ kind: 'day_closed', number: view.number });
    return ok(structuredClone(view));
  }

  async dayClose(number: number): Promise<Result<CloseView, Fault>> {
    const wrong = await this.comes('dayClose', [number]);
    const found = this.#all().find((one) => one.number === number);
    if (wrong !== null || found === undefined) return no(wrong ?? fault('no_such_close'));
    return ok(structuredClone(found));
  }

  async compareClose(number: number, operator: string | null): Promise<Result<ComparingView, Fault>> {
    const wrong = await this.comes('compareClose', [number, operator]);
    if (wrong !== null) return no(wrong);
    if (this.#comparing !== null) return no(fault('comparing'));
    this.#comparing = { number, done: 0, of: PAYMENTS, differences: 0, ended: false, not_kept: null };
    this.tell({ kind: 'comparing', comparing: this.#comparing });
    if (this.scenario.walk === 'timers') this.#timer = setInterval(() => { this.compared(); }, ASKED_MS);
    return ok({ ...this.#comparing });
  }

  /** One more payment was asked about. */
  compared(): void {
    if (this.#comparing === null) throw new Error('Nothing is being compared.');
    const done = this.#comparing.done + 1;
    this.#comparing = { ...this.#comparing, done, differences: done >= 3 ? 2 : 0 };
    if (done >= PAYMENTS) this.#end();
    else this.tell({ kind: 'comparing', comparing: this.#comparing });
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    const comparing = this.#comparing;
    if (comparing === null) return;
    const found: CloseComparison = {
      ended: now(), operator: 'Elif Kaya', agreed: comparing.done - comparing.differences, unanswered: comparing.done === PAYMENTS ? 1 : 0, cannot_be_asked: 0, nothing_sent: 1, left: PAYMENTS - comparing.done,
      differences: comparing.differences === 0 ? [] : [
        { payment: idOf('pay', 73), subject: 'RES-CONTRA', account: 'Antalya counter', amount: money(1_234_500n), found: null, ours: 'declined', theirs: '1 (success)', finding: 'paid_there' },
        { payment: idOf('pay', 71), subject: 'RES-20261121-0418', account: 'Antalya counter', amount: money(55_500n), found: money(45_500n), ours: 'approved', theirs: '6 (partly returned)', finding: 'returned_there' },
      ],
    };
    this.#all().find((one) => one.number === comparing.number)?.made?.comparisons.push(found);
    this.#comparing = null;
    this.tell({ kind: 'comparing', comparing: { ...comparing, ended: true } });
  }

  stopComparing = () => this.does('stopComparing', [], () => { this.#end(); });

  async comparing(): Promise<Result<ComparingView | null, Fault>> {
    const wrong = await this.comes('comparing', []);
    return wrong === null ? ok(this.#comparing) : no(wrong);
  }

  #papers = 0;

  async #leaves(command: 'printClose' | 'closeForDialog', args: [number, LanguageWord, string | null]): Promise<Result<IssuedView, Fault>> {
    const wrong = await this.comes(command, args);
    if (wrong !== null) return no(wrong);
    const copy = this.#papers === 0 ? null : this.#papers;
    this.#papers += 1;
    return ok({ copy, path: null });
  }

  printClose = (number: number, language: LanguageWord, sits: string | null) => this.#leaves('printClose', [number, language, sits]);
  closeForDialog = (number: number, language: LanguageWord, sits: string | null) => this.#leaves('closeForDialog', [number, language, sits]);

  async saveClose(save: SaveClose, sits: string | null): Promise<Result<string, Fault>> {
    const wrong = await this.comes('saveClose', [save, sits]);
    return wrong === null ? ok(`/srv/vezne/exports/vezne-close-${String(save.number)}-2026-11-21.${save.file}`) : no(wrong);
  }
}
