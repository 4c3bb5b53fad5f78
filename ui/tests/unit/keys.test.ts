import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Keys, moveOn } from '../../src/lib/keys.ts';

let keys: Keys;
let stop: () => void;
let clicks: string[];
/** The time that the next key carries, in milliseconds since the page was loaded. */
let at: number;

function button(name: string, shortcut?: string, into: Element = document.body): HTMLButtonElement {
  const made = document.createElement('button');
  made.textContent = name;
  made.addEventListener('click', () => clicks.push(name));
  into.append(made);
  keys.shortcut(shortcut)(made);
  return made;
}

function input(into: Element = document.body): HTMLInputElement {
  const made = document.createElement('input');
  into.append(made);
  return made;
}

type Press = { after?: number; ctrl?: boolean; alt?: boolean; shift?: boolean; repeat?: boolean; code?: string };

/** A key goes down so many milliseconds after the one before; answers whether the page may do its own with it. */
function press(key: string, { after = 200, ctrl = false, alt = false, shift = false, repeat = false, code = '' }: Press = {}): boolean {
  vi.advanceTimersByTime(after);
  at += after;
  const event = new KeyboardEvent('keydown', { key, code, ctrlKey: ctrl, altKey: alt, shiftKey: shift, repeat, bubbles: true, cancelable: true });
  Object.defineProperty(event, 'timeStamp', { value: at });
  return (document.activeElement ?? document.body).dispatchEvent(event);
}

/** Time goes by and no key comes. */
function rest(milliseconds = 200): void {
  vi.advanceTimersByTime(milliseconds);
  at += milliseconds;
}

beforeEach(() => {
  document.body.innerHTML = '';
  clicks = [];
  vi.useFakeTimers();
  at = performance.now();
  keys = new Keys();
  stop = keys.listen();
  // happy-dom lays nothing out; moveOn asks whether a field is to be seen.
  vi.spyOn(HTMLElement.prototype, 'getClientRects').mockReturnValue([new DOMRect(0, 0, 1, 1)] as unknown as DOMRectList);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a key activates', () => {
  test('the focused button, with Enter and with space', () => {
    button('Pay').focus();
    press('Enter');
    rest();
    expect(clicks).toEqual(['Pay']);
    press(' ');
    rest();
    expect(clicks).toEqual(['Pay', 'Pay']);
  });

  test('the button that its shortcut is drawn on, also while a field has the focus', () => {
    button('Pay', 'Ctrl+Enter');
    button('Third', 'Alt+3');
    button('Account', 'F8');
    input().focus();
    press('Enter', { ctrl: true });
    rest();
    press('£', { alt: true, code: 'Digit3' });
    rest();
    press('F8');
    rest();
    expect(clicks).toEqual(['Pay', 'Third', 'Account']);
  });

  test('a letter belongs to the field that has the focus, and else to its button', () => {
    button('Ask', 'a');
    const field = input();
    field.focus();
    expect(press('a')).toBe(true);
    rest();
    expect(clicks).toEqual([]);
    field.blur();
    press('a');
    rest();
    expect(clicks).toEqual(['Ask']);
  });

  test('nothing when other modifiers are held', () => {
    button('Pay', 'Ctrl+Enter');
    button('Ask', 'a');
    press('Enter');
    press('Enter', { ctrl: true, alt: true });
    press('a', { ctrl: true });
    rest();
    expect(clicks).toEqual([]);
  });

  test('nothing behind an open dialog, and what is in it', () => {
    button('Behind', 'F2');
    const dialog = document.createElement('dialog');
    dialog.setAttribute('open', '');
    document.body.append(dialog);
    button('Within', 'F3', dialog);
    press('F2');
    rest();
    press('F3');
    rest();
    expect(clicks).toEqual(['Within']);
  });

  test('nothing that is disabled or inert', () => {
    button('Off', 'F2').disabled = true;
    button('Said off', 'F3').setAttribute('aria-disabled', 'true');
    const inert = document.createElement('div');
    inert.setAttribute('inert', '');
    document.body.append(inert);
    button('Inert', 'F4', inert);
    for (const key of ['F2', 'F3', 'F4']) press(key);
    rest();
    expect(clicks).toEqual([]);
  });
});

describe('a burst of keys', () => {
  test.each([1, 5, 12, 29])('with %d ms between them activates nothing', (gap) => {
    button('Pay').focus();
    for (const key of [...'4155650100416111']) press(key, { after: gap });
    press('Enter', { after: gap });
    rest();
    expect(clicks).toEqual([]);
  });

  test('does not activate with its first key either', () => {
    button('Pay').focus();
    press('Enter');
    press('4', { after: 5 });
    press('1', { after: 5 });
    rest();
    expect(clicks).toEqual([]);
  });

  test('of two Enters activates nothing, or once', () => {
    button('Pay').focus();
    press('Enter');
    press('Enter', { after: 5 });
    rest();
    expect(clicks.length).toBeLessThanOrEqual(1);
  });

  test('never presses a shortcut', () => {
    button('Pay', 'Ctrl+Enter');
    input().focus();
    press('1');
    press('Enter', { ctrl: true, after: 10 });
    rest();
    expect(clicks).toEqual([]);
  });

  test.each([31, 99, 249])('that hesitates for %d ms before its last key activates nothing', (gap) => {
    button('Pay').focus();
    for (const key of [...'8690123456']) press(key, { after: 5 });
    press('Enter', { after: gap });
    rest();
    expect(clicks).toEqual([]);
  });

  test('is over once a person types again', () => {
    button('Pay').focus();
    press('1');
    press('2', { after: 5 });
    press('Enter', { after: 251 });
    rest();
    expect(clicks).toEqual(['Pay']);
  });
});

describe('after a screen changed', () => {
  test.each([[1, 0], [350, 0], [699, 0], [701, 1], [5_000, 1]])('%d ms later Enter activates %d times', (later, times) => {
    button('Next').focus();
    keys.settle();
    press('Enter', { after: later });
    rest();
    expect(clicks).toHaveLength(times);
  });

  test('a key that was waiting is forgotten', () => {
    button('Next').focus();
    press('Enter');
    keys.settle();
    rest();
    expect(clicks).toEqual([]);
  });

  test('typing goes on', () => {
    input().focus();
    keys.settle();
    expect(press('4', { after: 10 })).toBe(true);
  });
});

test('a key that is held activates once', () => {
  button('Pay').focus();
  press('Enter');
  for (let turn = 0; turn < 20; turn += 1) press('Enter', { after: 33, repeat: true });
  rest();
  expect(clicks.length).toBeLessThanOrEqual(1);
});

test('a key held from the screen before activates nothing, however long it is held', () => {
  button('Next').focus();
  keys.settle();
  for (let turn = 0; turn < 60; turn += 1) press('Enter', { after: 33, repeat: true });
  rest();
  expect(clicks).toEqual([]);
});

describe('Enter in a field', () => {
  test('moves on, selects, skips what asks for it, and stays at the end', () => {
    const [one, two] = [input(), input()];
    two.value = '545';
    const skipped = input();
    skipped.setAttribute('data-skip', '');
    const off = input();
    off.disabled = true;
    const pay = button('Pay');
    pay.setAttribute('data-next', '');
    one.focus();
    press('Enter');
    expect(document.activeElement).toBe(two);
    press('Enter');
    expect(document.activeElement).toBe(pay);
    moveOn(pay);
    expect(document.activeElement).toBe(pay);
    rest();
    expect(clicks).toEqual([]);
  });

  test('a scanner’s carriage return with line feed moves on once', () => {
    const [one, two] = [input(), input()];
    const three = input();
    one.focus();
    for (const key of [...'RES-1']) press(key, { after: 5 });
    press('Enter', { after: 5 });
    press('Enter', { after: 5 });
    expect(document.activeElement).toBe(two);
    expect(document.activeElement).not.toBe(three);
  });

  test('does not run on while it is held', () => {
    const [one, two] = [input(), input()];
    input();
    one.focus();
    press('Enter');
    for (let turn = 0; turn < 10; turn += 1) press('Enter', { after: 33, repeat: true });
    expect(document.activeElement).toBe(two);
  });

  test('arriving on Pay and pressing Enter again in the same burst does not pay', () => {
    const one = input();
    const pay = button('Pay');
    pay.setAttribute('data-next', '');
    one.focus();
    press('Enter');
    press('Enter', { after: 8 });
    rest();
    expect(document.activeElement).toBe(pay);
    expect(clicks).toEqual([]);
  });
});

test('a listener that was stopped hears nothing', () => {
  button('Pay').focus();
  press('Enter');
  stop();
  rest();
  press('Enter');
  rest();
  expect(clicks).toEqual([]);
});
