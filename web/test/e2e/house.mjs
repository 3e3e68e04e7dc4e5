// Starts the real program on an empty folder, as a newcomer would, and stops it again.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminPassword } from '../browser.mjs';

const program = process.env.YUHENG_BIN ?? new URL('../../../target/debug/yuheng', import.meta.url).pathname;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A running system: `{ base, data, pid, run(args), stop() }`. */
export async function house({ demo = false } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'yuheng-e2e-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, ...(demo ? ['--demo'] : [])];
  const child = spawn(program, args, { env: { ...process.env, YUHENG_ADMIN_PASSWORD: adminPassword } });
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  child.stderr.on('data', (part) => {
    said += part;
  });
  const ends = new Promise((done) => child.once('exit', done));
  for (let left = 240; !said.includes('is ready:'); left -= 1) {
    if (left === 0 || child.exitCode !== null) throw new Error(`the program did not start: ${said}`);
    await new Promise((done) => setTimeout(done, 500));
  }
  const run = (...words) => {
    const done = spawnSync(program, [...words, '--data', data], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ends;
    rmSync(data, { recursive: true, force: true });
  };
  return { base, data, pid: child.pid, run, stop };
}

/** Calls the API with a bearer token; throws on anything but success. */
export function api(base, token) {
  return async (method, path, body) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
}
