/** A supervisor is asked for their word on how something stands; the gateway may answer for it meanwhile. */

import { onDestroy } from 'svelte';
import type { Fault, Result } from '../ipc/backend.ts';
import { faultOf } from './desk.svelte.ts';

/** How that stands which is asked about, and what says that it stands otherwise now. */
type About = { stands: () => string; answered: () => void };

/**
 * What is asked, and of what. It is asked no more once that stands otherwise: a word on what nobody knew is none against what
 * the gateway says now. It is told then, for a dialog that vanishes says nothing. Made where a component is.
 */
export class Asked<T extends string> {
  /** What is asked; `null` where nothing is. */
  what = $state<T | null>(null);
  /** A word is on its way: until its answer is here, it may be that word which changed how it stands. */
  #sent = $state(false);
  #about: About | null = null;
  #stood = '';

  constructor() {
    $effect(() => {
      if (this.what !== null && this.#changed && !this.#sent) this.#over();
    });
    // What asked may go together with what it was asked about.
    onDestroy(() => {
      queueMicrotask(() => {
        if (this.what !== null && this.#changed && !this.#sent) this.#over();
      });
    });
  }

  ask(what: T, about: About): void {
    this.#about = about;
    this.#stood = about.stands();
    this.what = what;
  }

  leave(): void {
    this.what = null;
  }

  /** Sends the word. Answers why it was not taken, where that is still of use; `null` where nothing is asked any more. */
  async send<V>(word: () => Promise<Result<V, Fault>>): Promise<Fault | null> {
    this.#sent = true;
    const answer = await word().catch((error: unknown) => ({ status: 'lost' as const, error: faultOf(error) }));
    if (answer.status === 'ok') this.what = null;
    // Whether it was this word, nobody can tell where its answer was lost: then how it stands speaks for itself.
    else if (this.#changed && answer.status === 'lost') this.what = null;
    else if (this.#changed) this.#over();
    this.#sent = false;
    return answer.status === 'ok' || this.what === null ? null : answer.error;
  }

  get #changed(): boolean {
    return this.#about !== null && this.#about.stands() !== this.#stood;
  }

  #over(): void {
    this.what = null;
    this.#about?.answered();
  }
}
