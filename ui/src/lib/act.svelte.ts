/** One act of a person at a time: under way, done, or failed with words. */

import type { Fault, Result } from '../ipc/backend.ts';
import { faultOf } from './desk.svelte.ts';

export class Act {
  /** What is under way, by its owner's name for it. */
  busy = $state<string | null>(null);
  /** Why the last one failed. */
  fault = $state.raw<Fault | null>(null);

  /** Does it, unless another one is under way. Answers what came of it; `null` where it failed, with the fault kept. */
  async run<T>(name: string, ask: () => Promise<Result<T, Fault>>): Promise<{ data: T } | null> {
    if (this.busy !== null) return null;
    this.busy = name;
    this.fault = null;
    try {
      const answer = await ask();
      if (answer.status === 'ok') return { data: answer.data };
      this.fault = answer.error;
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.busy = null;
    }
    return null;
  }
}
