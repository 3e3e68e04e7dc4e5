// What people do all day, told by `e2e/stories.test.mjs`. They find their way by role and visible name, as people do, and by
// the keys of actions, which packs keep for ever. A story with `words`, Chinese and English, is told in both languages.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { sound } from './e2e/house.mjs';

const send = (page, path, method, body, headers = {}) =>
  page.evaluate(
    async ([path, method, body, headers]) => {
      const me = await (await fetch('/api/v1/me')).json();
      const answer = await fetch(path, {
        method,
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf, ...headers },
        body: body && JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [path, method, body, headers],
  );
/** Lets the program's writes fail as on a full disk, until `end()`. */
async function fullDisk(pid) {
  const args = ['-f', '-p', String(pid), '-o', '/dev/null', '-e', 'trace=pwrite64', '-e'];
  const strace = spawn('strace', [...args, 'inject=pwrite64:error=ENOSPC']);
  const ended = new Promise((done) => strace.once('exit', done));
  await new Promise((done) =>
    strace.stderr.on('data', (said) => String(said).includes('attached') && done()),
  );
  return {
    end: async () => {
      strace.kill('SIGTERM');
      await ended;
    },
  };
}
const type = async (page) => (await page.ask('/api/v1/packs')).items[0].key;
const label = async (page, record, key) => {
  const { items } = await page.ask(`/api/v1/records/${record.type}/${record.number}/actions`);
  return items.find((it) => it.key === key)?.label;
};
/** Fill a dialog: the first choice of each drop-down that must be chosen, words into each text. */
async function fill(page) {
  const dialog = page.locator('.ant-modal').last();
  await dialog.waitFor();
  for (const box of await dialog.locator('.ant-select').all()) {
    if ((await box.getAttribute('class')).includes('disabled')) continue;
    if ((await box.locator('.ant-select-content-has-value, .ant-select-selection-item').count()) > 0)
      continue;
    await box.click();
    const option = page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
      .first();
    await option.waitFor();
    await option.click();
  }
  for (const area of await dialog.locator('textarea:visible').all())
    if (!(await area.inputValue())) await area.fill('已处理，详见说明。');
  await dialog.locator('.ant-modal-footer .ant-btn-primary, .ant-modal-footer .ant-btn-dangerous').click();
  await dialog.waitFor({ state: 'hidden' });
}
/** A requester who is on the form of a report sends it; answers which record came of it. */
const sent = async (page) => {
  await page.locator('form > button[type=submit]').click();
  await page.waitForURL('**/requests/**');
  const [, , kind, number] = new URL(page.url()).pathname.split('/');
  return { type: kind, number };
};
const reported = async (page, go, title) => {
  await go(page, '/report');
  await page.locator('form input:not([type=radio])').first().fill(title);
  const record = await sent(page);
  await page.getByRole('heading', { name: title }).waitFor();
  return record;
};
const photo = {
  name: '截图 1.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

export const stories = {
  'a requester on a phone, from the search to the rating': {
    words: {
      title: ['走廊打印机不工作', 'The printer in the corridor is dead'],
      search: ['打印机连不上', 'the printer cannot be reached'],
      report: [/^报告：走廊/, /^Report: The printer in/],
      details: ['详细情况', 'Details'],
      internal: ['内部', 'Internal'],
      public: ['公开', 'Public'],
      note: ['只给同事看的备注', 'For colleagues alone'],
      words: ['正在路上，十分钟后到。', 'On the way, ten minutes.'],
      send_reply: ['发送回复', 'Send reply'],
      question: ['哪一层楼？', 'Which floor?'],
      asked: ['处理人在等您的回复', 'We are waiting for your answer'],
      answer: ['三楼', 'The third'],
      send: ['发送', 'Send'],
      confirmed: ['已确认', 'Confirmed'],
      rated: ['您的评价：5 / 5', 'Your rating: 5 of 5'],
    },
    async run({ enter, go, say }) {
      const requester = await enter({ user: 'lilaoshi', width: 390 });
      await go(requester, '/');
      await sound(requester);
      await requester
        .getByRole('main')
        .getByRole('searchbox')
        .or(requester.getByPlaceholder(say.search))
        .first()
        .fill(say.title);
      await requester
        .getByRole('link', { name: say.report })
        .or(requester.getByRole('button', { name: say.report }))
        .first()
        .tap();
      await requester.waitForURL('**/report**');
      const title = requester.locator('form input:not([type=radio])').first();
      assert.equal(await title.inputValue(), say.title, 'what was searched for is the title');
      await requester.getByLabel(say.details).fill('1\n2 https://example.org/x');
      await requester.locator('input[type=file]').first().setInputFiles(photo);
      await requester.getByText(photo.name).waitFor();
      await sound(requester);
      const record = await sent(requester);
      await requester.getByRole('heading', { name: say.title }).waitFor();
      await requester.getByRole('link', { name: new RegExp(photo.name) }).waitFor();
      assert.equal(
        await requester.locator('a[href="https://example.org/x"]').count(),
        1,
        'addresses are links',
      );
      assert.equal(
        await requester.evaluate(() => localStorage.getItem('yuheng.draft.report')),
        null,
        'the draft is gone',
      );

      const desk = await enter({ user: 'wangfang' });
      const path = `/records/${record.type}/${record.number}`;
      await go(desk, `/w${path}`);
      const step = async (key) => {
        const name = await label(desk, record, key);
        const { items } = await desk.ask(`/api/v1${path}/actions`);
        const { version } = await desk.ask(`/api/v1${path}`);
        await desk.getByRole('toolbar').getByRole('button', { name, exact: true }).click();
        if (Object.keys(items.find((it) => it.key === key)?.schema.properties ?? {}).length > 0)
          await fill(desk);
        // It is done, and the page has asked what can be done now.
        const moved = async ([path, before]) => (await (await fetch(path)).json()).version > before;
        await desk.waitForFunction(moved, [`/api/v1${path}`, version]);
      };
      await step('accept');
      // The requester's page follows without being reloaded.
      await requester.getByText('王芳').first().waitFor();
      await desk.getByRole('radio', { name: say.internal }).click();
      await desk.locator('textarea').fill(say.note);
      await desk.keyboard.press('Control+Enter');
      await desk.getByText(say.note).waitFor();
      await desk.getByRole('radio', { name: say.public }).click();
      await desk.locator('textarea').fill(say.words);
      await desk.getByRole('button', { name: say.send_reply }).click();
      await requester.getByText(say.words).waitFor();
      assert.equal(await requester.getByText(say.note).count(), 0, 'internal words stay internal');
      const held = await send(desk, `/api/v1${path}/actions/hold`, 'POST', {
        fields: { reason: 'user_info', note: say.question },
      });
      assert.equal(held.status, 200);
      const question = requester.getByRole('region', { name: say.asked });
      await question.getByText(say.question).waitFor();
      await question.getByRole('textbox').fill(say.answer);
      await question.getByRole('button', { name: say.send, exact: true }).tap();
      await requester.getByText(say.answer).first().waitFor();
      await sound(requester);
      await desk.getByText(say.answer).first().waitFor();
      if ((await desk.ask(`/api/v1${path}`)).phase === 'waiting') await step('resume');
      await step('resolve');
      const confirm = requester.getByRole('button', { name: await label(requester, record, 'confirm') });
      await confirm.waitFor();
      await confirm.tap();
      await requester.locator('li[data-state=done]', { hasText: say.confirmed }).waitFor();
      await requester.locator('.ant-rate-star').nth(4).tap();
      await requester
        .getByRole('button', { name: await label(requester, record, 'rate'), exact: true })
        .tap();
      await requester.getByText(say.rated).waitFor();
      await sound(requester);
    },
  },
  'two agents on one record': {
    allow: ['412'],
    words: {
      report: ['两个人同时改', 'Changed by two at once'],
      title: [/^标题/, /^Title/],
      mine: ['我改的标题', 'The title I gave it'],
      theirs: ['别人改的标题', 'The title they gave it'],
      by: [(name) => `${name}正在查看`, (name) => `${name} also looking`],
      save: [/^保存/, /^Save/],
      apply: ['应用我的修改', 'Apply my changes'],
      hold: [/^挂起/, /^Hold/],
      keep: ['保留现状', 'Keep it as it is'],
    },
    async run({ enter, go, say }) {
      const first = await enter({ user: 'wangfang' });
      const requester = await enter({ user: 'lilaoshi' });
      const record = await reported(requester, go, say.report);
      const place = `/w/records/${record.type}/${record.number}`;
      await go(first, `${place}?tab=form`);
      const title = first.getByLabel(say.title);
      await title.fill(say.mine);
      const path = `/api/v1/records/${record.type}/${record.number}`;
      const other = await enter({ user: 'zhangwei' });
      await go(other, place);
      // Each is told of the other before they get into each other's way.
      await other.getByText(say.by('王芳')).waitFor();
      await first.getByText(say.by('张伟')).waitFor();
      const colleague = await enter({ user: 'wangfang' });
      await go(colleague, '/w');
      const { version } = await colleague.ask(path);
      const done = await send(
        colleague,
        path,
        'PATCH',
        { title: say.theirs, urgency: 'high' },
        { 'If-Match': `"${version}"` },
      );
      assert.equal(done.status, 200);
      await other.getByRole('heading', { name: say.theirs }).waitFor();
      await first.getByText(say.theirs).first().waitFor();
      assert.equal(await title.inputValue(), say.mine, 'what I type is not overwritten by live updates');
      await first.getByRole('button', { name: say.save }).click();
      const dialog = first.locator('.ant-modal');
      await dialog.getByText(say.theirs).waitFor();
      await dialog.getByText(say.mine).waitFor();
      await sound(first, { allow: ['412'] });
      await dialog.getByRole('button', { name: say.apply }).click();
      await first.locator('h1', { hasText: say.mine }).waitFor();
      await other.locator('h1', { hasText: say.mine }).waitFor();
      const now = await first.ask(path);
      assert.equal(now.urgency, 'high', 'the other change stands');

      // Somebody takes it up while a dialog is open: the dialog tells so before it passes that over.
      await first.getByRole('button', { name: say.hold }).click();
      await dialog.getByRole('combobox').first().click();
      await first.locator('.ant-select-item-option').last().click();
      const heard = first.waitForResponse((it) => it.url().endsWith(path) && it.request().method() === 'GET');
      const accepted = await send(colleague, `${path}/actions/accept`, 'POST', { fields: {} });
      assert.equal(accepted.status, 200);
      await heard;
      await dialog.locator('.ant-modal-footer .ant-btn-primary').click();
      await dialog.getByRole('button', { name: say.keep }).waitFor();
      assert.notEqual((await first.ask(path)).phase, 'waiting', 'nothing was done unseen');
      await sound(first, { allow: ['412'] });
    },
  },
  'a morning by the keyboard alone': {
    words: {
      typed: ['g q 只是文字', 'g q are words'],
      reply: ['写回复', 'Write a reply'],
      back: ['回到列表', 'Back to the list'],
    },
    async run({ enter, go, say }) {
      const page = await enter({ user: 'wangfang' });
      await go(page, '/w/queue');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      const row = page.locator('tr[data-current]');
      const number = await row.locator('td .mono').textContent();
      await page.keyboard.press('p');
      await page.locator('aside', { hasText: number }).waitFor();
      await sound(page);
      await page.keyboard.press('Escape');
      await page.locator('aside').waitFor({ state: 'hidden' });
      await row.locator('a').focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/${number}`);
      await page.getByRole('toolbar').waitFor();
      await page.locator('textarea').waitFor();
      await page.keyboard.press('c');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      await page.keyboard.type(say.typed);
      assert.match(page.url(), /records/, 'letters typed are letters');
      // Out of the words with Tab, as whoever has no mouse gets out of them.
      for (let tries = 0; tries < 9; tries += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement?.tagName !== 'TEXTAREA')) break;
      }
      await page.keyboard.press('g');
      await page.keyboard.press('w');
      await page.waitForURL('**/w');
      await page.keyboard.press('Control+k');
      await page.locator('[role=combobox][aria-expanded=true]').waitFor();
      await page.keyboard.type(number.slice(-6));
      await page.locator('[role=option]', { hasText: number }).waitFor();
      await sound(page);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/${number}`);
      assert.equal(await page.locator('textarea').inputValue(), say.typed, 'the draft waited');
      await page.locator('textarea').fill('');
      await page.locator('textarea').blur();
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText(say.reply).waitFor();
      await sound(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      // To the buttons with one key, along them with the arrows or Tab, and out of what opens with Escape.
      await page.keyboard.press('e');
      await page.waitForFunction(() => document.activeElement?.closest('[role=toolbar]'));
      await page.keyboard.press('a');
      const dialog = page.locator('.ant-modal');
      await dialog.waitFor();
      await page.waitForFunction(() => document.activeElement?.closest('.ant-modal'));
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    },
  },
  filters: {
    async run({ enter, go }) {
      const page = await enter({ user: 'wangfang' });
      const kind = await type(page);
      await go(page, `/w/records/${kind}`);
      await page.getByRole('button', { name: 'P3', exact: true }).click();
      await page.waitForURL(/priority=p3/);
      await page.waitForFunction(() => {
        const seen = [...document.querySelectorAll('tbody tr td:nth-child(2)')].map((it) => it.textContent);
        return seen.length > 0 && seen.every((it) => it === 'P3');
      });
      await page.reload();
      assert.equal(
        await page.getByRole('button', { name: 'P3', exact: true }).getAttribute('aria-pressed'),
        'true',
        'filters outlive a reload',
      );
      await page.getByLabel('标题或单号').fill('zzzz');
      await page.getByText('没有符合筛选条件的记录').waitFor();
      await page.getByRole('button', { name: '清除筛选' }).first().click();
      await page.locator('tbody tr').first().waitFor();
      const more = page.getByRole('button', { name: '载入更多' });
      const before = await page.locator('tbody tr').count();
      await more.click();
      await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length > count, before);
    },
  },
  'language-and-look': {
    async run({ enter, go }) {
      const page = await enter({ user: 'zhangwei' });
      await go(page, '/w/queue');
      await page.locator('header button[aria-haspopup=menu]').click();
      await page
        .getByRole('menuitemcheckbox', { name: 'English' })
        .or(page.getByText('English'))
        .first()
        .click();
      await page.getByRole('heading', { name: 'Queue' }).waitFor();
      await page.waitForFunction(() => document.documentElement.lang === 'en');
      await page.reload();
      await page.getByRole('heading', { name: 'Queue' }).waitFor();
      await page.locator('header button[aria-haspopup=menu]').click();
      await page.getByText('Dark', { exact: true }).click();
      await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
      await page.keyboard.press('Escape');
      await page.locator('header button[aria-haspopup=menu]').click();
      await page.getByText('简体中文').click();
      await page.getByRole('heading', { name: '队列' }).waitFor();
    },
  },
  'session-ends': {
    allow: ['401'],
    async run({ enter, go }) {
      const page = await enter({ user: 'zhangwei' });
      await go(page, '/w/queue?priority=p1');
      await page.context().clearCookies();
      await page.getByRole('link', { name: '我的工作' }).first().click();
      await page.waitForURL(/sign-in\?next=/);
      await page.locator('input[name=username]').fill('zhangwei');
      await page.locator('input[name=password]').fill('yuheng-demo');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname.startsWith('/w'));
      await go(page, '/sessions');
      await page.getByText('当前会话').waitFor();
    },
  },
  'portal-only': {
    allow: ['403', '404'],
    async run({ enter, go }) {
      const page = await enter({ user: 'lilaoshi' });
      await page.goto(`${(await page.context().storageState()).origins[0]?.origin ?? ''}`).catch(() => {});
      await go(page, '/w/queue');
      assert.equal(new URL(page.url()).pathname, '/', 'the workspace is not for everyone');
    },
  },
  attach: {
    async run({ enter, go }) {
      const page = await enter({ user: 'lilaoshi', width: 390 });
      await reported(page, go, '附件试验');
      await page.locator('input[type=file]').first().setInputFiles(photo);
      await page.getByText('截图 1.png').waitFor();
      await page.getByRole('button', { name: '发送', exact: true }).click();
      const link = page.getByRole('link', { name: /截图 1.png/ });
      await link.waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      assert.equal(download.suggestedFilename(), '截图 1.png');
    },
  },
  'read-only': {
    allow: ['503'],
    async run({ enter, go, home }) {
      const page = await enter({ user: 'zhangwei' });
      await go(page, '/w');
      const full = await fullDisk(home.pid);
      try {
        // Any write finds out that the disk is full.
        await send(page, '/api/v1/tokens', 'POST', { name: 'none', scopes: ['read'] });
        await page.getByRole('link', { name: '支持组队列' }).first().click();
        await page.getByText('系统处于只读状态').first().waitFor();
      } finally {
        await full.end();
      }
      // The program finds out by itself that there is space again, and the next answer tells the page.
      for (let tries = 0; await page.getByText('系统处于只读状态').count(); tries += 1) {
        assert.ok(tries < 60, 'still read-only');
        await page.waitForTimeout(1000);
        await page
          .getByRole('link', { name: tries % 2 ? '支持组队列' : '我的工作' })
          .first()
          .click();
      }
    },
  },
  offline: {
    allow: ['ERR_', 'Failed to load', 'net::'],
    async run({ enter, go }) {
      const page = await enter({ user: 'zhangwei' });
      await go(page, '/w');
      await page.route('**/api/v1/records/**', (route) => route.abort());
      await page.getByRole('link', { name: '支持组队列' }).first().click();
      await page.getByText('连不上服务器').first().waitFor({ timeout: 20_000 });
      await page.getByRole('button', { name: '再试一次' }).waitFor();
      await page.unroute('**/api/v1/records/**');
      await page.getByRole('button', { name: '再试一次' }).click();
      await page.locator('tbody tr').first().waitFor();
    },
  },
  'a line that breaks while something is sent': {
    allow: ['ERR_', 'Failed to load', 'net::'],
    words: {
      title: ['断线也只有一张单', 'One report, however the line breaks'],
      offline: ['连不上服务器', 'The server cannot be reached'],
      kept: ['已恢复上次没有提交的内容', 'What you had not sent last time is back'],
      answer: ['补充一句', 'One thing more'],
      send: ['发送', 'Send'],
    },
    async run({ enter, go, say }) {
      const page = await enter({ user: 'lilaoshi', width: 390 });
      /** The next write there is done, and its answer gets lost. */
      const cut = async (address) => {
        const there = (url) => url.pathname.endsWith(address);
        await page.route(there, async (route) => {
          if (route.request().method() !== 'POST') return route.fallback();
          await route.fetch();
          await route.abort('connectionreset');
          await page.unroute(there);
        });
      };
      await go(page, '/report');
      const title = page.locator('form input:not([type=radio])').first();
      const button = page.locator('form > button[type=submit]');
      await title.fill(say.title);
      const kind = await type(page);
      await cut(`/records/${kind}`);
      await button.tap();
      await page.getByRole('alert').filter({ hasText: say.offline }).waitFor();
      assert.equal(await title.inputValue(), say.title, 'the words stay');
      // Whoever gets no answer loads the page anew, too.
      await page.reload();
      await page.getByText(say.kept).waitFor();
      assert.equal(await title.inputValue(), say.title);
      const record = await sent(page);
      await page.getByRole('heading', { name: say.title }).waitFor();
      const mine = await page.ask(`/api/v1/records/${kind}?q=${encodeURIComponent(say.title)}`);
      assert.equal(mine.items.length, 1, 'one record');

      await cut('/comments');
      const box = page.locator('textarea').first();
      await box.fill(say.answer);
      await page.getByRole('button', { name: say.send, exact: true }).tap();
      await page.getByRole('alert').filter({ hasText: say.offline }).waitFor();
      assert.equal(await box.inputValue(), say.answer);
      await page.getByRole('button', { name: say.send, exact: true }).tap();
      await page.getByText(say.answer).first().waitFor();
      await page.waitForFunction(() => !document.querySelector('textarea').value);
      const path = `/api/v1/records/${record.type}/${record.number}/timeline`;
      const said = (await page.ask(path)).items.filter((it) => it.body === say.answer);
      assert.equal(said.length, 1, 'one comment');
      // The same said on purpose a second time is a second one.
      await box.fill(say.answer);
      await page.getByRole('button', { name: say.send, exact: true }).tap();
      await page.waitForFunction(() => !document.querySelector('textarea').value);
      assert.equal((await page.ask(path)).items.filter((it) => it.body === say.answer).length, 2);
    },
  },
};
