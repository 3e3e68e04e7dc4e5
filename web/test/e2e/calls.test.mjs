// Calls that are logged while they last, reports for a colleague, and one tap of those whom an outage affects too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, leave, saying, sound, stage } from './house.mjs';

const { home, call, as } = stage();

const option = (page, text) => page.locator('.ant-select-item-option:visible', { hasText: text }).first();

const words = {
  device: ['PC-0815', 'PC-0816'],
  broken: ['蓝屏', 'shows a blue screen'],
  requester: ['申报人', 'Requester'],
  caller: ['来电人', 'Caller'],
  open: [/未关闭的记录/, /^Open records of/],
  past: [/以前/, /earlier records/i],
  title: [/^标题/, /^Title/],
  matter: ['来电：忘了密码', 'A call: the password was forgotten'],
  at_once: [/通话中就办好了/, /^Done during the call/],
  log: ['登记并解决', 'Log: Resolve'],
  needed: [/必填|请填写|不能为空/, /is needed|required/],
  category: [/分类/, /Category/],
  wired: ['有线接入', 'Wired access'],
  service: [/受影响服务/, /Affected service/],
  lan: ['办公网络', 'Office network'],
  solution: [/^解决方案/, /^Resolution/],
  reset: ['重置了密码，已能登录。', 'Reset the password; they are in.'],
  code: [/关闭代码/, /Closure code/],
  guided: ['指导', 'User guided'],
};

for (const lng of ['zh', 'en'])
  test(`a call is found, seen beside, solved and logged as one (${lng})`, async () => {
    const say = saying(words, lng);
    const broken = `${say.device} ${say.broken}`;
    await call('POST', '/records/incident', {
      title: broken,
      requester: 'lilaoshi',
      channel: 'phone',
      fields: {},
    });
    const person = (await call('GET', '/users/lilaoshi')).label;
    const page = await as('wangfang', '/w', { lng });
    await page.keyboard.press('n');
    const dialog = page.locator('.ant-modal').first();
    const caller = dialog.getByRole('combobox', { name: say.requester });
    // Nobody is called so: who has reported something of that label is.
    await caller.click();
    await caller.fill(say.device);
    await option(page, person).click();
    const card = dialog.getByRole('complementary', { name: `${say.caller} ${person}` });
    await card.getByText(say.open).waitFor();
    await card.getByText(say.past).first().waitFor();
    await sound(page);
    await dialog.getByLabel(say.title).fill(say.matter);
    await card.getByRole('button', { name: broken }).click();
    const beside = page.locator('.ant-drawer');
    await beside.getByRole('heading', { name: broken }).waitFor();
    await page.keyboard.press('Escape');
    await beside.locator('h2').waitFor({ state: 'hidden' });
    const typed = await dialog.getByLabel(say.title).inputValue();
    assert.equal(typed, say.matter, 'what was typed is still there');
    await dialog.getByRole('checkbox', { name: say.at_once }).check();
    await dialog.getByRole('button', { name: say.log }).click();
    await dialog.getByText(say.needed).first().waitFor();
    await choose(dialog, say.category, say.wired);
    await choose(dialog, say.service, say.lan);
    await dialog.getByLabel(say.solution).fill(say.reset);
    await choose(dialog, say.code, say.guided);
    await sound(page);
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'hidden' });
    const { items } = await call('GET', `/records/incident?q=${encodeURIComponent(say.matter)}`);
    assert.equal(items.length, 1);
    assert.equal(items[0].phase, 'resolved');
    const record = await call('GET', `/records/incident/${items[0].number}`);
    assert.equal(record.fields.first_contact, true);
    await leave(page);
  });

test('what was not logged is there the next time', async () => {
  const page = await as('zhangwei', '/w', { width: 390 });
  await page.getByRole('button', { name: '登记' }).first().click();
  const dialog = page.locator('.ant-modal').first();
  await dialog.getByLabel(/^标题/).fill('没有说完的电话');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '登记' }).first().click();
  await dialog.getByText('接着上次没有登记的内容。').waitFor();
  assert.equal(await dialog.getByLabel(/^标题/).inputValue(), '没有说完的电话');
  await dialog.getByRole('button', { name: '重新开始' }).click();
  assert.equal(await dialog.getByLabel(/^标题/).inputValue(), '');
  await leave(page);
});

for (const [lng, width] of [
  ['zh', 390],
  ['en', 1440],
])
  test(`a colleague is reported for, and both follow it (${lng}, ${width})`, async () => {
    const zh = lng === 'zh';
    const made = await call('GET', '/users/lilaoshi');
    const name = `colleague${width}`;
    const mate = await call('POST', '/users', {
      username: name,
      name: zh ? '邻座' : 'Neighbour',
      roles: ['requester'],
      department: made.department.key,
      password: 'yuheng-demo',
    });
    const page = await as('lilaoshi', '/report', { lng, width });
    await page.getByRole('radio', { name: zh ? '同部门的同事' : 'A colleague of my department' }).check();
    const title = `${zh ? '同事的屏幕不亮' : 'The screen of a colleague is dark'} ${width}`;
    await page
      .getByRole('textbox', { name: zh ? /^标题|一句话/ : /title|line/i })
      .first()
      .fill(title);
    await page.locator('form > button[type=submit]').click();
    await page.locator('[role=alert]:visible').filter({ hasText: /./ }).first().waitFor();
    await choose(page.locator('form').first(), zh ? '同事' : 'Colleague', mate.label);
    await page.locator('form > button[type=submit]').click();
    await page.waitForURL(/INC-\d{4}-\d{6}/);
    const number = page.url().match(/INC-\d{4}-\d{6}/)[0];
    await page.getByText(zh ? `代 ${mate.label} 报告` : `for ${mate.label}`).waitFor();
    await page.goto(`${home.base}/`);
    await page
      .getByRole('region', { name: zh ? '为同事报告的' : 'Reported for colleagues' })
      .getByRole('link', { name: title })
      .waitFor();
    await leave(page);
    const theirs = await as(name, `/requests/incident/${number}`, { lng, width });
    await theirs.getByText(made.label).first().waitFor();
    await leave(theirs);
  });

for (const lng of ['zh', 'en'])
  test(`whom an outage affects says so with one tap, on a phone (${lng})`, async () => {
    const zh = lng === 'zh';
    const words = `${zh ? '三楼网络中断' : 'No network on floor three'} ${lng}`;
    const { number } = await call('POST', '/records/incident', { title: 'sw-3 down', requester: 'wangfang' });
    const made = await call('POST', '/announcements', {
      title: { zh: words, en: words },
      severity: 'outage',
      record: number,
    });
    const page = await as('lilaoshi', `/report?title=${encodeURIComponent(words)}`, { lng, width: 390 });
    await page
      .getByRole('button', { name: zh ? '就是这个' : 'That is it' })
      .first()
      .click();
    await page.getByRole('button', { name: zh ? '我也受影响' : 'Me too' }).click();
    await page.getByText(zh ? '恢复后发邮件告诉您' : 'You get a mail when it is over').waitFor();
    const seen = await call('GET', `/announcements/${made.id}`);
    assert.equal(seen.affected.count, 1);
    await page.getByRole('button', { name: zh ? '撤回' : 'Take it back' }).click();
    await page.getByRole('button', { name: zh ? '我也受影响' : 'Me too' }).click();
    await page.getByText(zh ? '恢复后发邮件告诉您' : 'You get a mail when it is over').waitFor();
    await leave(page);
    const desk = await as('wangfang', `/w/records/incident/${number}`, { lng });
    await desk.getByText(zh ? '另有 1 人表示也受影响' : '1 more person is affected').waitFor();
    await leave(desk);
  });

test('a photo is taken where it is needed', async () => {
  const page = await as('lilaoshi', '/report', { width: 390 });
  await page.getByRole('button', { name: /拍照/ }).waitFor();
  const camera = page.locator('input[type=file][capture]').first();
  assert.equal(await camera.getAttribute('accept'), 'image/*');
  await camera.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('x') });
  await page.getByText('photo.jpg').waitFor();
  await leave(page);
});
