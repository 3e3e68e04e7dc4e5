// A record as it is read, filled in, linked and printed: nothing that was typed is lost, nothing is asked for that cannot be
// given, and paper says what a screen would.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { choose, leave, sound, stage } from './house.mjs';

let kind;
const { call, as } = stage({
  ready: async ({ call }) => {
    kind = (await call('GET', '/packs')).items[0].key;
  },
});
const fields = { category: 'hardware/printer', service: 'print' };

/** A record with the team that has it after classification; gives its number. */
async function classified(title) {
  const { number } = await call('POST', `/records/${kind}`, {
    title,
    requester: 'lilaoshi',
    channel: 'phone',
  });
  await act(number, 'dispatch', fields);
  return number;
}
const act = (number, action, given = {}) =>
  call('POST', `/records/${kind}/${number}/actions/${action}`, { fields: given });
const at = (number, more = '') => `/w/records/${kind}/${number}${more}`;

test('words typed for an action survive Esc and a reload, until they are sent', async () => {
  const number = await classified('草稿');
  const page = await as('admin', at(number));
  const solve = page.getByRole('toolbar').getByRole('button', { name: '解决', exact: true });
  const dialog = page.getByRole('dialog', { name: '解决' });
  const words = dialog.getByLabel(/解决方案/);
  const back = dialog.getByText('已恢复上次没有发出的内容');
  await solve.click();
  await words.fill('更换了定影组件');
  assert.equal(await back.count(), 0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await solve.click();
  await back.waitFor();
  assert.equal(await words.inputValue(), '更换了定影组件');
  await page.reload();
  await settled(page);
  await solve.click();
  await back.waitFor();
  assert.equal(await words.inputValue(), '更换了定影组件');
  await sound(page);
  await dialog.getByRole('combobox', { name: /关闭代码/ }).click();
  await page.locator('.ant-select-item-option:visible').first().click();
  await dialog.getByRole('button', { name: '解决', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const kept = await page.evaluate(() =>
    Object.keys(localStorage).filter((it) => it.includes('draft.action')),
  );
  assert.deepEqual(kept, [], 'what was sent is kept no more');
  await leave(page);
});

test('a draft that is not wanted is put away', async () => {
  const number = await classified('不要的草稿');
  const page = await as('admin', at(number));
  await page.getByRole('toolbar').getByRole('button', { name: '挂起' }).click();
  const dialog = page.getByRole('dialog', { name: '挂起' });
  await dialog.getByLabel(/说明/).fill('等备件');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('toolbar').getByRole('button', { name: '挂起' }).click();
  await dialog.getByRole('button', { name: /清\s?空/ }).click();
  assert.equal(await dialog.getByLabel(/说明/).inputValue(), '');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('toolbar').getByRole('button', { name: '挂起' }).click();
  await dialog.waitFor();
  assert.equal(await dialog.getByText('已恢复上次没有发出的内容').count(), 0);
  await leave(page);
});

test('a form asks for what its reader can give, and shows the rest', async () => {
  const number = await classified('只读');
  // An agent of no team reads what others work on.
  await call('POST', '/users', {
    username: 'reads.only',
    name: '只读者',
    roles: ['agent'],
    password: 'yuheng-demo',
  });
  const page = await as('reads.only', at(number, '?tab=form'));
  await page.getByText('您没有修改这条记录的权限').waitFor();
  assert.equal(await page.locator('form input:visible, form textarea:visible').count(), 0);
  await page.locator('form').getByText('只读', { exact: true }).waitFor();
  await sound(page);
  await leave(page);

  // What an action alone gives is shown once it is there, and never asked for.
  await act(number, 'resolve', { resolution: '换了硒鼓', closure_code: 'replaced' });
  await act(number, 'rate', { score: 4, comment: '很快' });
  await act(number, 'reopen', { reopen_reason: '又卡纸了' });
  const own = await as('admin', at(number, '?tab=form'));
  const form = own.locator('form').filter({ has: own.getByLabel(/标题/) });
  await form.getByText('很快').waitFor();
  await form.getByText('又卡纸了').waitFor();
  await form.getByText('4 / 5').waitFor();
  assert.equal(await form.locator('.ant-rate').count(), 0);
  const written = await form.locator('textarea').evaluateAll((all) => all.map((it) => it.value));
  assert.ok(written.includes('换了硒鼓'), 'a solution is still written');
  assert.ok(!written.includes('又卡纸了') && !written.includes('很快'), written.join());
  await form.getByLabel(/标题/).fill('只读了一部分');
  await form.getByRole('button', { name: /保存/ }).click();
  await own.getByText('已保存').waitFor();
  await sound(own);
  await leave(own);

  await act(number, 'cancel', { reason: 'by_mistake' });
  const ended = await as('admin', at(number, '?tab=form'));
  await ended.getByText('处理已结束，字段不能再修改。').waitFor();
  assert.equal(await ended.locator('form input:visible, form textarea:visible').count(), 0);
  await leave(ended);
});

test('moments in the journal are times', async () => {
  const number = await classified('催一催');
  await act(number, 'urge', { note: '还没好' });
  const page = await as('admin', at(number));
  const journal = page.locator('main ol').first();
  await journal.getByText(/最近催办/).waitFor();
  const text = await journal.textContent();
  assert.doesNotMatch(text, /\d{12,}/);
  assert.match(text, /最近催办\s*\d{4}年\d+月\d+日/);
  await leave(page);
});

test('what is filled in is no longer asked for', async () => {
  const page = await as('wangfang', '/w/queue');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /解决/ }).click();
  await dialog.locator('.ant-modal-footer .ant-btn-primary').click();
  const missing = dialog.getByText('请填写分类');
  await missing.waitFor();
  const others = await dialog.getByText(/^请填写/).count();
  await choose(dialog, /分类/, '打印机');
  await missing.waitFor({ state: 'hidden' });
  assert.equal(
    await dialog.getByText(/^请填写/).count(),
    others - 1,
    'the others stay until they are filled in',
  );
  await leave(page);
});

test('paper says when, and has nothing to press', async () => {
  const number = await classified('打印');
  const other = await classified('另一条');
  await act(number, 'link', { to: other, kind: 'related' });
  for (let n = 0; n < 20; n += 1)
    await act(number, 'comment', { body: `第 ${n} 句`, visibility: 'internal' });
  for (const tab of ['', '?tab=links', '?tab=form']) {
    const page = await as('admin', at(number, tab));
    await page.emulateMedia({ media: 'print' });
    if (!tab) await page.getByText('第 0 句').waitFor();
    const paper = await page.evaluate(() => {
      const shown = (it) => it.getClientRects().length > 0;
      const all = (what) => [...document.querySelectorAll(what)].filter(shown);
      return {
        pressed: all('button, [role=button], .ant-btn').map(
          (it) => it.getAttribute('aria-label') ?? it.textContent,
        ),
        bars: all('nav').map((it) => it.getAttribute('aria-label')),
        relative: all('time > span').map((it) => it.textContent),
        exact: all('time').map((it) => getComputedStyle(it, '::after').content),
      };
    });
    assert.deepEqual([paper.pressed, paper.bars, paper.relative], [[], [], []], tab);
    for (const it of paper.exact) assert.match(it, /\d{4}年\d+月\d+日 \d\d:\d\d/);
    await leave(page);
  }
});

for (const width of [1440, 390])
  test(`a link is made, taken back, and made again (${width})`, async () => {
    const [number, other] = [await classified('连一连'), await classified('另一头')];
    const page = await as('admin', at(number, '?tab=links'), { width });
    const linked = page.getByRole('listitem').filter({ hasText: other });
    const connect = async () => {
      await page.getByRole('button', { name: '关联记录' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/编号/).fill(other);
      await dialog.getByRole('combobox', { name: /关系/ }).click();
      await page.locator('.ant-select-item-option:visible', { hasText: '相关' }).first().click();
      await dialog.locator('.ant-modal-footer .ant-btn-primary').click();
      await dialog.waitFor({ state: 'hidden' });
      await linked.waitFor();
    };
    await connect();
    const cross = page.getByRole('button', { name: `取消与 ${other} 的关联` });
    await sound(page);
    // By the keys alone.
    await cross.focus();
    await page.keyboard.press('Enter');
    await linked.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement !== document.body, null, { timeout: 5000 });
    await connect();
    await page.getByRole('link', { name: '处理记录' }).click();
    await page.getByText('取消关联').first().waitFor();
    await sound(page);
    await leave(page);
  });
