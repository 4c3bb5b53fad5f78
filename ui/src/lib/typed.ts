/** What a person has typed into, and not only what a form was filled with. */

const touched = new WeakSet<EventTarget>();

/** Fields of which nothing is lost: choices, and a search that is kept. */
const KEPT = ['radio', 'checkbox', 'search', 'button', 'submit'];

/** Listens on the window; answers what stops it. */
export function watchTyping(): () => void {
  const typed = (event: Event) => {
    if (event.target !== null) touched.add(event.target);
  };
  window.addEventListener('input', typed, true);
  return () => {
    window.removeEventListener('input', typed, true);
  };
}

/** Whether something stands on the screen that was typed there: going elsewhere would throw it away. */
export function holdsTyped(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('main input, main textarea')];
  return fields.some((field) => touched.has(field) && field.value !== '' && !KEPT.includes(field.type));
}
