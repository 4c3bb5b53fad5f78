/** The shell behind the window. Beside the generated bindings the only file that knows of Tauri. */

import { Channel, invoke, type InvokeArgs, type InvokeOptions } from '@tauri-apps/api/core';
import type { Backend, Result } from './backend.ts';
import { commands, type DeskEvent, type ExportProgress, type Fault } from './bindings.ts';

/** A command whose body is bytes, which the generated bindings do not cover. */
async function raw(command: string, body: InvokeArgs, options?: InvokeOptions): Promise<Result<string, Fault>> {
  try {
    return { status: 'ok', data: await invoke<string>(command, body, options) };
  } catch (fault) {
    if (fault instanceof Error) throw fault;
    return { status: 'error', error: fault as Fault };
  }
}

export const tauri: Backend = {
  ...commands,
  watch(onEvent) {
    const channel = new Channel<DeskEvent>();
    channel.onmessage = onEvent;
    return commands.watch(channel);
  },
  makeExport(input, onProgress) {
    const channel = new Channel<ExportProgress>();
    channel.onmessage = onProgress;
    return commands.makeExport(input, channel);
  },
  handCard: (bytes) => raw('hand_card', bytes),
  handCvc: (attempt, bytes) => raw('hand_cvc', bytes, { headers: { attempt } }),
};
