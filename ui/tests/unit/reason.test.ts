// Why an attempt ended as it did, told in nobody else's name.
import { expect, test } from 'vitest';
import type { AttemptView } from '../../src/ipc/backend.ts';
import { reasonOf } from '../../src/screens/attempt/stage.ts';

const because = (evidence: string, code: string) => reasonOf({ evidence, reason: { code } } as unknown as AttemptView);

test('what a supervisor settled is not put into the bank’s mouth', () => {
  expect(because('supervisor', 'other')).toBe(null);
  expect(because('counter_entry', 'other')).toBe(null);
  expect(because('pay_answer', 'other')).toBe('other');
  expect(because('supervisor', 'insufficient_funds')).toBe('insufficient_funds');
  expect(reasonOf({ evidence: null, reason: null } as unknown as AttemptView)).toBe(null);
});
