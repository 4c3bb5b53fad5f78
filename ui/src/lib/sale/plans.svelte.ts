/** How the card may pay: the installment options, asked for while the card is typed, and the choice among them. */

import type { Fault, MoneyView, OptionsQuestion, OptionsView, OptionView, ProgramView } from '../../ipc/backend.ts';
import { faultOf, type Desk } from '../desk.svelte.ts';
import { sameMoney } from '../money.ts';
import { Latest } from './latest.ts';
import type { Owed } from './owed.svelte.ts';

/** What is offered now. The list before stays in sight while the next one is on its way. */
export type PlansState =
  | { kind: 'waiting' }
  | { kind: 'loading'; before: OptionsView | null }
  | { kind: 'listed'; list: OptionsView }
  | { kind: 'failed'; fault: Fault };

export type Choice = { program: string; installments: number; total: MoneyView };

const PAUSE_MS = 200;

function keyOf(question: OptionsQuestion): string {
  return [question.account, question.bin, question.amount?.amount, question.amount?.currency, question.order].join('|');
}

export class Plans {
  readonly #desk: Desk;
  readonly #owed: Owed;
  /** The first six or eight digits, as far as they are typed; nothing else of the card is known here. */
  bin = $state('');
  state = $state.raw<PlansState>({ kind: 'waiting' });
  program = $state('');
  choice = $state.raw<Choice | null>(null);
  /** The total that was chosen is not offered any more. */
  choiceCleared = $state(false);
  readonly #latest = new Latest();
  readonly #known = new Map<string, OptionsView>();
  #listedFor = '';

  constructor(desk: Desk, owed: Owed) {
    this.#desk = desk;
    this.#owed = owed;
  }

  /** What is to be asked as the form stands; null while something is missing. */
  readonly question = $derived.by<OptionsQuestion | null>(() => {
    const account = this.#desk.account;
    if (!account || this.bin.length < 6) return null;
    const bin = account.eight_digits && this.bin.length >= 8 ? this.bin.slice(0, 8) : this.bin.slice(0, 6);
    if (this.#owed.byOrder) {
      const order = this.#owed.payableOrder;
      return order ? { account: account.id, bin, amount: null, order: order.order } : null;
    }
    const amount = this.#owed.amount.money;
    return amount ? { account: account.id, bin, amount, order: null } : null;
  });
  /** The list to be drawn, be it the current one or the one before. */
  readonly shown = $derived.by<OptionsView | null>(() => {
    if (this.state.kind === 'listed') return this.state.list;
    return this.state.kind === 'loading' ? this.state.before : null;
  });
  readonly programShown = $derived.by<ProgramView | null>(() => {
    const programs = this.shown?.programs ?? [];
    return programs.find((one) => one.id === this.program) ?? programs.find((one) => one.is_default) ?? programs[0] ?? null;
  });

  /** The form has changed: asks if there is something new to ask. */
  follow(): void {
    const question = this.question;
    if (!question) {
      this.#latest.drop();
      this.#listedFor = '';
      // While another amount is typed, the list of the one before stays in sight, dimmed.
      const typing = !this.#owed.byOrder && this.#owed.amount.state.kind === 'reading' && this.bin.length >= 6;
      this.state = typing && this.shown ? { kind: 'loading', before: this.shown } : { kind: 'waiting' };
      // What was chosen was another sum, or another card's.
      this.choice = null;
      return;
    }
    const key = keyOf(question);
    if (key === this.#listedFor && this.state.kind === 'listed') return;
    const known = this.#known.get(key);
    if (known && Date.parse(known.good_until) > Date.now()) {
      this.#latest.drop();
      this.#list(key, known);
      return;
    }
    this.#ask(question, PAUSE_MS);
  }

  /** Asks again: a failed question, or a list that is too old. */
  askAnew(): void {
    const question = this.question;
    if (!question) return;
    this.#known.delete(keyOf(question));
    this.#ask(question, 0);
  }

  choose(program: ProgramView, option: OptionView): void {
    if (this.state.kind !== 'listed') return;
    this.choiceCleared = false;
    this.choice = { program: program.id, installments: option.installments, total: option.total };
  }

  chooseProgram(id: string): void {
    if (this.program === id) return;
    this.program = id;
    this.choice = null;
    this.#chooseTheOnlyOne();
  }

  /** A card is taken away, with what it could pay. */
  clear(): void {
    this.bin = '';
    this.choiceCleared = false;
    this.follow();
  }

  #ask(question: OptionsQuestion, pause: number): void {
    const key = keyOf(question);
    this.state = { kind: 'loading', before: this.shown };
    this.#latest.soon(pause, async (isLast) => {
      try {
        const answer = await this.#desk.backend.options(question);
        if (answer.status === 'ok') this.#known.set(key, answer.data);
        if (!isLast()) return;
        if (answer.status === 'ok') this.#list(key, answer.data);
        else this.#fail(answer.error);
      } catch (error) {
        if (isLast()) this.#fail(faultOf(error));
      }
    });
  }

  #fail(fault: Fault): void {
    this.choice = null;
    this.state = { kind: 'failed', fault };
  }

  #list(key: string, list: OptionsView): void {
    this.#listedFor = key;
    this.state = { kind: 'listed', list };
    if (!list.programs.some((one) => one.id === this.program)) this.program = '';
    const before = this.choice;
    if (before) {
      const program = list.programs.find((one) => one.id === before.program);
      const same = program?.options.some((one) => one.installments === before.installments && sameMoney(one.total, before.total));
      if (!same) {
        this.choice = null;
        this.choiceCleared = true;
      }
    }
    if (!this.choiceCleared) this.#chooseTheOnlyOne();
  }

  /** Where there is nothing to choose, nobody is asked to. */
  #chooseTheOnlyOne(): void {
    const program = this.programShown;
    const only = program?.options.length === 1 && this.shown?.programs.length === 1 ? program.options[0] : undefined;
    if (program && only) this.choose(program, only);
  }
}
