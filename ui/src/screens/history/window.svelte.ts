/** Which rows of a long list are drawn: those in sight and some around them, and the one that the keyboard is at. */

import { untrack } from 'svelte';

/** Rows beyond either edge, so that a turn of the wheel finds them there. */
const AROUND = 8;

export class RowWindow {
  first = $state(0);
  count = $state(0);
  /** The height of a row in pixels; every row has the same. */
  height = $state(60);

  /** Listens to whatever scrolls around the list; answers what stops it. */
  watch(list: HTMLElement): () => void {
    const look = () => {
      this.#look(list);
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(list);
    window.addEventListener('scroll', look, { capture: true, passive: true });
    window.addEventListener('resize', look);
    untrack(look);
    return () => {
      sizes.disconnect();
      window.removeEventListener('scroll', look, { capture: true });
      window.removeEventListener('resize', look);
    };
  }

  #look(list: HTMLElement): void {
    const row = list.querySelector<HTMLElement>('li');
    if (row !== null && row.offsetHeight > 0) this.height = row.offsetHeight;
    const above = Math.max(0, -list.getBoundingClientRect().top);
    const sight = Math.ceil(window.innerHeight / this.height) + 1;
    this.first = Math.max(0, Math.floor(above / this.height) - AROUND);
    this.count = sight + 2 * AROUND;
  }

  /** The places that are drawn of so many rows. */
  places(rows: number, active: number): number[] {
    const last = Math.min(rows, this.first + this.count);
    const found = Array.from({ length: Math.max(0, last - this.first) }, (_, place) => this.first + place);
    if (active >= 0 && active < rows && !found.includes(active)) found.push(active);
    return found.sort((one, other) => one - other);
  }
}
