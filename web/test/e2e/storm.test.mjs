// A morning storm: six people report one failure, the seventh is led away; told and resolved together, seen by each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, sound, stage } from './house.mjs';

const { home, call, as } = stage();

test('six reports hang below one, are told and resolved with it; a seventh is not written', async () => {
  const requesters = ['lilaoshi'];
  for (let n = 0; n < 6; n += 1) {
    const username = `storm${n}`;
    await call('POST', '/users', {
      username,
      name: `风暴${n}`,
      roles: ['requester'],
      password: 'yuheng-demo',
      locale: 'zh',
    });
    if (n < 5) requesters.push(username);
  }
  const opened = (title, requester) =>
    call('POST', '/records/incident', { title, description: 'x', requester, channel: 'phone' });
  const parent = (await opened('教务系统打不开', 'storm0')).number;
  await call('POST', `/records/incident/${parent}/actions/dispatch`, {
    fields: { category: 'software/application/unavailable', service: 'oa' },
  });
  const numbers = [];
  for (const user of requesters) numbers.push((await opened(`风暴报告 ${user}`, user)).number);

  // The six reports, below the one that is worked on.
  const desk = await as('wangfang', '/w/records/incident?q=风暴报告');
  const rows = desk.locator('tbody tr');
  assert.equal(await rows.count(), 6);
  await desk.locator('thead').getByRole('checkbox').check();
  const bar = desk.getByRole('region', { name: '批量操作' });
  await bar.getByRole('button', { name: '归入同一记录' }).click();
  const choose = desk.getByRole('dialog', { name: '归入同一记录' });
  await choose.getByRole('combobox').fill('教务系统');
  await desk.locator('.ant-select-item-option', { hasText: parent }).click();
  await choose.getByRole('button', { name: '下一步' }).click();
  const preview = desk.getByRole('dialog', { name: '预览：归入同一记录' });
  await preview.getByText('其中 6 条可以执行').waitFor();
  await preview.getByRole('button', { name: '归入同一记录（6 条）' }).click();
  await desk.getByText('完成 6 条，无变化 0 条，未执行 0 条').waitFor();
  await desk.getByRole('dialog').getByRole('button', { name: '关闭', exact: true }).last().click();

  // Everybody is told: an announcement, and a reply on each report.
  await desk.goto(`${home.base}/w/records/incident/${parent}?tab=links`);
  await settled(desk);
  const family = desk.getByRole('region', { name: '同因记录' });
  await family.getByText('下级 6 条，未解决 6 条').waitFor();
  await sound(desk);
  await family.getByRole('button', { name: '通知受影响的人' }).click();
  const tell = desk.getByRole('dialog', { name: '通知受影响的人' });
  await tell.getByRole('textbox', { name: '公告标题' }).fill('教务系统故障，正在处理');
  await tell.getByRole('radio', { name: '所有人' }).check();
  await tell.getByRole('textbox', { name: '说明' }).fill('服务器故障，**十点前**恢复。');
  await sound(desk);
  await tell.getByRole('button', { name: '发出' }).click();
  await desk.getByText('完成 6 条，无变化 0 条，未执行 0 条').waitFor();
  await desk.getByRole('dialog').getByRole('button', { name: '关闭', exact: true }).last().click();

  // A seventh begins to write, is told, and does not report.
  const seventh = await as('storm5', '/report', { width: 390 });
  await seventh.getByRole('textbox', { name: /一句话说明/ }).fill('教务系统登录不了');
  const hints = seventh.getByRole('region', { name: '先看看是不是这些' });
  await hints.getByText('教务系统故障，正在处理').waitFor();
  await sound(seventh);
  await hints.getByRole('button', { name: '就是这个' }).first().click();
  await hints.getByText('十点前').waitFor();
  assert.equal(await hints.locator('strong', { hasText: '十点前' }).count(), 1);
  await hints.getByRole('link', { name: '回到首页' }).click();
  await seventh.getByRole('heading', { name: '教务系统故障，正在处理' }).waitFor();
  await sound(seventh);
  await leave(seventh);

  // Resolved together, each with the same words.
  await desk.goto(`${home.base}/w/records/incident/${parent}`);
  await settled(desk);
  await desk.getByRole('toolbar').getByRole('button', { name: '解决' }).click();
  const resolve = desk.getByRole('dialog', { name: '解决' });
  await resolve.getByRole('checkbox', { name: '同时处理 6 条下级记录' }).waitFor();
  await resolve.getByRole('textbox', { name: /解决方案/ }).fill('更换了服务器电源');
  await resolve.getByRole('combobox', { name: /关闭代码/ }).click();
  await desk.locator('.ant-select-item-option:visible').first().click();
  await resolve.getByText(/下级 6 条记录，邮件 \d+ 人/).waitFor();
  await resolve.getByRole('button', { name: '解决' }).click();
  await desk.getByText('完成 6 条，无变化 0 条，未执行 0 条').waitFor();
  await leave(desk);

  for (const [n, user] of requesters.entries()) {
    const own = await as(user, `/requests/incident/${numbers[n]}`);
    await own.getByText('更换了服务器电源').first().waitFor();
    await own.getByText('服务器故障').first().waitFor();
    if (n === 0) await sound(own);
    await leave(own);
  }
});

test('a duplicate is merged with a preview, a second matter split off', async () => {
  const opened = (title, requester) =>
    call('POST', '/records/incident', { title, description: '现象说明', requester, channel: 'phone' });
  const [stays, twin] = [
    (await opened('投影仪不亮', 'lilaoshi')).number,
    (await opened('投影仪坏了', 'zhangwei')).number,
  ];
  const page = await as('wangfang', `/w/records/incident/${twin}`);
  const menu = async (name) => {
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await menu('合并到…');
  const merge = page.getByRole('dialog', { name: `合并 ${twin}` });
  await merge.getByRole('combobox').fill('投影仪不亮');
  await page.locator('.ant-select-item-option', { hasText: stays }).click();
  await merge.getByText('双方申报人互相看不到').waitFor();
  await sound(page);
  await merge.getByRole('button', { name: '合并并关闭' }).click();
  await page.getByRole('heading', { name: '投影仪不亮' }).waitFor();
  await page.getByText('并入了重复的记录').waitFor();

  await menu('拆出新单');
  const split = page.getByRole('dialog', { name: `从 ${stays} 拆出新单` });
  await split.getByRole('button', { name: '登记新单' }).click();
  await split.getByText('请用一句话说明另一件事').waitFor();
  await split.getByRole('textbox', { name: '另一件事是什么' }).fill('幕布放不下来');
  await sound(page);
  await split.getByRole('button', { name: '登记新单' }).click();
  await page.getByRole('heading', { name: '幕布放不下来' }).waitFor();
  await leave(page);
});

for (const [lng, width] of [
  ['zh', 1440],
  ['en', 390],
])
  test(`an announcement is written, shown and ended (${lng}, ${width})`, async () => {
    const zh = lng === 'zh';
    const title = `停机 ${lng}${width}`;
    const page = await as('wangfang', '/w/admin/announcements', { lng, width });
    await page
      .getByRole('button', { name: zh ? '新建' : 'New', exact: true })
      .first()
      .click();
    const editor = page.getByRole('dialog');
    await editor.getByRole('textbox', { name: zh ? '标题（中文）' : 'Title (Chinese)' }).fill(title);
    await editor
      .getByRole('textbox', { name: zh ? '中文内容' : 'Text in Chinese' })
      .fill('<script>alert(1)</script> **今晚**');
    await sound(page);
    await editor.getByRole('button', { name: zh ? '创建' : 'Create' }).click();
    await page.getByRole('button', { name: title, exact: true }).waitFor();
    await sound(page);
    const reader = await as('lilaoshi', '/', { lng, width });
    const card = reader.getByRole('article').filter({ has: reader.getByRole('heading', { name: title }) });
    await card.getByText('<script>alert(1)</script>').waitFor();
    await sound(reader);
    await page
      .getByRole('row')
      .filter({ hasText: title })
      .getByRole('button', { name: zh ? '立即结束' : 'End now' })
      .click();
    // The reader's page learns of it by itself.
    await card.waitFor({ state: 'detached' });
    await leave(reader);
    await leave(page);
  });
