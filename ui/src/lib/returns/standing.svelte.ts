/** What of a payment's money is where, read anew at each change; a late answer to an earlier question is dropped. */

import type { Backend, ReturnsView } from '../../ipc/backend.ts';

export class Standing {
  view = $state.raw<ReturnsView | null>(null);
  /** Nothing was paid, so nothing can go back: no fault, and nothing to show. */
  nothing = $state(false);
  failed = $state(false);
  #turn = 0;

  constructor(readonly backend: Backend) {}

  async read(payment: string): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const answer = await this.backend.returns(payment);
      if (turn !== this.#turn) return;
      this.nothing = answer.status === 'error' && answer.error.code === 'not_approved';
      this.failed = answer.status === 'error' && !this.nothing;
      this.view = answer.status === 'ok' ? answer.data : null;
    } catch {
      if (turn === this.#turn) this.failed = true;
    }
  }
}
