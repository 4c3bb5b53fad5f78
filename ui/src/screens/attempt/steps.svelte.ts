/** The steps of one payment, read anew at each change; a late answer to an earlier question is dropped. */

import type { Backend, PaymentDetail } from '../../ipc/backend.ts';

export class Steps {
  detail = $state.raw<PaymentDetail | null>(null);
  failed = $state(false);
  #turn = 0;

  constructor(readonly backend: Backend) {}

  async read(payment: string): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    if (this.detail !== null && this.detail.payment !== payment) this.detail = null;
    try {
      const answer = await this.backend.payment(payment);
      if (turn !== this.#turn) return;
      if (answer.status === 'ok') this.detail = answer.data;
      this.failed = answer.status === 'error';
    } catch {
      if (turn === this.#turn) this.failed = true;
    }
  }
}
