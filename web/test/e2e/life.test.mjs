// A record's life in the browser, from the report to the rating, each by the person whose turn it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, leave, stage } from './house.mjs';

const { call, as } = stage();

test('report, classify, work, solve, confirm, rate', async () => {
  const asking = await as('lilaoshi', '/report', { width: 390 });
  await asking.getByPlaceholder('例如：三楼打印机无法连接').fill('会议室投影没有信号');
  await asking.locator('textarea').first().fill('一号会议室，今天早上开始。');
  await asking.getByRole('button', { name: '报告问题' }).click();
  await asking.waitForURL(/INC-\d{4}-\d{6}/);
  const number = asking.url().match(/INC-\d{4}-\d{6}/)[0];
  await leave(asking);

  const desk = await as('wangfang', `/w/records/incident/${number}`);
  await desk.getByRole('button', { name: '派单' }).click();
  const dispatch = desk.getByRole('dialog');
  await choose(dispatch, '分类', '有线接入');
  await choose(dispatch, '受影响服务', '办公网络');
  await dispatch.getByRole('button', { name: '派单' }).click();
  await desk.getByText('一线处理中').first().waitFor();
  await leave(desk);
  assert.equal((await call('GET', `/records/incident/${number}`)).team.key, 'network-l1');

  const worker = await as('zhangwei', `/w/records/incident/${number}`);
  await worker.getByRole('button', { name: '受理', exact: true }).click();
  await worker.getByRole('button', { name: '受理', exact: true }).waitFor({ state: 'hidden' });
  await worker.getByRole('link', { name: '流程', exact: true }).click();
  await worker.locator('.djs-container [data-element-id="l1"]').waitFor();
  await worker.getByRole('button', { name: '解决', exact: true }).click();
  const solve = worker.getByRole('dialog');
  await solve.getByLabel('解决方案').fill('更换了墙面端口的跳线。');
  await choose(solve, '关闭代码', '修复');
  await solve.getByRole('button', { name: '解决', exact: true }).click();
  await worker.getByText('已解决，待确认').first().waitFor();
  await leave(worker);

  const again = await as('lilaoshi', `/requests/incident/${number}`, { width: 390 });
  await again.getByRole('button', { name: '确认解决' }).click();
  await again.waitForFunction(
    async (path) => (await (await fetch(path)).json()).phase === 'closed',
    `/api/v1/records/incident/${number}`,
  );
  await leave(again);
  const closed = await call('GET', `/records/incident/${number}`);
  assert.equal(closed.state, 'closed');
  assert.equal(closed.fields.closure_code.length > 0, true);
});

test('a live view follows another person without a reload', async () => {
  const { number } = await call('POST', '/records/incident', { title: '实时更新', description: '' });
  const watching = await as('wangfang', `/w/records/incident/${number}`);
  await call('POST', `/records/incident/${number}/comments`, {
    body: '另一位同事的备注',
    visibility: 'internal',
  });
  await watching.getByText('另一位同事的备注').waitFor();
  await leave(watching);
});

test('no page shows what its reader may not see', async () => {
  const { number } = await call('POST', '/records/incident', {
    title: '别人的工单',
    description: '机密内容',
  });
  const asking = await as('lilaoshi', `/requests/incident/${number}`);
  assert.equal(await asking.getByText('机密内容').count(), 0);
  await asking.context().close();
});
