// Starts the real program on an empty folder, as a newcomer would, and stops it again. `stage` is what a file of tests
// begins with: such a program, a browser, and people who come in and leave.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { adminPassword, launch, open, settled, still } from '../browser.mjs';

const program = process.env.YUHENG_BIN ?? new URL('../../../target/debug/yuheng', import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A running system: `{ base, data, pid, run(args), stop() }`. */
export async function house({ demo = false } = {}) {
  // Between finding a free port and the program taking it another process may be faster: then another port is taken.
  for (let tries = 1; ; tries += 1) {
    try {
      return await started(demo, await freePort());
    } catch (error) {
      if (tries === 5 || !error.message.includes('cannot listen on')) throw error;
    }
  }
}

async function started(demo, port) {
  const data = mkdtempSync(join(tmpdir(), 'yuheng-e2e-'));
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
  for (let left = 720; !said.includes('is ready:'); left -= 1) {
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

/** Calls the API with a bearer token; throws on anything but success. A version is what the caller has seen of the thing. */
export function api(base, token) {
  return async (method, path, body, version) => {
    const headers = { authorization: `Bearer ${token}` };
    if (body) headers['content-type'] = 'application/json';
    if (version) headers['if-match'] = `"${version}"`;
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
}

/**
 * The program and the browser of a file's tests, there before the first and gone after the last; `ready` makes what else must be
 * there. Gives `home` as `house` does, `call` as the administrator, `enter` for somebody with an empty page, `as` for somebody on
 * a page that has settled.
 */
export function stage({ demo = true, ready } = {}) {
  const home = {};
  let browser;
  let called;
  before(async () => {
    Object.assign(home, await house({ demo }));
    await ready?.({ home, call });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await home.stop?.();
  });
  const call = (...request) => {
    called ??= api(home.base, home.run('token', 'create', '--user', 'admin'));
    return called(...request);
  };
  const enter = async (options = {}) => {
    const page = await open(browser, home.base, options);
    page.setDefaultTimeout(20_000);
    return page;
  };
  const as = async (user, path, more = {}) => {
    const page = await enter({ user, ...more });
    await page.goto(home.base + path);
    await settled(page);
    return page;
  };
  return { home, call, enter, as };
}

/** Every line that the browser complained with, but for those that a test has provoked. */
const complaints = (page, allow) => page.faults.filter((line) => !allow.some((part) => line.includes(part)));

async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than the window`);
}

export const wcag = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** What is being sent and what fades has come to rest. */
async function rests(page) {
  await page.waitForFunction(() => !document.querySelector('.ant-btn-loading'));
  await still(page);
}

/** Nothing is wrong with what is on the page: it fits, axe finds nothing, nobody has complained. */
export async function sound(page, { rules = [...wcag, 'wcag21a', 'best-practice'], allow = [] } = {}) {
  await fits(page);
  await rests(page);
  if (!(await page.evaluate(() => window.axe))) await page.evaluate(axe);
  // What lies behind an open dialog, half covered by bars that stick to the window, cannot be reached.
  const { violations } = await page.evaluate((runOnly) => {
    const dialogs = [...document.querySelectorAll('[role=dialog][aria-modal=true]')];
    return window.axe.run(dialogs.findLast((it) => it.checkVisibility()) ?? document, { runOnly });
  }, rules);
  const broken = violations.map(
    (it) =>
      `${it.id}: ${it.nodes
        .slice(0, 5)
        .map((node) => node.target.join(' '))
        .join(' | ')}`,
  );
  assert.deepEqual(broken, [], page.url());
  assert.deepEqual(complaints(page, allow), []);
}

/** Somebody goes, and nothing went wrong while they were there. */
export async function leave(page, { allow = [] } = {}) {
  await fits(page);
  assert.deepEqual(complaints(page, allow), []);
  await page.context().close();
}

/** Chooses in a select by typing. */
export async function choose(within, label, text) {
  const box = within.getByRole('combobox', { name: label });
  await box.click();
  await box.fill(text);
  const page = within.page?.() ?? within;
  await page.locator('.ant-select-item-option:visible', { hasText: text }).first().click();
}

/** A table of what stands on the screen, `name: [Chinese, English]`, as the words of one language. */
export const saying = (table, lng) =>
  Object.fromEntries(Object.entries(table).map(([name, [zh, en]]) => [name, lng === 'zh' ? zh : en]));
