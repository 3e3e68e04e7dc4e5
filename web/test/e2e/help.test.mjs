// Help where one is: the chapter about the page, the whole guide by role and language, and the tour of newcomers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { leave, sound, stage } from './house.mjs';

const { as } = stage();

const words = {
  zh: { help: '本页的使用指南', guide: '使用指南', page: '整页打开', skip: '不用了', tour: '看一遍导览' },
  en: {
    help: 'Help on this page',
    guide: 'User guide',
    page: 'Open as a page',
    skip: 'No, thanks',
    tour: 'Take the tour',
  },
};
const where = [
  ['lilaoshi', '/', { zh: '看进度', en: 'Follow it' }],
  ['lilaoshi', '/report', { zh: '报告问题', en: 'Report a problem' }],
  ['wangfang', '/w', { zh: '每天从“我的工作”开始', en: 'Begin with "My work"' }],
  ['wangfang', '/w/queue', { zh: '列表', en: 'Lists' }],
  ['wangfang', '/w/away', { zh: '不在的时候', en: 'When you are away' }],
  ['admin', '/w/admin/teams', { zh: '支持组', en: 'Teams' }],
  ['admin', '/w/admin/outbox', { zh: '邮件通知', en: 'Mail' }],
];

for (const lng of ['zh', 'en'])
  for (const width of [1440, 390])
    test(`each page opens its chapter (${lng}, ${width})`, async () => {
      const say = words[lng];
      for (const [user, path, title] of where) {
        const page = await as(user, path, { lng, width });
        await page.getByRole('button', { name: say.help }).first().click();
        const drawer = page.getByRole('dialog', { name: say.guide });
        await drawer.getByRole('heading', { name: title[lng], exact: true }).waitFor();
        await page.waitForTimeout(400);
        await sound(page);
        await leave(page);
      }
    });

test('everybody sees the chapters for what they do, and finds a word in them', async () => {
  const chapters = async (user, path) => {
    const page = await as(user, path);
    const nav = page.getByRole('navigation', { name: '各章' });
    await nav.getByRole('button').first().waitFor();
    const titles = await nav.getByRole('button').allTextContents();
    return { page, nav, titles };
  };
  const asking = await chapters('lilaoshi', '/help/guide');
  assert.ok(
    asking.titles.includes('确认与评价') &&
      !asking.titles.includes('备份、恢复、校验') &&
      !asking.titles.includes('列表'),
  );
  await leave(asking.page);
  // Who names a chapter that is not for them in the address is shown their own.
  const curious = await as('lilaoshi', '/help/administrator.back-up-restore-check');
  await curious.getByRole('heading', { name: '报告问题', level: 2 }).waitFor();
  await curious.getByRole('status').filter({ hasText: '没有您要找的这一章' }).waitFor();
  await leave(curious);
  const agent = await chapters('zhangwei', '/w/help/guide');
  assert.ok(agent.titles.includes('列表') && !agent.titles.includes('备份、恢复、校验'));
  await agent.page.getByRole('textbox', { name: '搜索标题和内容' }).fill('看板');
  await agent.nav.getByRole('button', { name: '列表' }).click();
  await agent.page.getByRole('heading', { name: '列表', level: 2 }).waitFor();
  assert.match(agent.page.url(), /\/w\/help\/agent\.lists$/);
  await agent.page.getByRole('textbox', { name: '搜索标题和内容' }).fill('没有这个词');
  await agent.page.getByText('没有找到“没有这个词”').waitFor();
  await sound(agent.page);
  await leave(agent.page);
  const admin = await chapters('admin', '/w/help/administrator.back-up-restore-check');
  assert.ok(admin.titles.includes('备份、恢复、校验'));
  await admin.page.getByRole('heading', { name: '备份、恢复、校验', level: 2 }).waitFor();
  await sound(admin.page);
  await leave(admin.page);
});

for (const lng of ['zh', 'en'])
  test(`on a phone the search and the chapters stand above the text (${lng})`, async () => {
    const say = {
      zh: { nav: '各章', open: '确认与评价', word: '星' },
      en: { nav: 'Chapters', open: 'Confirm and rate', word: 'star' },
    }[lng];
    const page = await as('lilaoshi', '/help/requester.confirm-and-rate', { lng, width: 390 });
    const nav = page.getByRole('navigation', { name: say.nav });
    const heading = page.locator('main article h2');
    const top = async (it) => (await it.boundingBox()).y;
    assert.ok((await top(nav.getByRole('textbox'))) < (await top(heading)), 'the search is above');
    assert.equal(await nav.getByRole('button', { name: say.open }).count(), 0, 'the chapters are folded');
    assert.equal(
      await page
        .getByRole('status')
        .filter({ hasText: /没有您要找|no such chapter/ })
        .count(),
      0,
    );
    await nav.getByRole('button', { name: say.nav }).press('Enter');
    const chapter = nav.getByRole('button').filter({ hasNotText: say.open }).nth(1);
    const title = await chapter.textContent();
    assert.ok((await top(chapter)) < (await top(heading)), 'they unfold above');
    await chapter.click();
    await page.getByRole('heading', { name: title, exact: true, level: 2 }).waitFor();
    assert.equal(await nav.getByRole('button', { name: say.open }).count(), 0, 'they fold again');
    await nav.getByRole('textbox').fill(say.word);
    await nav.getByRole('button', { name: say.open }).waitFor();
    await sound(page);
    await leave(page);
  });

test('the keyboard opens it, and what is typed on the page stays', async () => {
  const page = await as('wangfang', '/w/queue');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByRole('button', { name: '本页的使用指南' }).click();
  await page.getByRole('dialog', { name: '使用指南' }).getByRole('heading', { name: '列表' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: '使用指南' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.getByRole('dialog', { name: '使用指南' }).waitFor();
  await leave(page);
  const asking = await as('lilaoshi', '/report');
  await asking.getByPlaceholder('例如：三楼打印机无法连接').fill('写到一半');
  await asking.getByRole('button', { name: '本页的使用指南' }).click();
  await asking.getByRole('dialog', { name: '使用指南' }).waitFor();
  await asking.keyboard.press('Escape');
  assert.equal(await asking.getByPlaceholder('例如：三楼打印机无法连接').inputValue(), '写到一半');
  await leave(asking);
});

// How many stops there are, wide and on a phone, which has no rail.
const tours = [
  ['lilaoshi', '/', { 1440: 3, 390: 3 }],
  ['zhangwei', '/w', { 1440: 6, 390: 6 }],
  ['admin', '/w', { 1440: 5, 390: 1 }],
];

/** Reloads, and sees that no tour comes by itself: its time is over, and its code would have been fetched long ago. */
async function stays(page, why) {
  const asked = [];
  page.on('request', (it) => /\/tour[-.]/.test(it.url()) && asked.push(it.url()));
  await page.reload();
  await settled(page);
  // The page's own clock: what it had set for 0.9 s has come by then, however slow the machine.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1500)));
  assert.deepEqual(asked, [], why);
  assert.equal(await page.locator('.ant-tour:visible').count(), 0, why);
}
for (const [lng, width] of [
  ['zh', 1440],
  ['en', 1440],
  ['zh', 390],
])
  test(`newcomers are shown around once, and can break it off (${lng}, ${width})`, async () => {
    for (const [user, path, steps] of tours) {
      const page = await as(user, path, { lng, width, tours: {} });
      const panel = page.locator('.ant-tour:visible');
      await panel.waitFor();
      await page.waitForTimeout(400);
      await sound(page);
      if (steps[width] === 1) {
        await panel.locator('.ant-tour-next-btn').click();
        await panel.waitFor({ state: 'hidden' });
        await stays(page, 'it was seen');
        await leave(page);
        continue;
      }
      // By the keyboard to the second stop, then away: it goes on there from the help.
      await panel.locator('.ant-tour-next-btn').press('Enter');
      const second = await panel.locator('.ant-tour-title').textContent();
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      await stays(page, 'it does not come back by itself');
      await page.getByRole('button', { name: words[lng].help }).first().click();
      await page.getByRole('button', { name: words[lng].tour }).click();
      await panel.waitFor();
      assert.equal(await panel.locator('.ant-tour-title').textContent(), second);
      for (let step = 2; step < steps[width]; step += 1) await panel.locator('.ant-tour-next-btn').click();
      await sound(page);
      await panel.locator('.ant-tour-next-btn').click();
      await panel.waitFor({ state: 'hidden' });
      await leave(page);
    }
  });

test('who was shown around is known on another device, and so is how they like to see things', async () => {
  const first = await as('lilaoshi', '/', { tours: {} });
  await first.getByRole('button', { name: words.zh.skip }).click();
  await first.locator('.ant-tour').waitFor({ state: 'hidden' });
  await first.getByRole('button', { name: '账户' }).click();
  const chosen = first.waitForResponse((it) => it.url().endsWith('/me/preferences') && it.ok());
  await first.getByRole('menuitemcheckbox', { name: '深色' }).click();
  await chosen;
  await leave(first);
  const other = await as('lilaoshi', '/', { tours: {}, kept: true });
  await settled(other);
  await other.waitForTimeout(1500);
  assert.equal(await other.locator('.ant-tour:visible').count(), 0);
  assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await leave(other);
});

test('who does not want it is left alone', async () => {
  const page = await as('lilaoshi', '/', { tours: {} });
  await page.getByRole('button', { name: words.zh.skip }).click();
  await page.locator('.ant-tour').waitFor({ state: 'hidden' });
  await stays(page, 'it does not come back');
  await leave(page);
});
