// The guided first run: from an empty folder to a record that was dispatched to a real team, with every click and field counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminPassword, settled } from '../browser.mjs';
import { stage } from './house.mjs';

const { home, enter } = stage({ demo: false });

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
