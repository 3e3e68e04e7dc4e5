// What is sent goes out once, what somebody has begun is seen whatever fails, and nothing that was reported is lost from sight.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { api, choose, leave, sound, stage } from './house.mjs';

const { home, call, as, enter } = stage();

const texts = (feature) =>
  JSON.parse(readFileSync(new URL(`../../src/features/${feature}/texts.zh.json`, import.meta.url), 'utf8'));
const made = async (title, more = {}) =>
  (await call('POST', '/records/incident', { title, requester: 'lilaoshi', ...more })).number;
const named = async (title) => {
  const { items } = await call('GET', `/records/incident?q=${encodeURIComponent(title)}`);
  return items.length;
};

/** Holds the writes of an address until they are let go. */
async function held(page, path) {
  let letGo = () => {};
  const gone = new Promise((done) => {
    letGo = done;
  });
  const keys = [];
  await page.route(path, async (route) => {
    if (route.request().method() === 'POST') {
      keys.push(route.request().headers()['idempotency-key']);
      await gone;
    }
    await route.continue();
  });
  return { letGo, keys };
}

test('a call is logged once, however often Enter is pressed', async () => {
  const page = await as('wangfang', '/w');
  const way = await held(page, '**/api/v1/records/incident');
  await page.keyboard.press('n');
  const title = page.locator('.ant-modal').first().getByLabel(/^标题/);
  await title.fill('来电：回车两次');
  const sent = page.waitForRequest((it) => it.method() === 'POST' && it.url().endsWith('/records/incident'));
  await title.press('Enter');
  await sent;
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  // The second, were there one, is made before this is answered.
  await page.evaluate(() => fetch('/api/v1/info'));
  way.letGo();
  await page.waitForURL('**/w/records/**');
  assert.equal(await named('来电：回车两次'), 1);
  assert.equal(way.keys.length, 1);
  assert.ok(way.keys[0], 'it carries a key');
  await leave(page);
});

test('words whose answer was lost are written once when they are sent again', async () => {
  const number = await made('答复丢失');
  const page = await as('lilaoshi', `/requests/incident/${number}`);
  let lost = 0;
  await page.route('**/comments', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    // It arrives, and nobody learns of it.
    await route.fetch();
    await route.abort();
  });
  const box = page.locator('textarea').first();
  await box.fill('还是不行');
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await page.getByText('连不上服务器').first().waitFor();
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('textarea')?.value === '');
  const { items } = await call('GET', `/records/incident/${number}/timeline?limit=200`);
  assert.equal(items.filter((it) => it.body === '还是不行').length, 1);
  await leave(page, { allow: ['ERR_', 'Failed to load'] });
});

test('a form that fails to come says so, and comes when it is asked for again', async () => {
  const page = await enter({ user: 'wangfang' });
  await page.route('**/api/v1/packs/incident', (route) => route.abort());
  await page.goto(`${home.base}/w/sessions`);
  await page.getByRole('button', { name: '登记' }).first().click();
  const dialog = page.locator('.ant-modal').first();
  await dialog.getByRole('alert').waitFor();
  await page.unroute('**/api/v1/packs/incident');
  await dialog.getByRole('button', { name: '再试一次' }).click();
  await dialog.getByLabel(/^标题/).waitFor();
  await leave(page, { allow: ['ERR_', 'Failed to load'] });
});

test('a caller is known by name beside many who are called alike', async () => {
  const person = (username, name) =>
    call('POST', '/users', { username, name, roles: ['requester'], password: 'yuheng-demo' });
  for (let n = 0; n < 6; n += 1) await person(`li-${n}`, `阿一${n}`);
  await person('li', '最后一位');
  const page = await as('wangfang', '/w');
  await page.keyboard.press('n');
  const dialog = page.locator('.ant-modal').first();
  await choose(dialog, '申报人', '最后一位');
  await dialog.getByRole('complementary', { name: '来电人 最后一位' }).waitFor();
  await leave(page);
});

const mates = async (name, label) => {
  const { department } = await call('GET', '/users/lilaoshi');
  const given = { username: name, name: label, roles: ['requester'], department: department.key };
  await call('POST', '/users', given);
  return api(home.base, home.run('token', 'create', '--user', 'lilaoshi'));
};

test('whoever is reported for is seen, though colleagues cannot be read', async () => {
  await mates('neighbour', '对桌');
  const page = await as('lilaoshi', '/report');
  await page.getByRole('radio', { name: '同部门的同事' }).check();
  await choose(page.locator('form').first(), '同事', '对桌');
  await page.getByPlaceholder('例如：三楼打印机无法连接').fill('对桌的键盘坏了');
  await page.route('**/api/v1/colleagues*', (route) => route.abort());
  await page.reload();
  await page.getByRole('combobox', { name: '同事' }).waitFor();
  await page.locator('form').first().getByText('对桌', { exact: true }).waitFor();
  await leave(page, { allow: ['ERR_', 'Failed to load'] });
});

test('all that was reported for colleagues is found, page by page and by words', async () => {
  const mine = await mates('mate', '邻座');
  const body = (n) => ({ title: `为邻座报告 ${n}`, requester: 'mate', channel: 'portal' });
  for (let n = 10; n < 32; n += 1) await mine('POST', '/records/incident', body(n));
  const page = await as('lilaoshi', '/');
  const region = page.getByRole('region', { name: '为同事报告的' });
  await region.getByRole('link', { name: '为邻座报告 31' }).waitFor();
  assert.equal(await region.getByRole('listitem').count(), 20);
  await region.getByRole('button', { name: '载入更多' }).click();
  await region.getByRole('link', { name: '为邻座报告 10' }).waitFor();
  await page.getByRole('search').getByRole('textbox').fill('报告 17');
  await region.getByRole('link', { name: '为邻座报告 31' }).waitFor({ state: 'detached' });
  await region.getByRole('link', { name: '为邻座报告 17' }).waitFor();
  await leave(page);
});

test('an edit goes on by itself when only words came between', async () => {
  const number = await made('只多了一句话');
  const page = await as('wangfang', `/w/records/incident/${number}?tab=form`);
  await page.getByLabel(/^标题/).fill('改过的标题');
  await call('POST', `/records/incident/${number}/comments`, { body: '顺便说一句', visibility: 'internal' });
  await page.getByRole('button', { name: /保存/ }).click();
  await page.locator('h1', { hasText: '改过的标题' }).waitFor();
  assert.equal((await call('GET', `/records/incident/${number}`)).title, '改过的标题');
  await leave(page, { allow: ['412'] });
});

test('“me too” that is refused shows what is so now', async () => {
  const record = await made('三号楼断网', { requester: 'wangfang' });
  const words = { zh: '三号楼断网', en: 'No network' };
  await call('POST', '/announcements', { title: words, severity: 'outage', record });
  const page = await as('lilaoshi', '/');
  await page.route('**/affected', (route) =>
    route.fulfill({ status: 409, json: { status: 409, code: 'not_available', title: 'over' } }),
  );
  const anew = page.waitForRequest((it) => it.url().includes('/api/v1/announcements?'));
  await page.getByRole('button', { name: '我也受影响' }).first().click();
  await anew;
  await page.getByRole('button', { name: '我也受影响' }).first().waitFor();
  await leave(page, { allow: ['409'] });
});

test("one's own session is marked, and ended only after a question", async () => {
  const other = await enter({ user: 'zhangwei' });
  const page = await as('admin', '/w/admin/access');
  await page.getByText('当前会话').waitFor();
  await page.getByRole('button', { name: '结束张伟的这一项' }).first().waitFor();
  const own = page.getByRole('row').filter({ hasText: '当前会话' });
  await own.getByRole('button', { name: /^结束.*的这一项$/ }).click();
  await page.getByText('结束后您会退出登录。').waitFor();
  // The question has the focus, on the way out; leaving gives it back to the button that asked.
  const out = page.getByRole('button', { name: '取消', exact: true });
  await out.waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === '取消');
  await sound(page);
  await page.keyboard.press('Enter');
  await out.waitFor({ state: 'hidden' });
  await page.waitForFunction(() => /这一项$/.test(document.activeElement?.getAttribute('aria-label') ?? ''));
  assert.equal((await page.ask('/api/v1/me')).key, 'admin');
  await other.context().close();
  await leave(page);
});

test('rights are told in words', async () => {
  const page = await as('admin', '/w/admin/users?open=zhangwei');
  await page.getByText('能做什么', { exact: true }).click();
  await page.getByRole('cell', { name: '查看内部内容' }).first().waitFor();
  assert.equal(await page.getByRole('cell', { name: /^outcome:|^read_internal$/ }).count(), 0);
  await leave(page);
});

test('nobody is shown what they may not open', async () => {
  const actions = ['workspace', 'user.read', 'user.write', 'setting.write'];
  await call('POST', '/roles', { key: 'caretaker', label: { zh: '看管', en: 'Caretaker' }, actions });
  const given = { username: 'caretaker', name: '老管', roles: ['caretaker'], password: 'yuheng-demo' };
  await call('POST', '/users', given);
  const page = await as('caretaker', '/w', { tours: {} });
  const panel = page.locator('.ant-tour:visible');
  await panel.waitFor();
  const next = panel.locator('.ant-tour-next-btn');
  const seen = [];
  while (await panel.isVisible()) {
    const title = await panel.locator('.ant-tour-title').textContent();
    seen.push(title);
    await next.click();
    await page.waitForFunction(
      (before) => document.querySelector('.ant-tour-title')?.textContent !== before,
      title,
    );
  }
  const all = texts('tour');
  assert.deepEqual(
    seen,
    ['users', 'settings', 'help'].map((stop) => all[`stop_administrator_${stop}`]),
  );
  await leave(page);
});
