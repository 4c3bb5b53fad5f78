import type { Code } from '../ipc/backend.ts';

/** Of a void or refund that nobody knows the end of: the same causes as of a payment, but the money goes the other way. */
const unknown: Partial<Record<Code, string>> = {
  timed_out: 'The gateway did not answer in time.',
  connection_lost: 'The connection broke before the answer came.',
  server_error: 'The gateway failed while it worked on it.',
  unexpected_status: 'The gateway gave an unexpected answer.',
  unreadable_answer: 'The gateway’s answer can’t be read.',
  contradictory_answer: 'The gateway’s answer contradicts itself.',
  bank_timeout: 'The bank did not answer the gateway in time.',
  not_found_or_processed: 'The gateway says that it is not there, or was done already.',
  unknown_word: 'The gateway gave an answer that nobody knows yet.',
  restarted: 'The desk was stopped while this was under way.',
  other_amount: 'The gateway has another amount left than it should.',
};

/** What is said of voids and refunds, and of amounts that differ, in English. */
export const reversalsEn = {
  unknown,
  mayBeBack: 'The money may have gone back. Do not refund it again.',
  differs: (expected: string, found: string) => `Expected ${expected}, the gateway says ${found}.`,
  has: (found: string) => `The gateway has ${found} left.`,
  left: (expected: string, found: string) => `${expected} should be left, the gateway has ${found}.`,
};

/** The shape of these words. */
export type ReversalWords = typeof reversalsEn;
