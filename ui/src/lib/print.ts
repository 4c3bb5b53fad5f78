/** The system's print dialog. */

/**
 * Opens it, and answers when it stands. On macOS this is asked of the desk itself, and may be refused: everywhere else the page's own
 * way answers nothing.
 */
export async function printPage(): Promise<void> {
  await (window.print() as unknown);
}
