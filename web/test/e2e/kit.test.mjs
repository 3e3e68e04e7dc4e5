// What an agent has at hand, as one uses it: a template with the keyboard, a macro after its preview, a checklist that holds
// the solution until it is ticked. And the pages where these are made, in both languages, wide and narrow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, stage } from './house.mjs';

let kind;
const { call, as } = stage({
  ready: async ({ call }) => {
    kind = (await call('GET', '/packs')).items[0].key;
  },
});

/** A record about phishing with the first line. */
async function suspicious(title) {
  const opened = await call('POST', `/records/${kind}`, { title, requester: 'lilaoshi', channel: 'phone' });
  await call('POST', `/records/${kind}/${opened.number}/actions/dispatch`, {
    fields: { category: 'security/phishing', service: 'mail' },
  });
  return opened.number;
}

test('template, macro, checklist', { timeout: 180_000 }, async () => {
  await call('PUT', '/settings/banned_phrases', { value: ['不归我管'] });
  const number = await suspicious('收到可疑邮件');
  const page = await as('wangfang', `/w/records/${kind}/${number}`);

  // A template, by keys alone: typed for, found, taken.
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.type('前文 ;;');
  const find = page.getByRole('combobox', { name: '查找模板和常用语' });
  await find.waitFor();
  await page.keyboard.type('约定上门');
  await page.getByRole('option', { name: /约定上门时间/ }).waitFor();
  await sound(page);
  await page.keyboard.press('Enter');
  const box = page.locator('textarea');
  const words = await box.inputValue();
  assert.ok(words.startsWith('前文 ') && words.includes(number), words);
  assert.ok(!words.includes(';;') && !words.includes('{{'), words);
  await box.fill('请到〔办公区域〕');
  await page.getByText(/还没有填上：〔办公区域〕/).waitFor();
  await box.fill('这件事不归我管');
  await page.getByText(/建议换个说法：不归我管/).waitFor();
  await box.fill('马上处理');
  await page.keyboard.press('Control+Enter');
  await page.getByText('马上处理').first().waitFor();

  // A macro, after its preview.
  await page.getByRole('button', { name: '宏', exact: true }).click();
  await page.getByRole('menuitem', { name: /受理并告知申报人/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(new RegExp(`${number} 由我处理`)).waitFor();
  await dialog
    .getByText(/将邮件通知/)
    .first()
    .waitFor();
  const before = (await page.ask(`/api/v1/records/${kind}/${number}`)).version;
  await dialog.getByRole('button', { name: /执行（2 步）/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page
    .getByText(new RegExp(`${number} 由我处理`))
    .first()
    .waitFor();
  assert.equal(
    (await page.ask(`/api/v1/records/${kind}/${number}`)).version,
    before + 2,
    'an entry for each step',
  );

  // A checklist that holds the solution.
  const solve = page.getByRole('toolbar').getByRole('button', { name: /^解决/ });
  assert.equal(await solve.getAttribute('aria-disabled'), 'true');
  await page.getByText('还有 2 个必做项，完成后才能继续').waitFor();
  await page.getByRole('checkbox', { name: /断网隔离/ }).focus();
  await page.keyboard.press('Space');
  await page.getByText('还有 1 个必做项，完成后才能继续').waitFor();
  await page.getByRole('button', { name: /证据.*不适用/ }).click();
  await page.keyboard.type('邮件已被网关删除');
  await page.keyboard.press('Enter');
  await page
    .getByText(/邮件已被网关删除/)
    .first()
    .waitFor();
  await sound(page);
  await page.getByText(/完成检查项：受影响的终端已断网隔离/).waitFor();
  await page.getByRole('toolbar').getByRole('button', { name: '解决', exact: true }).click();
  const solution = page.locator('.ant-modal');
  await solution.locator('textarea').first().fill('邮件已隔离，终端查杀完成。');
  await solution.locator('.ant-select').first().click();
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
  await solution.locator('.ant-modal-footer .ant-btn-primary').click();
  await solution.waitFor({ state: 'hidden' });
  assert.equal((await page.ask(`/api/v1/records/${kind}/${number}`)).phase, 'resolved');
  await page.context().close();
});

for (const [lng, width] of [
  ['zh', 1440],
  ['en', 390],
]) {
  test(`where they are made, ${lng} at ${width}`, { timeout: 180_000 }, async () => {
    for (const path of ['templates', 'macros', 'checklists']) {
      const page = await as('admin', `/w/admin/${path}`, { lng, width });
      await page.locator('tbody tr').first().waitFor();
      await sound(page);
      await page.context().close();
    }
    for (const [path, text] of [
      ['templates?open=vpn-renew', '{{record.number}}'],
      ['macros?open=take-and-tell', ''],
      ['checklists?open=security-report', ''],
    ]) {
      const page = await as('admin', `/w/admin/${path}`, { lng, width });
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      if (text) assert.ok((await dialog.locator('textarea').first().inputValue()).includes(text));
      await sound(page);
      await page.context().close();
    }
  });
}

test('a checklist is made without a mouse on the keys of steps', { timeout: 120_000 }, async () => {
  const page = await as('admin', '/w/admin/checklists?open=%2B');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('标识').fill('new-list');
  await dialog.getByLabel('中文名称').fill('新清单');
  await dialog.getByRole('button', { name: '添加一步' }).click();
  await dialog.getByLabel('要做什么（中文） 1').fill('看一看');
  await dialog
    .getByRole('button', { name: '创 建' })
    .or(dialog.getByRole('button', { name: '创建' }))
    .click();
  // What is missing is said where it is read.
  await dialog.getByRole('alert').first().waitFor();
  await page.context().close();
});
