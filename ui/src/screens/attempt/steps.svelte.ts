/** The steps of one payment, read anew at each change; a late answer to an earlier question is dropped. */

import type { Backend, PaymentDetail } from '../../ipc/backend.ts';

export class Steps {
  detail = $state.raw<PaymentDetail | null>(null);
  failed = $state(false);
  /** The journal knows of no such payment. */
  missing = $state(false);
  #turn = 0;
  #asked = '';

  constructor(readonly backend: Backend) {}

  async read(payment: string): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    // The same page may be asked for by another id of its payment.
    if (this.detail !== null && this.#asked !== payment) this.detail = null;
    this.#asked = payment;
    try {
      const answer = await this.backend.payment(payment);
      if (turn !== this.#turn) return;
      if (answer.status === 'ok') this.detail = answer.data;
      this.failed = answer.status === 'error';
      this.missing = answer.status === 'error' && answer.error.code === 'not_found';
    } catch {
      if (turn === this.#turn) this.failed = true;
    }
  }
}
