/** Questions of which only the newest counts: one under way for each subject, and at most one more waiting behind it. */

/** Asks, and is told whether its answer still counts. */
type Asks<K> = (about: K, isLatest: () => boolean) => Promise<void>;

interface Course<K> {
  about: K;
  again: boolean;
}

export class Rereading<K> {
  readonly #asks: Asks<K>;
  #course: Course<K> | null = null;

  constructor(asks: Asks<K>) {
    this.#asks = asks;
  }

  /** Asks; while the same is being asked, it is asked once more afterwards, however often this is called meanwhile. */
  async ask(about: K): Promise<void> {
    if (this.#course !== null && this.#course.about === about) {
      this.#course.again = true;
      return;
    }
    // Another subject does not wait for this one, whose answer counts no more.
    const mine: Course<K> = { about, again: true };
    this.#course = mine;
    while (mine.again && this.#course === mine) {
      mine.again = false;
      await this.#asks(about, () => this.#course === mine);
    }
    if (this.#course === mine) this.#course = null;
  }
}
