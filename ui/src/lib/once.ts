/** A second press of a double one lands on whatever took the first one's place: it does nothing there. */

import { SETTLE_MS } from './keys.ts';

const last = new Map<string, number>();

/** Acts of one place on the screen, whichever of them is shown there. */
export class Once {
  constructor(readonly place: string) {}

  /** Does it, unless this place was pressed a moment ago. */
  async run(act: () => Promise<unknown>): Promise<void> {
    const now = performance.now();
    if (now - (last.get(this.place) ?? -Infinity) < SETTLE_MS) return;
    last.set(this.place, now);
    await act();
  }
}
