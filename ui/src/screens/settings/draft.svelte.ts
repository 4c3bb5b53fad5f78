/** A merchant account while it is typed. Secrets stand in here until it is saved or left, and nowhere else. */

import type { AccountInput, CredentialsPlace, Field, Gateway, LoginInput, ReturnWay } from '../../ipc/backend.ts';

/** What every address begins with; which one it is, the owner's contract says. The program itself names none. */
const SCHEME = 'https://';

/** What must still be filled in. */
export type Missing = Field | 'settles';

export class AccountDraft {
  id = $state<string | null>(null);
  name = $state('');
  gateway = $state<Gateway>('finrota');
  baseUrl = $state(SCHEME);
  login = $state<LoginInput['kind']>('pair');
  key = $state('');
  secret = $state('');
  token = $state('');
  place = $state<CredentialsPlace['kind']>('keychain');
  passphrase = $state('');
  way = $state<ReturnWay['kind']>('custom_scheme');
  returnUrl = $state('');
  currencies = $state('TRY');
  status = $state(true);
  /** `unsaid` until the owner has said it; it must be where nobody can be asked. */
  settles = $state<'unsaid' | 'no' | 'yes'>('unsaid');
  limit = $state(true);
  confirm = $state('');

  fill(input: AccountInput): void {
    this.id = input.id;
    this.name = input.name;
    this.gateway = input.gateway;
    this.baseUrl = input.base_url;
    this.login = 'kept';
    this.place = input.credentials.kind;
    this.way = input.return_way.kind;
    this.returnUrl = input.return_way.kind === 'https' ? input.return_way.url : '';
    this.currencies = input.currencies.join(', ');
    this.status = input.status_query;
    this.settles = input.return_settles === null ? 'unsaid' : input.return_settles ? 'yes' : 'no';
    this.limit = input.credit_limit;
    this.confirm = input.confirm_above ?? '';
  }

  missing(): Missing[] {
    const typed = this.login === 'pair' ? this.key !== '' && this.secret !== '' : this.login === 'token' ? this.token !== '' : true;
    const checks: [boolean, Missing][] = [
      [this.name.trim() !== '', 'name'],
      [!['', SCHEME].includes(this.baseUrl.trim()), 'base_url'],
      [typed, 'login'],
      [this.place !== 'sealed' || this.login === 'kept' || this.passphrase !== '', 'passphrase'],
      [this.way !== 'https' || this.returnUrl.trim() !== '', 'return_url'],
      [this.currencies.trim() !== '', 'currency'],
      [this.status || this.settles !== 'unsaid', 'settles'],
    ];
    return checks.filter(([good]) => !good).map(([, field]) => field);
  }

  input(): AccountInput {
    const login: LoginInput =
      this.login === 'pair' ? { kind: 'pair', key: this.key.trim(), secret: this.secret.trim() }
      : this.login === 'token' ? { kind: 'token', token: this.token.trim() }
      : { kind: 'kept' };
    return {
      id: this.id,
      name: this.name.trim(),
      gateway: this.gateway,
      base_url: this.baseUrl.trim(),
      login,
      credentials: this.place === 'sealed' ? { kind: 'sealed', passphrase: this.passphrase } : { kind: this.place },
      return_way: this.way === 'https' ? { kind: 'https', url: this.returnUrl.trim() } : { kind: this.way },
      currencies: this.currencies.split(/[\s,;]+/).map((one) => one.trim().toUpperCase()).filter((one) => one !== ''),
      status_query: this.status,
      return_settles: this.settles === 'unsaid' ? null : this.settles === 'yes',
      credit_limit: this.gateway === 'yolcu360' && this.limit,
      confirm_above: this.confirm.trim() === '' ? null : this.confirm.trim(),
    };
  }

  /** Empties every secret. */
  wipe(): void {
    this.key = '';
    this.secret = '';
    this.token = '';
    this.passphrase = '';
  }
}
