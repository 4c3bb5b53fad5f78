/** The words of a fault for a dialog that asks for a supervisor: what happened, what to do, and the field to go to. */

import type { Fault, Field } from '../../ipc/backend.ts';
import { faultOf, type Desk } from '../desk.svelte.ts';

export type Answer = { text: string; field: Field | null } | null;

export function answerOf(desk: Desk, fault: Fault): Answer {
  const { happened, next } = desk.words.codes[fault.code];
  const said = fault.code === 'not_a_supervisor' || fault.field === 'saw' ? '' : (fault.text ?? '');
  return { text: [happened, next, said].filter(Boolean).join(' '), field: fault.code === 'not_a_supervisor' ? 'pin' : fault.field };
}

export function failed(desk: Desk, error: unknown): Answer {
  return answerOf(desk, faultOf(error));
}
