// The administration as its people use it, in both languages: a person and a skill made, a conflict seen, a file tried and taken in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { sound, stage } from './house.mjs';

const { home, call, enter } = stage();

const pages = ['users', 'teams', 'departments', 'sites', 'services', 'skills', 'roles', 'import', 'jobs'];
const editors = [
  'users?open=wangfang',
  'users?open=%2B',
  'teams?open=network-l1',
  'roles?open=manager',
  'skills?open=%2B',
];
const words = {
  zh: {
    create: '创建',
    save: '保存',
    mine: '保留我的修改并保存',
    required: '请填写',
    tried: '试运行',
    run: '确认导入',
  },
  en: {
    create: 'Create',
    save: 'Save',
    mine: 'Keep my changes and save',
    required: 'Name',
    tried: 'Try it',
    run: 'Import',
  },
};

for (const lng of ['zh', 'en']) {
  for (const width of [1440, 390]) {
    test(`pages and editors ${lng} ${width}`, { timeout: 300_000 }, async () => {
      const page = await enter({ user: 'admin', lng, width });
      for (const path of [...pages, ...editors]) {
        await page.goto(`${home.base}/w/admin/${path}`);
        await settled(page);
        if (path.includes('open=')) await page.locator('.ant-modal form').waitFor();
        await page.waitForTimeout(300);
        await sound(page);
      }
      await page.goto(`${home.base}/w/away`);
      await settled(page);
      await sound(page);
      await page.context().close();
    });
  }

  test(`a person is made, changed, and a conflict is seen ${lng}`, { timeout: 120_000 }, async () => {
    const page = await enter({ user: 'admin', lng });
    const say = words[lng];
    const name = `zhangwei.${lng}`;
    await page.goto(`${home.base}/w/admin/users?open=%2B`);
    const dialog = page.locator('.ant-modal');
    await dialog.locator('form').waitFor();
    // Without a name the focus stands in the first field that is wrong.
    await dialog.getByRole('button', { name: say.create, exact: true }).click();
    await dialog.locator('[data-error=true]').first().waitFor();
    const inputs = dialog.locator('form input[type=text], form input:not([type])');
    await inputs.nth(0).fill(name);
    await inputs.nth(1).fill('单小伟');
    await dialog.getByRole('button', { name: say.create, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const made = await call('GET', `/users/${name}`);
    assert.equal(made.sort_name, 'shan xiao wei');
    // Found by the first letters of how the name is read.
    await page.locator('main input').first().fill('sxw');
    await page.locator('main tbody').getByText('单小伟').first().waitFor();
    await page.goto(`${home.base}/w/admin/users?q=sxw&open=${name}`);
    await dialog.locator('form').waitFor();
    await call('PATCH', `/users/${name}`, { phone: '123' }, 1);
    await dialog.locator('form input').nth(2).fill('10086');
    await dialog.getByRole('button', { name: say.save, exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('button', { name: say.mine }).click();
    await dialog.waitFor({ state: 'detached' });
    const now = await call('GET', `/users/${name}`);
    assert.deepEqual([now.phone, now.number], ['123', '10086']);
    assert.deepEqual(
      page.faults.filter((fault) => !fault.includes('412')),
      [],
    );
    await page.context().close();
  });

  test(`a file is tried and then taken in ${lng}`, { timeout: 120_000 }, async () => {
    const page = await enter({ user: 'admin', lng });
    const say = words[lng];
    const mark = `imported.${lng}`;
    await page.goto(`${home.base}/w/admin/import`);
    await settled(page);
    const content = Buffer.from(`用户名,姓名,部门\n${mark}.1,曾一,it\n${mark}.2,解二,nowhere\n`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: content });
    await page.getByRole('button', { name: say.tried, exact: true }).click();
    await page.getByText('nowhere').last().waitFor();
    await sound(page);
    await assert.rejects(call('GET', `/users/${mark}.1`), /: 404 /, 'a trial writes nothing');
    await page.getByRole('button', { name: say.run, exact: true }).click();
    await page.getByRole('heading', { name: /^4\./ }).waitFor();
    await page.locator('main ol > li').last().locator('tbody').waitFor();
    assert.equal((await call('GET', `/users/${mark}.1`)).sort_name, 'zeng yi');
    await page.context().close();
  });

  test(`who is away names a deputy, who sees their work ${lng}`, { timeout: 120_000 }, async () => {
    const away = await enter({ user: 'zhangwei', lng });
    await away.goto(`${home.base}/w/away`);
    await settled(away);
    await away.getByRole('combobox').click();
    await away.keyboard.type('wangf');
    await away.locator('.ant-select-item-option', { hasText: '王芳' }).first().click();
    await away.locator('input[type=datetime-local]').nth(0).fill('2020-01-01T08:00');
    await away.locator('input[type=datetime-local]').nth(1).fill('2099-01-01T08:00');
    await away.locator('main button[type=submit]').click();
    const end = away.getByRole('button', { name: { zh: '取消代理', en: 'End it' }[lng], exact: true });
    await end.waitFor();
    const deputy = await enter({ user: 'wangfang', lng });
    await deputy.goto(`${home.base}/w`);
    await settled(deputy);
    const behalf = { zh: '代 张伟', en: 'for 张伟' }[lng];
    await deputy.locator('main [role=note]', { hasText: '张伟' }).waitFor();
    await deputy.locator('main tbody').getByText(behalf).first().waitFor();
    await sound(deputy);
    const task = (await deputy.ask('/api/v1/tasks?mine=true&limit=200')).items.find((it) => it.stands_in_for);
    await deputy.goto(`${home.base}/w/records/${task.record.type}/${task.record.number}`);
    await settled(deputy);
    await deputy.locator('main').getByText(`王芳 ${behalf}`).first().waitFor();
    await end.click();
    await end.waitFor({ state: 'detached' });
    assert.deepEqual(away.faults, []);
    for (const page of [away, deputy]) await page.context().close();
  });

  test(`a caller is found as their name is heard ${lng}`, async () => {
    const page = await enter({ user: 'wangfang', lng });
    await page.goto(`${home.base}/w`);
    await settled(page);
    await page.keyboard.press('n');
    const dialog = page.locator('.ant-modal');
    await dialog.locator('form [role=combobox]').first().waitFor();
    await dialog.locator('form [role=combobox]').first().click();
    await page.keyboard.type('zhangw');
    await page.locator('.ant-select-item-option', { hasText: '张伟' }).first().waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test(`an agent is told that this is not for them ${lng}`, async () => {
    const page = await enter({ user: 'zhangwei', lng });
    for (const path of ['users', 'roles', 'jobs', 'import']) {
      await page.goto(`${home.base}/w/admin/${path}`);
      await settled(page);
      assert.equal(await page.locator('main table').count(), 0);
      assert.equal(await page.locator('main h1').count(), 1);
      await sound(page);
    }
    assert.equal(await page.locator('nav a[href^="/w/admin"]').count(), 0, 'the rail has no administration');
    await page.context().close();
  });
}
