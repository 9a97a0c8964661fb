// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// JupyterLab's own client library, through a Jupyter Server. Its futures are
// done only with reply and idle, and its validators refuse a message that is
// not as the specification has it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { KernelManager, ServerConnection } = require('@jupyterlab/services');
const [baseUrl, token] = process.argv.slice(2);

const serverSettings = ServerConnection.makeSettings({
  baseUrl, wsUrl: baseUrl.replace('http', 'ws'), token, appendToken: true, WebSocket: require('ws'),
});
const manager = new KernelManager({ serverSettings });
const kernel = await manager.startNew({ name: 'livy-local-pyspark' });
const invalid = [];
const warn = console.error;
console.error = (...said) => { invalid.push(said.join(' ')); warn(...said); };

/** Runs a cell; resolves with its reply and what it published. */
async function run(code, options = {}) {
  const future = kernel.requestExecute({ code, stop_on_error: true, ...options });
  const published = [];
  future.onIOPub = message => published.push(message);
  const reply = await future.done;
  return { reply: reply.content, published };
}
const streamed = cell => cell.published.filter(m => m.header.msg_type === 'stream').map(m => m.content.text).join('');

const info = await kernel.info;
assert.equal(info.language_info.name, 'python');

let cell = await run("print('a🦀')");
assert.equal(cell.reply.status, 'ok');
assert.equal(streamed(cell), 'a🦀\n');

// All cells are queued at once, as "Run All" does; an error aborts the rest.
const queued = await Promise.all(["1/0", "print('never')", "print('never')"].map(code => run(code)));
assert.deepEqual(queued.map(c => c.reply.status), ['error', 'aborted', 'aborted']);
assert.equal(queued[0].reply.ename, 'ZeroDivisionError');
assert.equal(streamed(queued[1]), '');
assert.equal(streamed(await run("print('on')")), 'on\n');

const complete = await kernel.requestComplete({ code: "x = '🦀'; impor", cursor_pos: 14 });
assert.ok(complete.content.matches.includes('import'), JSON.stringify(complete.content));
assert.deepEqual([complete.content.cursor_start, complete.content.cursor_end], [9, 14]);
assert.equal((await kernel.requestIsComplete({ code: 'def f():' })).content.status, 'incomplete');
assert.equal((await kernel.requestInspect({ code: '%%sql', cursor_pos: 3, detail_level: 0 })).content.found, true);
const history = await kernel.requestHistory({ hist_access_type: 'tail', n: 1, output: false, raw: true });
assert.equal(history.content.history.at(-1).at(-1), "print('on')");
assert.deepEqual((await kernel.requestCommInfo({})).content.comms, {});

// An interrupt ends the cell that runs.
const sleeping = kernel.requestExecute({ code: 'import time; time.sleep(600)' });
await new Promise(resolve => { sleeping.onIOPub = m => m.header.msg_type === 'execute_input' && resolve(); });
await kernel.interrupt();
assert.equal((await sleeping.done).content.ename, 'KeyboardInterrupt');

// A restart gives a session without the old variables.
await run('x = 1');
await kernel.restart();
assert.equal((await run('x')).reply.ename, 'NameError');

await kernel.shutdown();
manager.dispose();
assert.deepEqual(invalid, []);
console.log('services: ok');
process.exit(0);
