/** What the window may ask of the desk, whoever answers: the shell, or the practice one of the tests. */

import type { commands, DeskEvent, ExportDone, ExportInput, ExportProgress, Fault, Hello } from './bindings.ts';

export type * from './bindings.ts';

/** An answer: what was asked for, or why not. */
export type Result<T, E> = { status: 'ok'; data: T } | { status: 'error'; error: E };

type Commands = typeof commands;

/** Every command, typed by generation, and the two that carry bytes. */
export interface Backend extends Omit<Commands, 'watch' | 'makeExport'> {
  /** Writes an export; answers when it is whole, and tells meanwhile how far it is. */
  makeExport(input: ExportInput, onProgress: (progress: ExportProgress) => void): Promise<Result<ExportDone, Fault>>;
  /** Everything, now; and from then on each change. */
  watch(onEvent: (event: DeskEvent) => void): Promise<Result<Hello, Fault>>;
  /** Hands the card over, once, at Pay: UTF-8 JSON bytes. Answers the held card's name. */
  handCard(bytes: Uint8Array): Promise<Result<string, Fault>>;
  /** Hands over the security code alone, for "same card again". Answers the held card's name. */
  handCvc(attempt: string, bytes: Uint8Array): Promise<Result<string, Fault>>;
}
