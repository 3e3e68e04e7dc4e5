// A morning storm: six people report one failure, the seventh is led away; told and resolved together, seen by each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, saying, sound, stage } from './house.mjs';

const { home, call, as } = stage();

const words = {
  failure: ['教务系统打不开', 'Timetables cannot be opened'],
  part: ['教务系统', 'Timetables'],
  report: ['风暴报告', 'Storm report'],
  bulk: ['批量操作', 'Bulk actions'],
  same: ['归入同一记录', 'Same cause as'],
  next: ['下一步', 'Next'],
  preview: ['预览：归入同一记录', 'Preview: Same cause as'],
  able: ['其中 6 条可以执行', '6 of the 6 looked at are open to this'],
  run: ['归入同一记录（6 条）', 'Same cause as (6)'],
  done: ['完成 6 条，无变化 0 条，未执行 0 条', '6 done, 0 unchanged, 0 refused'],
  close: ['关闭', 'Close'],
  family: ['同因记录', 'Same cause'],
  counts: ['下级 6 条，未解决 6 条', '6 below, 6 unresolved'],
  tell: ['通知受影响的人', 'Tell the affected'],
  title: ['公告标题', 'Title'],
  outage: ['教务系统故障，正在处理', 'Timetables are down, being worked on'],
  everybody: ['所有人', 'Everybody'],
  text: ['说明', 'What to tell them'],
  told: ['服务器故障，**十点前**恢复。', 'A server is down, back **before ten**.'],
  read: ['服务器故障', 'A server is down'],
  strong: ['十点前', 'before ten'],
  send: ['发出', 'Send'],
  line: [/一句话说明/, /In one line/],
  seventh: ['教务系统登录不了', 'Timetables are down'],
  hints: ['先看看是不是这些', 'Is it one of these?'],
  that: ['就是这个', 'That is it'],
  home: ['回到首页', 'Back to the start page'],
  resolve: ['解决', 'Resolve'],
  along: ['同时处理 6 条下级记录', 'With 6 records below'],
  solution: [/解决方案/, /Resolution/],
  mended: ['更换了服务器电源', 'Replaced the power supply of the server'],
  code: [/关闭代码/, /Closure code/],
  over: ['已恢复', 'Working again'],
  reach: [/下级 6 条记录，邮件 \d+ 人/, /6 records below, mail to \d+ people/],
};

for (const lng of ['zh', 'en'])
  test(`a morning storm: six reports are told and resolved with one, a seventh is not written (${lng})`, async () => {
    const say = saying(words, lng);
    const requesters = ['lilaoshi'];
    for (let n = 0; n < 6; n += 1) {
      const username = `storm.${lng}${n}`;
      const password = 'yuheng-demo';
      await call('POST', '/users', {
        username,
        name: `风暴${n}`,
        roles: ['requester'],
        password,
        locale: lng,
      });
      if (n < 5) requesters.push(username);
    }
    const opened = (title, requester) =>
      call('POST', '/records/incident', { title, description: 'x', requester, channel: 'phone' });
    const parent = (await opened(say.failure, `storm.${lng}0`)).number;
    await call('POST', `/records/incident/${parent}/actions/dispatch`, {
      fields: { category: 'software/application/unavailable', service: 'oa' },
    });
    const numbers = [];
    for (const user of requesters) numbers.push((await opened(`${say.report} ${user}`, user)).number);

    // The six reports, below the one that is worked on.
    const desk = await as('wangfang', `/w/records/incident?q=${encodeURIComponent(say.report)}`, { lng });
    assert.equal(await desk.locator('tbody tr').count(), 6);
    await desk.locator('thead').getByRole('checkbox').check();
    await desk.getByRole('region', { name: say.bulk }).getByRole('button', { name: say.same }).click();
    const pick = desk.getByRole('dialog', { name: say.same });
    await pick.getByRole('combobox').fill(say.part);
    await desk.locator('.ant-select-item-option', { hasText: parent }).click();
    await pick.getByRole('button', { name: say.next }).click();
    const preview = desk.getByRole('dialog', { name: say.preview });
    await preview.getByText(say.able).waitFor();
    await preview.getByRole('button', { name: say.run }).click();
    const put = desk.getByRole('dialog').getByRole('button', { name: say.close, exact: true });
    await desk.getByText(say.done).waitFor();
    await put.last().click();

    // Everybody is told: an announcement, and a reply on each report.
    await desk.goto(`${home.base}/w/records/incident/${parent}?tab=links`);
    await settled(desk);
    const family = desk.getByRole('region', { name: say.family });
    await family.getByText(say.counts).waitFor();
    await sound(desk);
    await family.getByRole('button', { name: say.tell }).click();
    const tell = desk.getByRole('dialog', { name: say.tell });
    await tell.getByRole('textbox', { name: say.title }).fill(say.outage);
    await tell.getByRole('radio', { name: say.everybody }).check();
    await tell.getByRole('textbox', { name: say.text }).fill(say.told);
    await sound(desk);
    await tell.getByRole('button', { name: say.send }).click();
    await desk.getByText(say.done).waitFor();
    await put.last().click();

    // A seventh begins to write, is told, and does not report.
    const seventh = await as(`storm.${lng}5`, '/report', { width: 390, lng });
    await seventh.getByRole('textbox', { name: say.line }).fill(say.seventh);
    const hints = seventh.getByRole('region', { name: say.hints });
    await hints.getByText(say.outage).waitFor();
    await sound(seventh);
    await hints.getByRole('button', { name: say.that }).first().click();
    await hints.getByText(say.strong).waitFor();
    assert.equal(await hints.locator('strong', { hasText: say.strong }).count(), 1);
    await hints.getByRole('link', { name: say.home }).click();
    await seventh.getByRole('heading', { name: say.outage }).waitFor();
    await sound(seventh);

    // Resolved together, each with the same words.
    await desk.goto(`${home.base}/w/records/incident/${parent}`);
    await settled(desk);
    await desk.getByRole('toolbar').getByRole('button', { name: say.resolve }).click();
    const resolve = desk.getByRole('dialog', { name: say.resolve });
    await resolve.getByRole('checkbox', { name: say.along }).waitFor();
    await resolve.getByRole('textbox', { name: say.solution }).fill(say.mended);
    await resolve.getByRole('combobox', { name: say.code }).click();
    await desk.locator('.ant-select-item-option:visible').first().click();
    await resolve.getByText(say.reach).waitFor();
    await resolve.getByRole('button', { name: say.resolve }).click();
    await desk.getByText(say.done).waitFor();
    await leave(desk);

    // Whoever still looks at the announcement sees that it works again, without anybody's doing.
    const over = seventh.getByRole('article').filter({ hasText: say.outage });
    await over.getByText(say.over, { exact: true }).waitFor();
    await sound(seventh);
    await leave(seventh);

    for (const [n, user] of requesters.entries()) {
      const own = await as(user, `/requests/incident/${numbers[n]}`, { lng });
      await own.getByText(say.mended).first().waitFor();
      await own.getByText(say.read).first().waitFor();
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
