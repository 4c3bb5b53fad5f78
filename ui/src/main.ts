import './style/tokens.css';
import './style/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { tauri } from './ipc/tauri.ts';

const target = document.getElementById('desk');
if (target) mount(App, { target, props: { backend: tauri } });
