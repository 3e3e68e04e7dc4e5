// Following, speaking to people, urging, promising calls, and being told: each seen by the person whom it concerns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, stage } from './house.mjs';

const { home, call, enter, as } = stage();

const opened = async (title, more = {}) => {
  const { number } = await call('POST', '/records/incident', {
    title,
    description: 'x',
    requester: 'lilaoshi',
    channel: 'phone',
    ...more,
  });
  return number;
};
const dispatched = async (title) => {
  const number = await opened(title);
  const fields = { category: 'hardware/printer', service: 'print' };
  await call('POST', `/records/incident/${number}/actions/dispatch`, { fields });
  return number;
};

test('a colleague who is mentioned is told, and has seen it once the record is open', async () => {
  const number = await dispatched('提到同事');
  const told = await as('zhangwei', '/w');
  const bell = told.getByRole('button', { name: /^通知/ });
  const before = await told.ask('/api/v1/notices?unseen=true');
  const writer = await as('wangfang', `/w/records/incident/${number}`);
  await writer.getByRole('radio', { name: '内部' }).click();
  const box = writer.getByPlaceholder('内部备注，申报人看不到');
  await box.pressSequentially('请 @zhangw', { delay: 30 });
  await writer.getByRole('option', { name: '张伟 zhangwei', exact: true }).waitFor();
  await box.press('Enter');
  await box.pressSequentially('看一下');
  assert.match(await box.inputValue(), /^请 @张伟 看一下$/);
  await writer.getByRole('button', { name: '记录备注' }).click();
  await writer.getByRole('listitem').getByText('请 @张伟 看一下').waitFor();
  await leave(writer);

  await told.getByRole('button', { name: `通知，${before.unseen + 1} 条未读` }).waitFor();
  await told.getByRole('region', { name: '有新变化' }).getByText('提到了您').first().waitFor();
  await bell.click();
  const panel = told.getByRole('dialog', { name: '通知' });
  await panel.getByText('王芳提到了您').first().waitFor();
  await panel.getByRole('link', { name: '提到同事' }).click();
  await told.getByText('请 @张伟 看一下').waitFor();
  await told.waitForFunction(
    async (left) => (await (await fetch('/api/v1/notices?unseen=true')).json()).unseen === left,
    before.unseen,
  );
  await leave(told);
});

test('who follows is seen and chosen on the record', async () => {
  const number = await dispatched('关注');
  const page = await as('wangfang', `/w/records/incident/${number}`);
  await page.getByRole('button', { name: '关注', exact: true }).click();
  await page.getByRole('button', { name: '取消关注' }).waitFor();
  await page.getByRole('button', { name: '添加同事' }).click();
  const box = page.getByRole('combobox', { name: '同事' });
  await box.click();
  await box.fill('zhangwei');
  await page.locator('.ant-select-item-option:visible', { hasText: '张伟' }).first().click();
  await page.getByRole('button', { name: '让张伟不再关注' }).waitFor();
  const { watchers } = await call('GET', `/records/incident/${number}`);
  assert.deepEqual(watchers.map((it) => it.key).sort(), ['wangfang', 'zhangwei']);
  await page.getByText('请张伟关注').waitFor();
  await leave(page);
});

test('a call is promised with one press and kept with a word', async () => {
  const number = await dispatched('回电');
  const page = await as('wangfang', `/w/records/incident/${number}`);
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '承诺回电' }).click();
  const dialog = page.getByRole('dialog', { name: '承诺回电' });
  await dialog.getByRole('button', { name: '明天 9:00' }).click();
  const phone = dialog.getByLabel('回电号码');
  if (!(await phone.inputValue())) await phone.fill('8123-4567');
  await dialog.getByRole('button', { name: '承诺回电' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const facts = page.getByRole('complementary', { name: '要点' });
  await facts.getByRole('button', { name: '完成' }).click();
  const done = page.getByRole('dialog', { name: '完成回电' });
  await done.getByLabel('通话结果（选填，申报人能看到）').fill('打印正常了');
  await done.getByRole('button', { name: '完成' }).click();
  await done.waitFor({ state: 'hidden' });
  await page.getByText('打印正常了').first().waitFor();
  assert.deepEqual((await call('GET', `/records/incident/${number}`)).reminders, []);
  await leave(page);

  const asking = await as('lilaoshi', `/requests/incident/${number}`, { width: 390 });
  await asking.getByText('承诺回电').waitFor();
  await asking.getByText('打印正常了').waitFor();
  await leave(asking);
});

test('the requester urges once, is told why not twice, and the desk sees it', async () => {
  const number = await dispatched('催办');
  const asking = await as('lilaoshi', `/requests/incident/${number}`, { width: 390 });
  await asking.getByRole('button', { name: '催办' }).click();
  const dialog = asking.getByRole('dialog', { name: '催办' });
  await dialog.getByLabel('说明').fill('两点考试');
  await dialog.getByRole('button', { name: '催办' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await asking.getByText('半小时内已催办').first().waitFor();
  await asking.getByText('两点考试').waitFor();
  await leave(asking);
  const page = await as('wangfang', `/w/records/incident/${number}`);
  await page.getByText('已催办 1 次').waitFor();
  await leave(page);
});

test('the requester is asked for an answer and gives it where the question stands', async () => {
  const number = await dispatched('等您补充');
  const hold = { fields: { reason: 'user_info', note: '是哪一台打印机？' } };
  await call('POST', `/records/incident/${number}/actions/hold`, hold);
  const asking = await as('lilaoshi', `/requests/incident/${number}`, { width: 390 });
  await asking.getByText('等您补充信息').first().waitFor();
  const steps = asking.getByRole('list', { name: '进度' });
  await steps.getByText('等您回复').waitFor();
  assert.equal(await steps.getByText('等待受理').count(), 0, 'it is not the engineer who is waited for');
  const question = asking.getByRole('region', { name: '处理人在等您的回复' });
  await question.getByText('是哪一台打印机？').waitFor();
  await question.getByRole('textbox').fill('三楼的');
  await question.getByRole('button', { name: '发送' }).click();
  await asking.getByText('三楼的').first().waitFor();
  assert.equal(await asking.getByText('已受理').count(), 0, 'nobody has accepted it');
  await leave(asking);
});

test('a moment that is none can be looked at', async () => {
  const number = await dispatched('时间有误');
  const page = await enter({ user: 'wangfang' });
  // The server refuses such values by now; records from before it did still have them.
  await page.route(`**/api/v1/records/incident/${number}`, async (route) => {
    const answer = await route.fetch();
    const record = await answer.json();
    record.fields.occurred_at = 1e18;
    await route.fulfill({ response: answer, json: record });
  });
  await page.goto(`${home.base}/w/records/incident/${number}?tab=form`);
  await settled(page);
  await page.getByText('不是时间，请另选').waitFor();
  await page.getByRole('link', { name: '处理记录' }).click();
  await page.getByRole('heading', { name: '时间有误' }).waitFor();
  await leave(page);
});

test('the flow speaks the language of its reader', async () => {
  const number = await dispatched('语言');
  const page = await as('zhangwei', `/w/records/incident/${number}?tab=flow`, { lng: 'en' });
  await page.locator('.djs-container [data-element-id="l1"]').waitFor();
  // The names come with the pack, when the picture stands already.
  await page.waitForFunction(() => {
    const texts = [...document.querySelectorAll('.djs-container svg text')].map((it) => it.textContent);
    return texts.length > 20 && !texts.some((it) => /[\u3400-\u9fff]/.test(it));
  });
  await leave(page);
});

test('the first answer is in the language of the page', async () => {
  const page = await enter({ user: 'zhangwei', lng: 'en' });
  const asked = page.waitForRequest((it) => it.url().endsWith('/api/v1/me'));
  await page.goto(`${home.base}/w`);
  assert.equal((await asked).headers()['accept-language'], 'en');
  await settled(page);
  await leave(page);
});

test('people change their own password', async () => {
  // A person of this test alone: the others of this file sign in with the password of the demo.
  await call('POST', '/users', {
    username: 'changer',
    name: '常改',
    roles: ['agent'],
    password: 'yuheng-demo',
  });
  const page = await as('changer', '/w/sessions');
  const form = page.getByRole('form', { name: '修改密码' });
  const fill = async (old, fresh) => {
    await form.getByLabel('现在的密码').fill(old);
    await form.getByLabel('新密码（至少 8 个字符）').fill(fresh);
    await form.getByLabel('再输入一次新密码').fill(fresh);
    await form.getByRole('button', { name: '修改密码' }).click();
  };
  await fill('not the one', 'a new password');
  await form.getByText('现在的密码不对').waitFor();
  await fill('yuheng-demo', 'a new password');
  await page.getByText('密码已修改，其他会话已结束').waitFor();
  await page.context().close();
  const again = await enter({ user: null });
  const sign = (password) =>
    again.request.post(`${home.base}/api/v1/session`, { data: { username: 'changer', password } });
  assert.equal((await sign('yuheng-demo')).status(), 401);
  assert.equal((await sign('a new password')).status(), 200);
  await again.context().close();
});

test('two who look at one record see each other, and a reply says whom it reaches', async () => {
  const number = await opened('两个人都在看');
  const path = `/w/records/incident/${number}`;
  const first = await as('wangfang', path);
  const second = await as('zhangwei', path);
  // The second is told at once, the first with the next beat.
  await second.getByText('王芳正在查看').waitFor();
  await first.getByText('张伟正在查看').waitFor();
  const box = second.locator('textarea');
  await box.fill('已经恢复。');
  await second.getByText(/邮件：李/).waitFor();
  await first.getByText('张伟正在写回复…').waitFor();
  await second.getByRole('radio', { name: '内部' }).click();
  await second.getByText(/邮件：李/).waitFor({ state: 'detached' });
  await box.fill('');
  await leave(second);
  await leave(first);
});
