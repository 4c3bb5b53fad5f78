/**
 * What the keyboard may do, in one place.
 *
 * - A burst faster than 30 ms a key is a scanner or a stripe reader: it may type, and never activate. So activation waits
 *   30 ms for what may follow the key. A scanner may hesitate before its last key, so a burst is over only 250 ms after the
 *   last two keys that came so fast.
 * - For 700 ms after a screen or dialog changes, keys activate nothing; typing goes on.
 * - A key that repeats by being held activates once.
 * - Enter in a field moves on to the next one.
 */

const BURST_MS = 30;
const BURST_OVER_MS = 250;
/** For so long nothing is pressed after what can be pressed has changed. */
export const SETTLE_MS = 700;
/** On a page that took another's place, most of that time is over when it is seen. */
const RENEWED_MS = 300;

type Combination = { key: string; ctrl: boolean; alt: boolean; shift: boolean };
type Entry = { combination: Combination; element: HTMLElement };

function parse(shortcut: string): Combination {
  const parts = shortcut.split('+');
  const key = (parts.pop() ?? '').toLowerCase();
  const has = (name: string) => parts.some((part) => part.toLowerCase() === name);
  return { key, ctrl: has('ctrl'), alt: has('alt'), shift: has('shift') };
}

/** The key of an event, as it is written on a button. A digit with Alt is told by its place: some layouts change its letter. */
function keyOf(event: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (event.altKey && digit?.[1]) return digit[1];
  return event.key.toLowerCase();
}

function fits(combination: Combination, event: KeyboardEvent): boolean {
  return (
    combination.key === keyOf(event) &&
    // AltGr arrives as Ctrl and Alt together on some systems, and types letters there.
    combination.ctrl === (event.ctrlKey || event.metaKey) &&
    combination.alt === event.altKey &&
    (combination.shift === event.shiftKey || combination.key.length > 1)
  );
}

function takesText(element: Element | null): boolean {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'file'].includes(element.type);
}

function isRadio(element: Element): boolean {
  return element instanceof HTMLInputElement && element.type === 'radio';
}

function isModifier(key: string): boolean {
  return ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock'].includes(key);
}

/** The open dialog on top, within which shortcuts are looked for; the page where none is open. */
function scope(): Element {
  const open = document.querySelectorAll('dialog[open]');
  return open[open.length - 1] ?? document.body;
}

function usable(element: HTMLElement): boolean {
  return !element.matches(':disabled, [aria-disabled="true"]') && element.isConnected && element.closest('[inert]') === null;
}

/** The field after this one: what takes text, and what asks for it with `data-next`; not what says `data-skip`. */
export function moveOn(from: HTMLElement): void {
  const form = from.closest('form, [data-form]') ?? scope();
  const group = from instanceof HTMLInputElement && from.type === 'radio' ? from.name : null;
  const next = [...form.querySelectorAll<HTMLElement>('input, select, textarea, [data-next]')].find(
    (stop) =>
      (from.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
      usable(stop) &&
      (group === null || stop.getAttribute('name') !== group) &&
      (stop.matches('[data-next]') || !stop.matches('[data-skip], [type="radio"], [type="checkbox"], [type="hidden"]')) &&
      stop.getClientRects().length > 0,
  );
  if (!next) return;
  next.focus();
  if (next instanceof HTMLInputElement && takesText(next)) next.select();
}

/** The window's keyboard. */
export class Keys {
  #entries: Entry[] = [];
  #lastKey = -Infinity;
  #lastBurst = -Infinity;
  #lastEnter = -Infinity;
  #changed = -Infinity;
  #waiting: ReturnType<typeof setTimeout> | null = null;

  /** A screen or dialog has changed: keys activate nothing for a moment. */
  settle(renewed = false): void {
    this.#changed = performance.now() - (renewed ? SETTLE_MS - RENEWED_MS : 0);
    this.#forget();
  }

  /** Listens on the window; answers what stops it. */
  listen(): () => void {
    const down = (event: KeyboardEvent) => {
      this.#down(event);
    };
    // Space presses a button when it is let go; what was not allowed to go down does nothing on its way up.
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ' && event.target instanceof HTMLElement && event.target.closest('button, summary, [type="radio"], [type="checkbox"]')) event.preventDefault();
    };
    window.addEventListener('keydown', down, true);
    window.addEventListener('keyup', up, true);
    return () => {
      window.removeEventListener('keydown', down, true);
      window.removeEventListener('keyup', up, true);
      this.#forget();
    };
  }

  /** Makes a key press a button: `F8`, `Alt+1`, `Ctrl+Enter`, `a`. For `{@attach}`. */
  shortcut(shortcut: string | undefined) {
    return (element: HTMLElement): (() => void) | undefined => {
      if (!shortcut) return undefined;
      const entry = { combination: parse(shortcut), element };
      this.#entries.push(entry);
      return () => {
        this.#entries = this.#entries.filter((one) => one !== entry);
      };
    };
  }

  #down(event: KeyboardEvent): void {
    if (isModifier(event.key)) return;
    const at = event.timeStamp;
    if (at - this.#lastKey < BURST_MS) this.#lastBurst = at;
    const burst = at - this.#lastBurst < BURST_OVER_MS;
    this.#lastKey = at;
    this.#forget();
    const target = event.target instanceof HTMLElement ? event.target : document.body;

    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && this.#enterInField(event, target, at)) return;

    const pressed = this.#pressed(event, target);
    if (!pressed) return;
    event.preventDefault();
    event.stopPropagation();
    if (burst || event.repeat || at - this.#changed < SETTLE_MS) return;
    this.#waiting = setTimeout(() => {
      this.#waiting = null;
      if (!usable(pressed)) return;
      pressed.click();
      if (isRadio(target) && event.key === 'Enter') moveOn(target);
    }, BURST_MS);
  }

  /** Enter in a field moves on, and a scanner's carriage return with line feed moves on once. */
  #enterInField(event: KeyboardEvent, target: HTMLElement, at: number): boolean {
    if (!takesText(target) || target instanceof HTMLTextAreaElement) {
      const echo = at - this.#lastEnter < BURST_MS;
      this.#lastEnter = at;
      if (echo) event.preventDefault();
      return echo;
    }
    event.preventDefault();
    const echo = at - this.#lastEnter < BURST_MS;
    this.#lastEnter = at;
    if (!echo && !event.repeat) moveOn(target);
    return true;
  }

  /** What this key would press: the focused button, or the one that the shortcut is drawn on. */
  #pressed(event: KeyboardEvent, target: HTMLElement): HTMLElement | null {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && (event.key === 'Enter' || event.key === ' ')) {
      if (isRadio(target) || (target instanceof HTMLInputElement && target.type === 'checkbox')) return target;
      const focused = target.closest<HTMLElement>('button, summary, a[href]');
      if (focused) return focused;
    }
    const within = scope();
    const typing = takesText(target);
    for (const { combination, element } of [...this.#entries].reverse()) {
      if (!fits(combination, event) || !within.contains(element) || !usable(element)) continue;
      // A letter belongs to the field that has the focus.
      if (typing && combination.key.length === 1 && !combination.ctrl && !combination.alt) continue;
      return element;
    }
    return null;
  }

  #forget(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
  }
}

/** The one keyboard of the window. */
export const keys = new Keys();
