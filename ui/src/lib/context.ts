/** How a component reaches the desk that it belongs to. */

import { createContext } from 'svelte';
import type { Desk } from './desk.svelte.ts';

export const [getDesk, setDesk] = createContext<Desk>();
