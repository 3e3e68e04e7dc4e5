// Work that finds somebody, tried and explained, and what administrators oversee: in both languages, wide and on a phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { sound, stage } from './house.mjs';

// It is always time to work.
async function ready({ call }) {
  const { items } = await call('GET', '/settings?limit=200');
  const { version } = items.find((it) => it.key === 'working_hours');
  await call('PUT', '/settings/working_hours', { value: { timezone: 'Asia/Shanghai' } }, version);
}

const { home, call, enter } = stage({ ready });

const words = {
  zh: {
    mode: '组内分派',
    load: '按负荷分派',
    save: '保存',
    run: '试算',
    same: '与实际相同',
    why: '为什么是这个组？',
    row: (n) => `第 ${n} 行：支持组`,
    says: (n) => `第 ${n} 行：说明`,
    add: '添加规则',
    remove: (n) => `删除第 ${n} 行`,
    past: '用历史记录试算',
    differ: /条的结果会不同/,
    publish: /发布为版本/,
    next: (n) => `发布为版本 ${n}`,
    otherwise: '就这样发布',
    plain: '以表达式编辑',
    cell: (n) => `第 ${n} 行：办公区域`,
    chosen: '选中',
    more: '更多操作',
    readers: '谁能看到？',
    every: '所有记录',
  },
  en: {
    mode: 'How work finds somebody',
    load: 'By load',
    save: 'Save',
    run: 'Try',
    same: 'Same as it came',
    why: 'Why this team?',
    row: (n) => `Row ${n}: Team`,
    says: (n) => `Row ${n}: Description`,
    add: 'Add a rule',
    remove: (n) => `Remove row ${n}`,
    past: 'Try on past records',
    differ: /turns? out otherwise/,
    publish: /Publish as version/,
    next: (n) => `Publish as version ${n}`,
    otherwise: 'Publish it like this',
    plain: 'Edit as expressions',
    cell: (n) => `Row ${n}: Site`,
    chosen: 'chosen',
    more: 'More actions',
    readers: 'Who can see this?',
    every: 'every record',
  },
};

for (const lng of ['zh', 'en']) {
  for (const width of [1440, 390]) {
    test(`pages of oversight ${lng} ${width}`, { timeout: 180_000 }, async () => {
      const page = await enter({ user: 'admin', lng, width });
      for (const path of [
        'dispatch',
        'access',
        'audit',
        'health',
        'packs/incident/tables/dispatch',
        'teams?open=desktop-l1',
        'skills?open=%2B',
      ]) {
        await page.goto(`${home.base}/w/admin/${path}`);
        await settled(page);
        if (path.includes('open=')) await page.locator('.ant-modal form').waitFor();
        await page.waitForTimeout(300);
        await sound(page);
      }
      await page.goto(`${home.base}/w/admin/dispatch`);
      await page.locator('form').getByRole('button', { name: words[lng].run, exact: true }).click();
      await page.getByText(words[lng].same).waitFor();
      await page.locator('tbody tr').first().waitFor();
      await sound(page);
      await page.context().close();
    });
  }

  test(`a team gives out its work and says why ${lng}`, { timeout: 180_000 }, async () => {
    const page = await enter({ user: 'admin', lng });
    const say = words[lng];
    await page.goto(`${home.base}/w/admin/teams?open=desktop-l1`);
    const dialog = page.locator('.ant-modal');
    await dialog.locator('form').waitFor();
    await dialog.getByLabel(say.mode).click();
    await page.locator('.ant-select-item-option', { hasText: say.load }).click();
    await dialog.getByRole('button', { name: say.save, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const team = await call('GET', '/teams/desktop-l1');
    assert.equal(team.data.dispatch, 'load');
    const opened = await call('POST', '/records/incident', { title: 'paper jam', channel: 'phone' });
    const fields = { category: 'hardware/printer', service: 'print' };
    const record = await call('POST', `/records/incident/${opened.number}/actions/dispatch`, { fields });
    assert.ok(record.assignee, 'somebody was given it');
    await page.goto(`${home.base}/w/records/incident/${opened.number}`);
    await settled(page);
    await page.getByRole('button', { name: say.why }).click();
    await dialog.getByText(record.assignee.label).first().waitFor();
    await dialog.getByText(say.chosen).first().waitFor();
    await sound(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: say.more }).click();
    await page.getByRole('menuitem', { name: say.readers }).click();
    await dialog.getByText(say.every).first().waitFor();
    await sound(page);
    await page.context().close();
    const version = (await call('GET', '/teams/desktop-l1')).version;
    await call('PATCH', '/teams/desktop-l1', { dispatch: 'queue' }, version);
  });

  test(`a rule is changed, tried and published ${lng}`, { timeout: 180_000 }, async () => {
    const page = await enter({ user: 'admin', lng });
    const say = words[lng];
    const before = await call('GET', '/packs/incident/tables');
    const table = before.items.find((it) => it.key === 'dispatch');
    const place = table.rules.findIndex((it) => it._id === 'dispatch_06') + 1;
    const team = table.rules[place - 1].out_team.includes('network-l1') ? 'desktop-l1' : 'network-l1';
    const { label } = await page.ask(`/api/v1/teams/${team}`);
    await page.goto(`${home.base}/w/admin/packs/incident/tables/dispatch`);
    await settled(page);
    // A row that nobody can read is refused at its cell, and can be taken out again.
    await page.getByRole('button', { name: say.add }).click();
    const last = table.rules.length + 1;
    await page.getByLabel(say.plain).click();
    await page.getByLabel(say.cell(last)).fill('((');
    await page.getByRole('button', { name: say.past }).click();
    await page.locator(`tr[data-fault] [aria-label="${say.cell(last)}"][aria-invalid=true]`).waitFor();
    await sound(page, { allow: ['422'] });
    await page.getByRole('button', { name: say.remove(last) }).click();
    await page.getByLabel(say.plain).click();
    // Another team, chosen by its name; what would change is seen first.
    await page.getByLabel(say.row(place)).click();
    await page.keyboard.type(label);
    await page.locator('.ant-select-item-option', { hasText: label }).first().click();
    await page.getByLabel(say.says(place)).fill(`by hand ${lng}`);
    await page.getByRole('button', { name: say.past }).click();
    await page.getByText(say.differ).waitFor();
    await sound(page, { allow: ['422'] });
    await page.getByRole('button', { name: say.publish }).click();
    // Cases of the pack speak of the team before: only the first change meets them.
    const asked = page.getByRole('button', { name: say.otherwise });
    // The button speaks of the version that comes next.
    const done = page.getByRole('button', { name: say.next(before.version + 2), exact: true });
    await asked.or(done).first().waitFor();
    if (await asked.isVisible()) {
      await sound(page, { allow: ['422'] });
      await asked.click();
    }
    await done.first().waitFor();
    const after = await call('GET', '/packs/incident/tables');
    // As it was, for those who come after.
    const restore = () =>
      call('PUT', '/packs/incident/tables/dispatch', { rules: table.rules }, after.version);
    assert.equal(after.version, before.version + 1);
    const rule = after.items.find((it) => it.key === 'dispatch').rules[place - 1];
    assert.deepEqual([rule.out_team, rule._description], [`'${team}'`, `by hand ${lng}`]);
    const opened = await call('POST', '/records/incident', { title: 'paper jam', channel: 'phone' });
    const fields = { category: 'hardware/printer', service: 'print' };
    const record = await call('POST', `/records/incident/${opened.number}/actions/dispatch`, { fields });
    await restore();
    assert.equal(record.team.key, team);
    assert.deepEqual(
      page.faults.filter((fault) => !fault.includes('422')),
      [],
    );
    await page.context().close();
  });
}
