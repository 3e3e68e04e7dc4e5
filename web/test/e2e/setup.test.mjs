// The guided first run: from an empty folder to a record that was dispatched to a real team, with every click and field counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminPassword, settled } from '../browser.mjs';
import { stage } from './house.mjs';

const { home, call, enter } = stage({ demo: false });

const most = { clicks: 40, fields: 20 };

test('an empty system is led to a dispatched record', async () => {
  const page = await enter({ user: null });
  const count = { clicks: 0, fields: 0 };
  const click = async (target) => {
    count.clicks += 1;
    await target.click();
  };
  const fill = async (label, value) => {
    count.fields += 1;
    await page.getByLabel(label, { exact: true }).fill(value);
  };
  const button = (name) => page.getByRole('button', { name, exact: true });
  const choose = async (box, words) => {
    await click(box);
    const option = page.locator(
      '.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option',
    );
    await click(words ? option.filter({ hasText: words }).first() : option.first());
  };
  const at = async (step) => {
    await page.getByRole('heading', { name: step, exact: true }).waitFor();
    await settled(page);
  };

  await page.goto(`${home.base}/`);
  await fill('用户名', 'admin');
  await fill('密码', adminPassword);
  await click(button('登录'));
  await page.waitForURL('**/setup');
  // Who is not signed in yet is told so.
  page.faults = [];

  await at('单位名称与语言');
  await fill('中文名称', '示例单位');
  await click(button('保存并继续'));

  await at('管理员');
  await fill('邮箱', 'admin@example.org');
  await fill('现在的密码', adminPassword);
  await fill('新密码', 'another-password');
  await click(button('保存并继续'));

  await at('术语');
  await choose(page.getByLabel('术语方案'), '故障');
  await page.getByText('故障、').first().waitFor();
  await click(button('保存并继续'));

  await at('优先级');
  await click(button('高、中、低'));
  await click(button('保存并继续'));

  await at('工作时间');
  await click(button('以后再做这一步'));

  await at('办公区域');
  await fill('办公区域名称', '总部');
  await click(button('添加'));
  await page.getByRole('listitem').filter({ hasText: '总部' }).waitFor();
  await click(button('继续'));

  await at('人员');
  await fill('姓名', '王小明');
  await fill('用户名', 'wangxiaoming');
  await fill('初始密码', 'first-of-wang');
  await click(button('添加'));
  await page.getByRole('listitem').filter({ hasText: 'wangxiaoming' }).waitFor();
  await click(button('继续'));

  await at('支持组');
  const team = page.locator('[data-team="desktop-l1"]');
  count.fields += 1;
  await team.getByRole('textbox').first().fill('桌面组');
  await choose(team.getByRole('combobox').first(), '王小明');
  await click(team.getByRole('button', { name: '保存' }));
  await page.getByRole('form', { name: '桌面组' }).waitFor();
  await click(button('继续'));

  await at('服务');
  await fill('服务名称', '打印');
  await click(button('添加'));
  await page.getByRole('listitem').filter({ hasText: '打印' }).waitFor();
  await click(button('继续'));

  await at('分类');
  await click(button('继续'));

  await at('第一张单');
  await click(button('登记'));
  const link = page.getByRole('link', { name: '打开并派单' });
  await link.waitFor();
  const address = await link.getAttribute('href');
  await click(button('完成'));
  await at('可以开始工作了');
  assert.equal((await page.ask('/api/v1/me')).setup, false, 'all steps were done or put off');

  await page.goto(home.base + address);
  await settled(page);
  const [, , , type, number] = address.split('/');
  assert.ok((await page.getByText('故障').count()) > 0, 'the record is called what was chosen');
  await click(page.getByRole('button', { name: '派单' }).first());
  const dialog = page.locator('.ant-modal').last();
  await dialog.waitFor();
  // What the rules need; the team is theirs to find.
  await choose(dialog.getByLabel('分类'));
  await choose(dialog.getByLabel('受影响服务'));
  await click(dialog.locator('.ant-modal-footer .ant-btn-primary'));
  await dialog.waitFor({ state: 'hidden' });
  const record = await page.ask(`/api/v1/records/${type}/${number}`);
  assert.equal(record.team.label, '桌面组');
  assert.equal(record.on_duty.key, 'wangxiaoming');
  assert.equal(record.priority_label.length, 1, 'one of three levels');

  console.log(`from an empty folder to a dispatched record: ${count.clicks} clicks, ${count.fields} fields`);
  assert.ok(count.clicks <= most.clicks && count.fields <= most.fields, JSON.stringify(count));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

/** Another administrator: the first has a password of their own by now. */
const second = async (how = {}) => {
  const person = { username: 'second', name: '第二位', roles: ['admin'], password: 'yuheng-demo' };
  const { items } = await call('GET', '/users?q=second');
  if (items.length === 0) await call('POST', '/users', person);
  return enter({ user: 'second', ...how });
};

test('what a step refuses stands beside its field, which has the focus', async () => {
  const page = await second();
  await page.goto(`${home.base}/setup?step=sites`);
  await settled(page);
  const name = page.getByLabel('办公区域名称');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-invalid'));
  // Nothing, and the same once more.
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.getByText('请填写办公区域名称').waitFor();
  assert.equal(await focused(), 'true');
  for (const text of ['北楼', ' 北楼 ']) {
    await name.fill(text);
    await page.getByRole('button', { name: '添加', exact: true }).click();
    if (text === '北楼') await page.getByRole('listitem').filter({ hasText: '北楼' }).waitFor();
  }
  await page.getByText('已经有“北楼”了，请换一个名称').waitFor();
  assert.equal(await focused(), 'true');
  const sites = (await page.ask('/api/v1/sites?limit=200')).items.filter((it) => it.label === '北楼');
  assert.equal(sites.length, 1, 'it is there once');

  // What only the server knows.
  await page.goto(`${home.base}/setup?step=people`);
  await settled(page);
  await page.getByLabel('姓名').fill('另一位');
  await page.getByLabel('用户名').fill('admin');
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  assert.equal(await focused(), 'true');

  // The line breaks while a branch is shut: who works by keyboard stays where they were.
  await page.goto(`${home.base}/setup?step=categories`);
  await settled(page);
  await page.route('**/api/v1/categories/**', (route) => route.abort());
  const branch = page.getByRole('switch').first();
  await branch.press('Space');
  const told = page.getByRole('alert').filter({ hasText: '连不上服务器' });
  await told.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'switch');
  // Once the server answers, that it did not is old news.
  await page.unroute('**/api/v1/categories/**');
  await branch.press('Space');
  await told.waitFor({ state: 'detached', timeout: 4_000 });
  assert.ok(
    page.faults.every((line) => /ERR_FAILED|4\d\d/.test(line)),
    page.faults.join(),
  );
  await page.context().close();
});

test('a step whose list cannot be read says so and offers to read it again', async () => {
  const page = await second({ width: 390 });
  let broken = true;
  await page.route('**/api/v1/sites?**', (route) =>
    broken ? route.fulfill({ status: 500, json: { status: 500, code: 'internal' } }) : route.continue(),
  );
  await page.goto(`${home.base}/setup?step=sites`);
  const again = page.getByRole('button', { name: '再试一次' });
  await again.waitFor();
  assert.equal(await page.getByLabel('办公区域名称').count(), 0, 'nothing is added to what is not known');
  // On a phone the strip shows the step that is open.
  const step = page.getByRole('navigation', { name: '步骤' }).locator('[aria-current]');
  await step.waitFor();
  const { x, width } = await step.boundingBox();
  assert.ok(x >= 0 && x + width <= 390, `the open step lies at ${x}`);
  broken = false;
  await again.click();
  await page.getByLabel('办公区域名称').waitFor();
  await page.context().close();
});
