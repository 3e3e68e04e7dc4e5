// Days that the other files do not tell: a new agent's first hour, the hand-over of a shift, a page at 200 %, and what a screen
// reader is told; each in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, saying, sound, stage } from './house.mjs';

const { home, call, as } = stage();

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

const morning = {
  health: ['运行状况', 'Health'],
  outbox: ['发件箱', 'Outbox'],
  state: ['状态', 'State'],
  held: ['待审核', 'Held for review'],
  send: ['发送', 'Send'],
  drop: ['丢弃', 'Drop'],
  people: ['人员', 'People'],
  find: ['姓名、拼音、工号、电话', 'Name, number, phone'],
  end: ['停用账号', 'End account'],
  steps: [/1 个未完成的环节退回支持组/, /1 open steps? go back to their teams/],
  save: ['保存', 'Save'],
  ended: ['已停用', 'inactive'],
  new: ['新建', 'New'],
  username: [/^用户名/, /^User name/],
  name: [/^姓名/, /^Name/],
  employer: [/^用工单位/, /^Employer/],
  area: [/^负责范围/, /^Area of work/],
  until: [/^账号有效期至/, /^Account ends at/],
  create: ['创建', 'Create'],
  valid: ['有效期至', 'valid until'],
  audit: ['审计', 'Audit'],
  accept: ['受理', 'Accept'],
  accepted: ['已完成：受理', 'Done: Accept'],
};

for (const lng of ['zh', 'en']) {
  const zh = lng === 'zh';
  const say = saying(morning, lng);

  test(`an administrator's morning: health, mail that waits, a leaver, a contractor (${lng})`, async () => {
    const [gone, hired] = [`leaver.${lng}`, `contractor.${lng}`];
    const password = 'yuheng-demo';
    await call('POST', '/users', { username: gone, name: `离开${lng}`, roles: ['agent'], password });
    const team = await call('GET', '/teams/network-l1');
    const members = [...team.members.map((it) => it.key), gone];
    await call('PATCH', '/teams/network-l1', { members }, team.version);
    const number = await dispatched(`left behind ${lng}`);
    await call('POST', `/records/incident/${number}/actions/assign`, {
      fields: { team: 'network-l1', assignee: gone },
    });
    const page = await as('admin', '/w', { lng });
    const rail = page.getByRole('navigation').first();
    const to = async (name) => {
      const link = rail.getByRole('link', { name, exact: true });
      for (const group of await rail.locator('[aria-expanded=false]').all())
        if (!(await link.isVisible())) await group.click();
      await link.click();
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
      await settled(page);
    };

    // What is not as it should be, and where it is seen to.
    await to(say.health);
    await page.getByRole('listitem').filter({ hasText: say.outbox }).first().waitFor();
    await sound(page);
    await to(say.outbox);
    await page.getByRole('combobox', { name: say.state }).click();
    await page.locator('.ant-select-item-option:visible', { hasText: say.held }).click();
    await page.waitForURL('**state=held**');
    const row = page.locator('main tbody tr').first();
    await row.getByText(say.held).waitFor();
    const held = (await call('GET', '/outbox?state=held&limit=2')).items.map((it) => it.id);
    await sound(page);
    const states = async () => {
      const { items } = await call('GET', '/outbox?limit=200');
      return held.map((id) => items.find((it) => it.id === id)?.state ?? 'elsewhere');
    };
    await row.getByRole('button', { name: say.send }).click();
    for (let left = 40; (await states())[0] === 'held'; left -= 1) {
      assert.ok(left > 0, 'released');
      await page.waitForTimeout(250);
    }
    await page.waitForTimeout(500);
    await row.getByRole('button', { name: say.drop }).click();
    await page.locator('.ant-popconfirm:visible').getByRole('button', { name: say.drop }).click();
    for (let left = 40; (await states())[1] !== 'dropped'; left -= 1) {
      assert.ok(left > 0, 'dropped');
      await page.waitForTimeout(250);
    }

    // Somebody has left: nobody signs in, and what they had goes back to their team.
    await to(say.people);
    await page.getByRole('textbox', { name: say.find }).fill(gone);
    await page.getByRole('button', { name: `离开${lng}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: say.end }).click();
    await dialog.getByRole('status').getByText(say.steps).waitFor();
    await sound(page);
    await dialog.getByRole('button', { name: say.save, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: gone }).getByText(say.ended).waitFor();
    const sign = await fetch(`${home.base}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: home.base },
      body: JSON.stringify({ username: gone, password }),
    });
    assert.equal(sign.status, 401);
    for (
      let left = 40;
      (await call('GET', `/records/incident/${number}`)).assignee?.key === gone;
      left -= 1
    ) {
      assert.ok(left > 0, 'given back');
      await page.waitForTimeout(250);
    }
    assert.equal((await call('GET', `/records/incident/${number}`)).team.key, 'network-l1');

    // Somebody comes from another firm, for a while.
    await page.getByRole('textbox', { name: say.find }).fill('');
    await page.getByRole('button', { name: say.new, exact: true }).click();
    await dialog.getByLabel(say.username).fill(hired);
    await dialog.getByLabel(say.name).first().fill('外包工');
    await dialog.getByLabel(say.employer).fill('Datai');
    await dialog.getByLabel(say.area).fill('3F');
    await dialog.getByLabel(say.until).fill('2099-01-31T18:00');
    await dialog.getByRole('button', { name: say.create, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.match((await call('GET', `/users/${hired}`)).expires_at, /^2099-01-31T10:00/);
    await page.getByRole('textbox', { name: say.find }).fill(hired);
    await page.getByRole('row').filter({ hasText: hired }).getByText(say.valid).waitFor();

    // And who looks later sees who did it.
    await to(say.audit);
    for (const whom of [`离开${lng}`, '外包工'])
      await page.getByRole('row').filter({ hasText: whom }).first().waitFor();
    await sound(page);
    await leave(page);
  });

  test(`what happens is said, not only shown (${lng})`, async () => {
    const number = await dispatched(`said ${lng}`);
    const page = await as('zhangwei', `/w/records/incident/${number}`, { lng });
    // The tree that a screen reader reads has the title, the buttons with their names, and the journal as a list.
    const tree = await page.getByRole('main').ariaSnapshot();
    assert.match(tree, new RegExp(`heading "said ${lng}" \\[level=1\\]`));
    assert.match(tree, new RegExp(`toolbar[^\n]*:\n(.*\n)*? *- button "${say.accept}"`));
    await page.getByRole('toolbar').getByRole('button', { name: say.accept, exact: true }).press('Enter');
    await page.locator('[role=status], [role=alert], [aria-live]').getByText(say.accepted).waitFor();
    // The button is gone: the focus must not be lost with it.
    await page.waitForTimeout(900);
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
    await leave(page);
    // A form says what is wrong where it is, and goes there.
    const asking = await as('lilaoshi', '/report', { lng });
    await asking.locator('form > button[type=submit]').press('Enter');
    const wrong = asking.locator('[aria-invalid=true]');
    await wrong.first().waitFor();
    await asking.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    const said = await wrong.first().evaluate((it) =>
      (it.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(''),
    );
    assert.ok(said.length > 3, 'the field is described by its error');
    await leave(asking);
  });

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
    await page.locator('textarea').first().waitFor();
    await settled(page);
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
