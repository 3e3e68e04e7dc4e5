// Days that the other files do not tell: a new agent's first hour, the hand-over of a shift, a page at 200 %, and what a screen
// reader is told; each in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, sound, stage } from './house.mjs';

const { call, as } = stage();

const dispatched = async (title) => {
  const { number } = await call('POST', '/records/incident', {
    title,
    requester: 'lilaoshi',
    channel: 'phone',
  });
  const fields = { category: 'network/wired', service: 'network' };
  const kinds = await call('GET', '/packs/incident');
  const wired = kinds.categories.find((it) => it.key === 'network')?.children[0]?.key ?? fields.category;
  const { items } = await call('GET', '/services?limit=200');
  fields.category = wired;
  fields.service = (items.find((it) => /网络/.test(it.labels?.zh ?? it.label)) ?? items[0]).key;
  await call('POST', `/records/incident/${number}/actions/dispatch`, {
    fields: { ...fields, team: 'network-l1' },
  });
  return number;
};

for (const lng of ['zh', 'en']) {
  const zh = lng === 'zh';

  test(`a new agent's first hour (${lng})`, async () => {
    await dispatched(`first hour ${lng}`);
    const page = await as('zhangwei', '/w', { lng, tours: {} });
    const panel = page.locator('.ant-tour:visible');
    await panel.waitFor();
    for (let stop = 0; stop < 6; stop += 1) await panel.locator('.ant-tour-next-btn').press('Enter');
    await panel.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.waitForURL('**/w/queue**');
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { name: zh ? '列表' : 'Lists', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.ant-drawer article').waitFor({ state: 'hidden' });
    await page.keyboard.press('t');
    await page.waitForURL('**/w/records/incident/**');
    await page.getByRole('toolbar').waitFor();
    const number = page.url().match(/INC-\d{4}-\d{6}/)[0];
    assert.equal((await call('GET', `/records/incident/${number}`)).assignee.key, 'zhangwei');
    await page.keyboard.press('c');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await leave(page);
  });

  test(`a shift is handed over (${lng})`, async () => {
    const title = `hand-over ${lng}`;
    const number = await dispatched(title);
    const { members } = await call('GET', '/teams/network-l1');
    const next = members.find((it) => it.key !== 'zhangwei');
    const going = await as('zhangwei', `/w/records/incident/${number}`, { lng });
    await going.getByRole('toolbar').waitFor();
    await going.keyboard.press('a');
    const dialog = going.getByRole('dialog');
    const box = dialog.getByRole('combobox', { name: zh ? '处理人' : 'Assignee' });
    await box.click();
    await box.fill(next.key);
    await going.locator('.ant-select-item-option:visible', { hasText: next.label }).first().click();
    await dialog
      .getByLabel(zh ? '交接说明' : 'Hand-over note')
      .fill(zh ? '等厂家回电。' : 'The vendor calls back.');
    await dialog.locator('.ant-modal-footer .ant-btn-primary').click();
    await dialog.waitFor({ state: 'hidden' });
    await leave(going);
    const coming = await as(next.key, '/w', { lng });
    await coming.getByRole('link', { name: title }).first().click();
    await coming
      .getByText(zh ? '等厂家回电。' : 'The vendor calls back.')
      .first()
      .waitFor();
    await leave(coming);
  });

  test(`everything is there at 200 % (${lng})`, async () => {
    const number = await dispatched(`zoom ${lng}`);
    const places = [
      ['lilaoshi', '/'],
      ['lilaoshi', '/report'],
      ['lilaoshi', '/help/requester.follow-it'],
      ['wangfang', '/w'],
      ['wangfang', '/w/queue'],
      ['wangfang', `/w/records/incident/${number}`],
      ['admin', '/w/admin/teams'],
    ];
    for (const [user, path] of places) {
      // 1440 by 900 at twice the size is half of it in pixels of the page.
      const page = await as(user, path, { lng, width: 720, height: 450 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${path}: ${wide} px wider than the window`);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('header button, header a, nav a, nav button')]
          .filter((it) => it.getClientRects().length > 0 && getComputedStyle(it).position !== 'absolute')
          .map((it) => ({
            name: it.getAttribute('aria-label') ?? it.textContent,
            box: it.getBoundingClientRect(),
          }))
          .filter((it) => it.box.right > innerWidth + 1)
          .map((it) => it.name),
      );
      assert.deepEqual(cut, [], path);
      await leave(page);
    }
  });

  test(`a screen reader is told what is what (${lng})`, async () => {
    const number = await dispatched(`heard ${lng}`);
    const places = [
      ['lilaoshi', '/'],
      ['lilaoshi', '/report'],
      ['wangfang', '/w'],
      ['wangfang', '/w/queue'],
      ['wangfang', `/w/records/incident/${number}`],
      ['admin', '/w/admin/users'],
    ];
    for (const [user, path] of places) {
      const page = await as(user, path, { lng });
      assert.equal(await page.getByRole('main').count(), 1, `${path}: one main part`);
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${path}: one title`);
      assert.ok((await page.getByRole('navigation').count()) > 0, `${path}: a way around`);
      assert.match(await page.locator('html').getAttribute('lang'), zh ? /^zh/ : /^en/);
      assert.notEqual(await page.title(), '');
      const unnamed = await page.evaluate(
        () =>
          [...document.querySelectorAll('nav')].filter(
            (it) => !it.ariaLabel && !it.getAttribute('aria-labelledby'),
          ).length,
      );
      assert.equal(unnamed, 0, `${path}: each navigation says of what`);
      // The first stop of the keyboard leads past the navigation; a dialog gives the focus back.
      await page.evaluate(() => document.activeElement?.blur());
      await page.locator('a.skip').focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'main', path);
      const opener = page.locator('header [data-tour=help]');
      await opener.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').locator('article').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.ant-drawer article').waitFor({ state: 'hidden' });
      await page.waitForFunction(() => document.activeElement?.dataset.tour === 'help');
      await sound(page, { rules: ['cat.aria', 'cat.name-role-value', 'cat.structure', 'cat.forms'] });
      await leave(page);
    }
  });
}
