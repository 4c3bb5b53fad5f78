// The desk behind the window, for tests and for looking: in memory, the same every time, and driven from outside.
// It is never part of the program.
import type {
  AccountInput, AttemptView, Backend, BankPageState, DeskEvent, Fault, Hello, HistoryFilter, OperatorInput, Preferences, RepairView, Result, SettleInput,
} from '../backend.ts';
import { accountFault, fault, no, now, ok } from './answers.ts';
import { detail, page, type Kept } from './past.ts';
import { Closes } from './closes.ts';
import { OPERATORS, PASSPHRASE, YOLCU, FINROTA } from './people.ts';

/** The fake desk. The tests' handle on it is told at Stage. */
export class FakeDesk extends Closes implements Backend {
  // Begin.

  async watch(onEvent: (event: DeskEvent) => void): Promise<Result<Hello, Fault>> {
    const wrong = await this.comes('watch', []);
    if (wrong !== null) return no(wrong);
    this.events = onEvent;
    return ok(structuredClone(this.hello()));
  }

  setPreferences = (preferences: Preferences) => this.does('setPreferences', [preferences], () => { this.preferences = preferences; });

  beginTraining = () => this.does('beginTraining', [], () => { this.become({ place: 'open', training: true, operators: false, accounts: [FINROTA, YOLCU] }); });

  leaveTraining = () => this.does('leaveTraining', [], () => { this.become({ place: 'first_start', training: false }); });

  unlockVault = (passphrase: string) => this.does('unlockVault', [passphrase], () => {
    if (passphrase !== PASSPHRASE) return fault('passphrase_wrong', 'passphrase');
    this.become({ place: 'open' });
    return null;
  });

  openTill = () => this.does('openTill', [], () => { this.become({ place: 'open' }); });

  async repairJournal(): Promise<Result<RepairView, Fault>> {
    const wrong = await this.comes('repairJournal', []);
    if (wrong !== null) return no(wrong);
    return ok({
      complete: false, events: 1204, from_backups: 1180, lost: 3, end_missing: true,
      fragments: ['attempt att_01KAJ0B7V4 of pay_01KAJ0B7V4: approved; last at 2026-11-21T09:00:00Z (event 611)'],
      aside: '/srv/vezne/damaged-20261121-090000',
    });
  }

  closeDesk = () => this.does('closeDesk', [], () => null);
  renewPage = (shown: string | null, watched: string[], known: string[]) => this.does('renewPage', [shown, watched, known], () => null);
  pageStands = () => this.does('pageStands', [], () => null);

  // One attempt.

  cancel = (attempt: string) => this.does('cancel', [attempt], () => {
    const one = this.known.find((known) => known.attempt === attempt);
    if (one === undefined) return fault('not_found');
    if (one.progress !== 'preparing') return fault('too_late_to_cancel');
    this.finish('cancelled', attempt);
    return null;
  });

  askAgain = (attempt: string) => this.does('askAgain', [attempt], () => {
    if (this.known.some((known) => known.attempt === attempt)) this.asked(attempt);
  });

  askReversalAgain = (reversal: string) => this.does('askReversalAgain', [reversal], () => {
    const one = this.reversals.find((known) => known.reversal === reversal);
    if (one === undefined) return fault('not_found');
    const again = { ...one, questions: one.questions + 1 };
    this.reversals = this.reversals.map((known) => (known.reversal === reversal ? again : known));
    this.tell({ kind: 'reversal', reversal: again });
    return null;
  });

  async attempt(attempt: string): Promise<Result<AttemptView, Fault>> {
    const wrong = await this.comes('attempt', [attempt]);
    const found = [...this.known, ...this.past.map((kept) => kept.attempt)].find((one) => one.attempt === attempt);
    if (wrong !== null || found === undefined) return no(wrong ?? fault('not_found'));
    return ok(structuredClone(found));
  }

  async settle(settle: SettleInput): Promise<Result<AttemptView, Fault>> {
    const wrong = await this.comes('settle', [settle]);
    if (wrong !== null) return no(wrong);
    if (!settle.confirmed) return no(fault('not_confirmed'));
    if (!this.agrees(settle.supervisor)) return no(fault('not_a_supervisor', 'pin'));
    if (settle.supervisor.reason.trim() === '') return no(fault('text_missing', 'reason'));
    const one = this.known.find((known) => known.attempt === settle.attempt);
    if (one === undefined) return no(fault('not_found'));
    if (settle.verdict !== 'set_aside' && (settle.saw ?? '').trim() === '') return no(fault('portal_reference_missing', 'saw'));
    const said: AttemptView = settle.verdict === 'set_aside'
      ? { ...one, set_aside: true, since: now() }
      : {
        ...one, outcome: settle.verdict, since: now(), evidence: one.contradicted ? 'counter_entry' : 'supervisor', contradicted: false, contradiction: null, listed_from: null, alarms: [],
        needs_attention: false, next_question: null, set_aside: false, reason: null,
      };
    this.put(said);
    return ok(structuredClone(said));
  }

  // The bank's page.

  #pageDoes(command: 'bankShow' | 'bankPark' | 'bankKeep' | 'bankToBrowser', attempt: string, state: BankPageState) {
    return this.does(command, [attempt], () => {
      if (!this.pages.some((open) => open.attempt === attempt)) return fault('no_page');
      this.page(state, attempt);
      return null;
    });
  }

  bankShow = (attempt: string) => this.#pageDoes('bankShow', attempt, 'shown');
  bankPark = (attempt: string) => this.#pageDoes('bankPark', attempt, 'parked');
  bankKeep = (attempt: string) => this.#pageDoes('bankKeep', attempt, 'shown');

  bankToBrowser = (attempt: string) => this.does('bankToBrowser', [attempt], () => {
    if (!this.pages.some((open) => open.attempt === attempt)) return fault('no_page');
    if (!this.subject(attempt).can_be_asked) return fault('browser_not_offered');
    this.page('in_browser', attempt);
    this.change({ in_browser: true }, attempt);
    return null;
  });

  bankClose = (attempt: string, gaveUp: boolean) => this.does('bankClose', [attempt, gaveUp], () => {
    if (!this.pages.some((open) => open.attempt === attempt)) return fault('no_page');
    this.to('confirming', attempt);
    return null;
  });

  // Past.

  async history(filter: HistoryFilter) {
    const wrong = await this.comes('history', [filter]);
    if (wrong !== null) return no(wrong);
    return ok(structuredClone(page(this.#kept(), this.reversals, filter)));
  }

  async payment(payment: string) {
    const wrong = await this.comes('payment', [payment]);
    const found = detail(this.#kept(), this.reversals, payment, this.notes);
    if (wrong !== null || found === null) return no(wrong ?? fault('not_found'));
    return ok(structuredClone(found));
  }

  addNote = (payment: string, text: string, operator: string | null) => this.does('addNote', [payment, text, operator], () => {
    if (text.trim() === '') return fault('text_missing', 'note');
    if (/(?:\d[ -]?){13,}/.test(text)) return fault('card_data_in_field', 'note');
    const name = OPERATORS.find((one) => one.id === operator)?.name ?? null;
    this.notes.set(payment, [...(this.notes.get(payment) ?? []), { at: now(), operator: name, text: text.trim() }]);
    return null;
  });

  #kept(): Kept[] {
    return [...this.known.map((attempt): Kept => ({ attempt, holder: 'Ayşe Yıldırım' })), ...this.past];
  }

  // Settings.

  async accountInput(account: string): Promise<Result<AccountInput, Fault>> {
    const wrong = await this.comes('accountInput', [account]);
    const found = this.account(account);
    if (wrong !== null || found === null) return no(wrong ?? fault('unknown_account'));
    return ok({
      id: found.id, name: found.name, gateway: found.gateway, base_url: `https://${found.host}/api/v1`, login: { kind: 'kept' }, credentials: { kind: 'keychain' },
      return_way: found.return_way, currencies: found.currencies, status_query: found.status_query,
      return_settles: found.status_query ? null : found.return_settles, credit_limit: found.credit_limit, confirm_above: found.confirm_above?.amount ?? null,
    });
  }

  async tryAccount(account: AccountInput): Promise<Result<'can_be_asked' | 'sign_in_refused' | 'no_answer', Fault>> {
    const wrong = (await this.comes('tryAccount', [account])) ?? accountFault(account);
    if (wrong !== null) return no(wrong);
    if (account.base_url.includes('offline')) return ok('no_answer');
    return ok(account.login.kind === 'pair' && account.login.secret === 'wrong' ? 'sign_in_refused' : 'can_be_asked');
  }

  saveAccount = (account: AccountInput) => this.does('saveAccount', [account], () => {
    const wrong = accountFault(account);
    if (wrong !== null) return wrong;
    if (this.known.some((one) => one.outcome === null)) return fault('attempts_open');
    const id = account.id ?? `acc_${this.scenario.accounts.length + 1}`;
    const view = {
      ...(this.account(id) ?? FINROTA), id, name: account.name, gateway: account.gateway, host: new URL(account.base_url).host, currencies: account.currencies,
      credit_limit: account.credit_limit, status_query: account.status_query, return_settles: account.return_settles ?? false, return_way: account.return_way,
    };
    this.become({ place: 'open', accounts: [...this.scenario.accounts.filter((one) => one.id !== id), view] });
    return null;
  });

  removeAccount = (account: string) => this.does('removeAccount', [account], () => {
    if (this.known.some((one) => one.account === account && (one.outcome === null || one.outcome === 'unknown'))) return fault('account_unsettled');
    this.become({ accounts: this.scenario.accounts.filter((one) => one.id !== account) });
    return null;
  });

  addOperator = (operator: OperatorInput) => this.does('addOperator', [operator], () => {
    if (operator.name.trim() === '') return fault('text_missing', 'name');
    if (!/^\d{4,12}$/.test(operator.pin)) return fault('pin_refused', 'pin');
    if (OPERATORS.some((one) => one.name === operator.name)) return fault('name_taken', 'name');
    if (this.scenario.operators && operator.supervisor === null) return fault('needs_supervisor', 'supervisor_name');
    if (this.scenario.operators && !this.agrees(operator.supervisor)) return fault('not_a_supervisor', 'pin');
    this.become({});
    return null;
  });
}
