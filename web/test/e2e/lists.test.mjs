// Lists people live in: conditions, saved lists, many at once with the way back, files, kanban; in both languages, at both widths.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { putAway, settled } from '../browser.mjs';
import { choose as find, leave, sound, stage, wcag } from './house.mjs';

const { home, call, as: enter } = stage();

async function as(...options) {
  const page = await enter(...options);
  await putAway(page);
  return page;
}

/** Chooses in a select of the drawer by its words. */
async function choose(drawer, label, text) {
  await drawer.getByRole('combobox', { name: label }).last().click();
  await drawer.page().locator(`.ant-select-item-option[title="${text}"]:visible`).first().click();
}

const numbers = (page) => page.locator('tbody tr td .mono').allTextContents();

test('filter, save, reload, assign many, take it back, export', async () => {
  const made = [];
  for (const title of ['批量甲', '批量乙', '批量丙']) {
    const { number } = await call('POST', '/records/incident', {
      title,
      requester: 'lilaoshi',
      channel: 'phone',
    });
    made.push(number);
  }
  const page = await as('wangfang', '/w/records/incident');
  await page.getByRole('button', { name: '条件' }).click();
  const drawer = page.getByRole('dialog', { name: '条件' });
  await choose(drawer, '字段', '标题');
  await drawer.getByLabel('值').fill('批量');
  await drawer.getByRole('button', { name: '应用条件' }).click();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 3);
  await page.waitForURL(/filter=/);

  await page.getByRole('button', { name: '列', exact: true }).click();
  const columns = page.getByRole('dialog', { name: '列' });
  await columns.getByRole('checkbox', { name: '来源' }).click();
  await columns.getByRole('button', { name: '应用列' }).click();
  await page.getByRole('columnheader', { name: '来源' }).waitFor();

  await page.getByRole('button', { name: '管理列表', exact: true }).click();
  await page.getByRole('menuitem', { name: '另存为' }).click();
  await page.getByRole('dialog').getByLabel('名称').fill('批量试验');
  await page.keyboard.press('Enter');
  await page.waitForURL(/view=/);
  await page.reload();
  await settled(page);
  await page.getByRole('columnheader', { name: '来源' }).waitFor();
  assert.deepEqual((await numbers(page)).sort(), made.toSorted());
  await page.locator('.ant-select', { hasText: '批量试验' }).first().waitFor();

  // By keys: the first row, then the stretch to the last.
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+x');
  const bar = page.getByRole('region', { name: '批量操作' });
  await bar.getByText('已选 3 条').waitFor();
  await bar.getByRole('button', { name: '转派' }).click();
  const ask = page.getByRole('dialog', { name: '转派' });
  const before = (await call('GET', `/records/incident/${made[0]}`)).assignee;
  assert.equal(before ?? null, null);
  const team = (await call('GET', `/records/incident/${made[0]}`)).team.key;
  const { members } = await call('GET', `/teams/${team}`);
  await ask.getByRole('combobox', { name: '处理人' }).click();
  await ask.getByRole('combobox', { name: '处理人' }).fill(members[0].key);
  await page.locator('.ant-select-item-option:visible', { hasText: members[0].label }).first().click();
  await ask.getByRole('button', { name: '转派' }).click();

  const preview = page.getByRole('dialog', { name: '预览：转派' });
  await preview.getByText(`→ ${members[0].label}`).first().waitFor();
  assert.equal(
    (await call('GET', `/records/incident/${made[0]}`)).assignee ?? null,
    null,
    'nothing was done yet',
  );
  await preview.getByRole('button', { name: '转派（3 条）' }).click();
  await page.getByText('完成 3 条').waitFor();
  assert.equal((await call('GET', `/records/incident/${made[0]}`)).assignee.key, members[0].key);
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByText('完成 3 条').waitFor();
  for (const number of made)
    await page.waitForFunction(
      async (path) => !(await (await fetch(path)).json()).assignee,
      `/api/v1/records/incident/${number}`,
    );
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click();

  const arrives = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const text = await readFile(await (await arrives).path(), 'utf8');
  for (const number of made) assert.ok(text.includes(number), text);
  assert.ok(text.startsWith('\uFEFF'), 'spreadsheets see UTF-8');
  await leave(page);
});

/** Records of one word in their titles, in the order in which they were opened. */
async function reported(word, count) {
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const body = { title: `${word}${n}`, requester: 'lilaoshi', channel: 'phone' };
    made.push((await call('POST', '/records/incident', body)).number);
  }
  return made;
}

test('what leaves the queue leaves its result behind, and nothing old comes back', async () => {
  const made = await reported('离队', 3);
  const other = (await call('GET', '/teams?limit=50')).items.find(
    (it) => it.active !== false && it.key.includes('network'),
  );
  const page = await as('wangfang', '/w/queue?q=离队');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 3);
  for (const number of made.slice(0, 2)) await page.getByRole('checkbox', { name: `选中 ${number}` }).click();
  const bar = page.getByRole('region', { name: '批量操作' });
  await bar.getByText('已选 2 条').waitFor();
  await bar.getByRole('button', { name: '转派' }).click();
  const ask = page.getByRole('dialog', { name: '转派', exact: true });
  await find(ask, '支持组', other.label);
  // What is wrong with what was entered is said there, in words.
  await ask.getByRole('button', { name: '转派' }).click();
  await ask.getByText('请填写原因').waitFor();
  assert.equal(await page.getByRole('dialog', { name: '预览：转派' }).count(), 0);
  await ask.getByRole('combobox', { name: '原因' }).click();
  await page.locator('.ant-select-item-option:visible').first().click();
  await ask.getByText('请填写原因').waitFor({ state: 'hidden' });
  await ask.getByLabel('交接说明').fill('请看一下交换机');
  await ask.getByRole('button', { name: '转派' }).click();
  const preview = page.getByRole('dialog', { name: '预览：转派' });
  await preview.getByText(`→ ${other.label}`).first().waitFor();

  // Back at the form everything stands there still.
  await preview.getByRole('button', { name: /返\s?回/ }).click();
  assert.equal(await ask.getByLabel('交接说明').inputValue(), '请看一下交换机');
  await ask.locator('.ant-select', { hasText: other.label }).first().waitFor();
  await ask.getByRole('button', { name: '转派' }).click();
  await preview.getByText(`→ ${other.label}`).first().waitFor();

  // A hand that presses twice closes nothing.
  await preview.getByRole('button', { name: '转派（2 条）' }).dblclick();
  const result = page.getByRole('dialog', { name: '转派', exact: true });
  await result.getByText('完成 2 条').waitFor();
  await page.waitForFunction(
    () => document.querySelectorAll('table[aria-label="记录列表"] tbody tr').length === 1,
  );
  assert.equal(await result.getByRole('table', { name: '逐条结果' }).locator('tr').count(), 2);
  await result.getByRole('button', { name: '撤销' }).waitFor();
  await result
    .getByRole('button', { name: /关\s?闭/ })
    .last()
    .click();
  await result.waitFor({ state: 'hidden' });
  assert.equal(await bar.count(), 0);
  const whole = page.getByRole('checkbox', { name: '选中已载入的全部' });
  assert.equal(
    await whole.evaluate((it) => it.indeterminate || it.closest('.ant-checkbox-indeterminate') !== null),
    false,
  );
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await bar.getByText('已选 1 条').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0, 'no old preview');

  // A note changes no field, and is not nothing.
  await bar.getByRole('button', { name: '备注' }).click();
  const note = page.getByRole('dialog', { name: '备注', exact: true });
  await note.getByLabel(/内容/).fill('已通知机房');
  await note.getByRole('button', { name: '备注' }).click();
  const told = page.getByRole('dialog', { name: '预览：备注' });
  await told.getByText(/将添加一条内部备注.*已通知机房/).waitFor();
  await leave(page, { allow: ['status of 422'] });
});

test('a condition without its value is not dropped in silence', async () => {
  const page = await as('wangfang', '/w/records/incident');
  await page.getByRole('button', { name: '条件' }).click();
  const drawer = page.getByRole('dialog', { name: '条件' });
  await choose(drawer, '字段', '标题');
  await drawer.getByRole('button', { name: '添加条件', exact: true }).click();
  await drawer.getByRole('button', { name: '应用条件' }).click();
  const missing = drawer.getByText('请填写值，或去掉这个条件');
  await missing.waitFor();
  assert.equal(await missing.count(), 1, 'the empty row says nothing and lacks nothing');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === '值');
  await page.keyboard.type('离队');
  await missing.waitFor({ state: 'hidden' });
  await drawer.getByRole('button', { name: '应用条件' }).click();
  await page.waitForURL(/filter=/);
  await drawer.waitFor({ state: 'hidden' });
  await leave(page);
});

test('Back closes the side panel first, and a reload keeps it', async () => {
  const page = await as('wangfang', '/w/queue');
  await page.goto(`${home.base}/w/records/incident`);
  const panel = page.getByRole('complementary', { name: '侧栏预览' });
  await page.locator('tbody tr td .mono').first().click();
  await panel.waitFor();
  // Moving on in the list is no step of its own.
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.waitForURL(/peek=/);
  await page.reload();
  await panel.waitFor();
  await page.goBack();
  await panel.waitFor({ state: 'hidden' });
  assert.match(page.url(), /\/w\/records\/incident/);
  assert.doesNotMatch(page.url(), /peek=/);
  // Closed by its button it leaves nothing behind either.
  await page.locator('tbody tr td .mono').first().click();
  await panel.waitFor();
  const steps = await page.evaluate(() => history.length);
  await panel.getByRole('button', { name: '关闭侧栏' }).click();
  await panel.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => history.length), steps);
  await page.goForward();
  await panel.waitFor();
  await leave(page);
});

test('the queue counts, and the next record is claimed', async () => {
  const page = await as('wangfang', '/w/queue');
  const counted = async () => Number(await page.locator('[data-counters] b').nth(1).textContent());
  await page.locator('[data-counters]').waitFor();
  const before = await counted();
  await call('POST', '/records/incident', { title: '新来的', requester: 'lilaoshi', channel: 'phone' });
  await page.waitForFunction(
    (was) => Number(document.querySelectorAll('[data-counters] b')[1]?.textContent) === was + 1,
    before,
  );
  await page.getByRole('button', { name: '领取下一条' }).click();
  await page.waitForURL(/INC-\d{4}-\d{6}/);
  const number = page.url().match(/INC-\d{4}-\d{6}/)[0];
  assert.equal((await call('GET', `/records/incident/${number}`)).assignee.key, 'wangfang');
  await leave(page);
});

test('a card goes to another column, by the finger and by the keys', async () => {
  const page = await as('wangfang', '/w/records/incident?layout=kanban&group=state');
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  // As long as not everything is loaded, nobody knows how many a column holds.
  const heads = async () => (await page.locator('section h2').allTextContents()).map((it) => it.trim());
  if (await page.getByRole('button', { name: '载入更多' }).isVisible()) {
    for (const head of await heads()) assert.match(head, /\d\+$/);
  } else for (const head of await heads()) assert.match(head, /\s\d+$/);
  const menu = page.getByRole('button', { name: /的操作$/ }).first();
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem').first().waitFor();
  await page.keyboard.press('Escape');
  await leave(page);

  const { number } = await call('POST', '/records/incident', {
    title: '拖动试验',
    requester: 'lilaoshi',
    channel: 'phone',
  });
  const board = await as('wangfang', `/w/records/incident?layout=kanban&group=state&q=${number}`);
  const card = board.locator('li', { hasText: '拖动试验' });
  // An empty column takes a card in all its length, and what leads there is asked for at once.
  for (const [column, action] of [
    ['一线处理中', '派单'],
    ['挂起', '挂起'],
    ['已解决，待确认', '解决'],
  ]) {
    await card.dragTo(board.getByRole('region', { name: column }), { targetPosition: { x: 60, y: 280 } });
    const dialog = board.getByRole('dialog', { name: action, exact: true });
    await dialog.waitFor();
    await board.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }
  await leave(board);
});

for (const lng of ['zh', 'en']) {
  for (const [theme, width] of [
    ['light', 1440],
    ['dark', 390],
  ]) {
    test(`lists are clean ${lng} ${theme} ${width}`, async () => {
      for (const path of [
        '/w/queue',
        '/w/records/incident?layout=kanban&group=phase',
        '/w/records/incident',
      ]) {
        const page = await as('wangfang', path, { lng, theme, width });
        await page.locator('tbody tr, h2').first().waitFor();
        await sound(page, { rules: wcag });
        if (!path.includes('kanban')) {
          await page.locator('tbody input[type=checkbox]').first().check();
          await page.locator('section output').first().waitFor();
          if (width < 700)
            await page
              .getByRole('button', { name: lng === 'zh' ? '筛选和列表' : 'Filters and lists' })
              .click();
          await page.getByRole('button', { name: lng === 'zh' ? '条件' : 'Conditions' }).click();
          await page.getByRole('dialog').waitFor();
          await sound(page, { rules: wcag });
        }
        await leave(page);
      }
    });
  }
}
