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
      await page.getByRole('button', { name: words[lng].run, exact: true }).click();
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
}
