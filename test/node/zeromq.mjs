// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// The kernel as VS Code starts it: raw sockets of zeromq.js, kernel_info on
// shell and control until both answer, housekeeping code, and SIGTERM without a
// shutdown_request at the end.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Dealer, Subscriber } from 'zeromq';

const [argv, env] = process.argv.slice(2).map(a => JSON.parse(a));
const folder = mkdtempSync(path.join(os.tmpdir(), 'livy-kernel-'));
const file = path.join(folder, 'connection.json');

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
const key = randomUUID();
const ports = {};
for (const channel of ['shell', 'iopub', 'stdin', 'control', 'hb']) ports[`${channel}_port`] = await freePort();
writeFileSync(file, JSON.stringify({ ...ports, ip: '127.0.0.1', transport: 'tcp', key, signature_scheme: 'hmac-sha256' }));

const kernel = spawn(argv[0], argv.slice(1).map(a => a.replace('{connection_file}', file)), { env: { ...process.env, ...env }, stdio: 'inherit' });
const exited = once(kernel, 'exit');

/** Waits until a port can be connected to; VS Code does so before anything else. */
async function probe(port) {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      // Not yet.
    } finally {
      socket.destroy();
    }
  }
}
await Promise.all([probe(ports.shell_port), probe(ports.iopub_port)]);
rmSync(folder, { recursive: true }); // the kernel has read it; nobody needs it any more

const session = randomUUID();
const address = channel => `tcp://127.0.0.1:${ports[`${channel}_port`]}`;
const dealer = channel => {
  const socket = new Dealer({ routingId: session });
  socket.connect(address(channel));
  return socket;
};
const sockets = { shell: dealer('shell'), control: dealer('control'), stdin: dealer('stdin') };
const iopub = new Subscriber();
iopub.connect(address('iopub'));
iopub.subscribe();

const sign = parts => {
  const hmac = createHmac('sha256', key);
  parts.forEach(p => hmac.update(p));
  return hmac.digest('hex');
};
/** Takes a message apart and checks its signature. */
function parse(frames) {
  const at = frames.findIndex(f => f.toString() === '<IDS|MSG>');
  const parts = frames.slice(at + 2, at + 6);
  assert.equal(frames[at + 1].toString(), sign(parts));
  const [header, parent, metadata, content] = parts.map(p => JSON.parse(p));
  return { header, parent, metadata, content };
}

const waiting = new Map(); // by message id: what a request still waits for
const starting = Promise.withResolvers();
async function listen(socket, take) {
  for await (const frames of socket) take(parse(frames));
}
for (const channel of ['shell', 'control']) {
  listen(sockets[channel], message => waiting.get(message.parent.msg_id)?.reply(message, channel));
}
listen(iopub, message => {
  if (message.header.msg_type === 'status' && message.content.execution_state === 'starting') starting.resolve();
  waiting.get(message.parent.msg_id)?.publish(message);
});

/** Sends a request; resolves with reply and publications once reply and idle are there. */
async function request(channel, type, content, metadata = {}, watch = () => {}) {
  const header = { msg_id: randomUUID(), session, username: 'u', version: '5.3', msg_type: type, date: new Date().toISOString() };
  const done = Promise.withResolvers();
  const state = { published: [] };
  const finish = () => state.answer && state.idle && done.resolve(state);
  waiting.set(header.msg_id, {
    reply(message, from) {
      assert.equal(from, channel, 'the reply comes by the channel of its request');
      assert.equal(state.answer, undefined, 'one reply');
      state.answer = message.content;
      finish();
    },
    publish(message) {
      state.published.push(message);
      watch(message);
      state.idle = message.content.execution_state === 'idle';
      finish();
    },
  });
  const parts = [header, {}, metadata, content].map(part => JSON.stringify(part));
  await sockets[channel].send(['<IDS|MSG>', sign(parts), ...parts]);
  return done.promise;
}
const execute = (code, more = {}, metadata = {}, watch) => request('shell', 'execute_request', {
  code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: false, ...more,
}, metadata, watch);
const streamed = state => state.published.filter(m => m.header.msg_type === 'stream').map(m => m.content.text).join('');

const infos = await Promise.all(['shell', 'control'].map(channel => request(channel, 'kernel_info_request', {})));
infos.forEach(state => assert.equal(state.answer.status, 'ok'));
await starting.promise;

// VS Code's own code, sent before the notebook is usable: no session starts.
let state = await execute('%config Completer.use_jedi = False\n__vsc_ipynb_file__ = "/tmp/n.ipynb"', { store_history: false });
assert.equal(state.answer.status, 'ok');
assert.equal(streamed(state), '');

state = await execute("print('a🦀')", {}, { cellId: 'vscode-notebook-cell:/tmp/n.ipynb#W0' });
assert.equal(streamed(state), 'a🦀\n');
state = await execute('select 41 + 1 as answer', {}, { vscode: { languageId: 'sql' }, cellId: 'vscode-notebook-cell:/tmp/n.ipynb#W1' });
assert.ok(state.published.some(m => m.header.msg_type === 'execute_result' && m.content.data['text/html']), JSON.stringify(state.published));

// interrupt_request by control, twice.
const begun = Promise.withResolvers();
const sleeping = execute('import time; time.sleep(600)', {}, { cellId: 'vscode-notebook-cell:/tmp/n.ipynb#W2' },
  message => message.header.msg_type === 'execute_input' && begun.resolve());
await begun.promise;
const interrupts = await Promise.all([1, 2].map(() => request('control', 'interrupt_request', {})));
interrupts.forEach(i => assert.equal(i.answer.status, 'ok'));
assert.equal((await sleeping).answer.ename, 'KeyboardInterrupt');
assert.equal(streamed(await execute("print('on')")), 'on\n');

kernel.kill('SIGTERM');
const [code, signal] = await exited;
assert.deepEqual([code, signal], [0, null]);
console.log('zeromq.js: ok');
process.exit(0);
