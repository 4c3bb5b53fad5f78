// What the fake desk answers with, and what it counts as wrong.
import type { AccountInput, Code, Fault, Field } from '../backend.ts';

/** What went wrong, by its code. */
export function fault(code: Code, field: Field | null = null, text: string | null = null): Fault {
  return { code, text, field };
}

/** An answer. */
export function ok<T>(data: T): { status: 'ok'; data: T } {
  return { status: 'ok', data };
}

/** A refusal. */
export function no<E>(error: E): { status: 'error'; error: E } {
  return { status: 'error', error };
}

/** What is wrong with an account as it was typed. */
export function accountFault(account: AccountInput): Fault | null {
  if (account.name.trim() === '') return fault('text_missing', 'name');
  if (!/^https:\/\/[^/]+/.test(account.base_url)) return fault('account_wrong', 'base_url');
  if (account.login.kind === 'pair' && (account.login.key === '' || account.login.secret === '')) return fault('account_wrong', 'login');
  if (!account.status_query && account.return_settles === null) return fault('account_wrong', 'return_url', 'return_settles must be stated.');
  return null;
}

/** This moment, as the desk writes it. */
export function now(): string {
  return new Date().toISOString();
}
