import './style/tokens.css';
import './style/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { FakeDesk } from './ipc/fake/fake.ts';
import { scenarioOf } from './ipc/fake/scenarios.ts';

declare global {
  interface Window {
    fake: FakeDesk;
  }
}

// The practice page of the tests: `fake.html?scenario=unknown&lang=tr&theme=dark`.
// What was before began at a whole minute: how long the page takes to load is not to be seen in it.
const began = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
window.fake = new FakeDesk(scenarioOf(new URLSearchParams(location.search), began), began);
const target = document.getElementById('desk');
if (target) mount(App, { target, props: { backend: window.fake } });
