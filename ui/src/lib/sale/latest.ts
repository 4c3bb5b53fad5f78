/** Questions of which only the last one counts: asked after a pause, and a late answer is dropped. */
export class Latest {
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Asks after a pause; what was to be asked before is not, and what is under way is not listened to any more. */
  soon(pause: number, ask: (isLast: () => boolean) => Promise<void>): void {
    this.drop();
    const turn = this.#turn;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void ask(() => turn === this.#turn);
    }, pause);
  }

  /** Nothing is wanted any more. */
  drop(): void {
    this.#turn += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
