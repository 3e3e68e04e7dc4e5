// What people do all day, told by `e2e/stories.test.mjs`. They find their way by role and visible name, as people do, and by
// the keys of actions, which packs keep for ever.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

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
const reported = async (page, go, title) => {
  await go(page, '/report');
  await page.getByLabel('一句话说明').fill(title);
  await page.getByLabel('详细情况').fill('第一行\n第二行 https://example.org/x');
  await page.locator('form > button[type=submit]').click();
  await page.waitForURL('**/requests/**');
  await page.getByRole('heading', { name: title }).waitFor();
  const [, , kind, number] = new URL(page.url()).pathname.split('/');
  return { type: kind, number };
};

export const stories = {
  'report-to-closure': {
    async run({ enter, go }) {
      const requester = await enter({ user: 'lilaoshi', width: 390 });
      const record = await reported(requester, go, '走廊打印机不工作');
      await requester.getByRole('heading', { name: '走廊打印机不工作' }).waitFor();
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
      await go(desk, `/w/records/${record.type}/${record.number}`);
      const step = async (...keys) => {
        for (const key of keys) {
          const path = `/api/v1/records/${record.type}/${record.number}`;
          const { items } = await desk.ask(`${path}/actions`);
          const action = items.find((it) => it.key === key);
          if (!action) continue;
          const button = desk.getByRole('toolbar').getByRole('button', { name: action.label, exact: true });
          const { version } = await desk.ask(path);
          await button.click();
          if (Object.keys(action.schema.properties ?? {}).length > 0) await fill(desk);
          // It is done, and the page has asked what can be done now.
          const moved = async ([path, before]) => (await (await fetch(path)).json()).version > before;
          await desk.waitForFunction(moved, [path, version]);
          await button.waitFor({ state: 'hidden' });
          return key;
        }
        throw new Error(`none of ${keys} is offered`);
      };
      await step('accept');
      // The requester's page follows without being reloaded.
      await requester.getByText('王芳').first().waitFor();
      await desk.getByRole('radio', { name: '内部' }).click();
      await desk.locator('textarea').fill('只给同事看的备注');
      await desk.keyboard.press('Control+Enter');
      await desk.getByText('只给同事看的备注').waitFor();
      await desk.getByRole('radio', { name: '公开' }).click();
      await desk.locator('textarea').fill('正在路上，十分钟后到。');
      await desk.getByRole('button', { name: '发送回复' }).click();
      await requester.getByText('正在路上，十分钟后到。').waitFor();
      assert.equal(await requester.getByText('只给同事看的备注').count(), 0, 'internal words stay internal');
      await step('resolve');
      const confirm = requester.getByRole('button', { name: await label(requester, record, 'confirm') });
      await confirm.waitFor();
      await confirm.click();
      await requester.waitForTimeout(400);
      if ((await requester.locator('.ant-modal').count()) > 0) await fill(requester);
      await requester.locator('li[data-state=done]', { hasText: '已确认' }).waitFor();
      await requester.locator('.ant-rate-star').nth(4).click();
      await requester
        .getByRole('button', { name: await label(requester, record, 'rate'), exact: true })
        .click();
      await requester.getByText('您的评价：5 / 5').waitFor();
    },
  },
  'two-agents-one-record': {
    allow: ['412'],
    async run({ enter, go }) {
      const first = await enter({ user: 'wangfang' });
      const requester = await enter({ user: 'lilaoshi' });
      const record = await reported(requester, go, '两个人同时改');
      await go(first, `/w/records/${record.type}/${record.number}?tab=form`);
      const title = first.getByLabel(/^标题/);
      await title.fill('我改的标题');
      const path = `/api/v1/records/${record.type}/${record.number}`;
      const other = await enter({ user: 'wangfang' });
      await go(other, '/w');
      const { version } = await other.ask(path);
      const done = await send(
        other,
        path,
        'PATCH',
        { title: '别人改的标题', urgency: 'high' },
        { 'If-Match': `"${version}"` },
      );
      assert.equal(done.status, 200);
      // The page has heard of it.
      await first.getByText(/^您编辑期间，这条记录有更新/).waitFor();
      assert.equal(await title.inputValue(), '我改的标题', 'what I type is not overwritten by live updates');
      await first.getByRole('button', { name: /保存/ }).click();
      const dialog = first.locator('.ant-modal');
      await dialog.getByText('别人改的标题').waitFor();
      await dialog.getByText('我改的标题').waitFor();
      await dialog.getByRole('button', { name: '应用我的修改' }).click();
      await first.locator('h1', { hasText: '我改的标题' }).waitFor();
      const now = await first.ask(path);
      assert.equal(now.urgency, 'high', 'the other change stands');
    },
  },
  'keyboard-only': {
    async run({ enter, go }) {
      const page = await enter({ user: 'wangfang' });
      await go(page, '/w/queue');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      const row = page.locator('tr[data-current]');
      const number = await row.locator('td .mono').textContent();
      await page.keyboard.press('p');
      await page.locator('aside', { hasText: number }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('aside').waitFor({ state: 'hidden' });
      await row.locator('a').focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/${number}`);
      await page.getByRole('toolbar').waitFor();
      await page.locator('textarea').waitFor();
      await page.keyboard.press('c');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      await page.keyboard.type('g q 只是文字');
      assert.match(page.url(), /records/, 'letters typed are letters');
      await page.locator('h1').click();
      await page.keyboard.press('g');
      await page.keyboard.press('w');
      await page.waitForURL('**/w');
      await page.keyboard.press('Control+k');
      await page.locator('[role=combobox][aria-expanded=true]').waitFor();
      await page.keyboard.type(number.slice(-6));
      await page.locator('[role=option]', { hasText: number }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/${number}`);
      assert.equal(await page.locator('textarea').inputValue(), 'g q 只是文字', 'the draft waited');
      await page.locator('textarea').fill('');
      await page.locator('h1').click();
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText('写回复').waitFor();
      await page.keyboard.press('Escape');
    },
  },
  'log-a-call': {
    async run({ enter, go }) {
      const page = await enter({ user: 'wangfang' });
      await go(page, '/w');
      await page.keyboard.press('n');
      const dialog = page.locator('.ant-modal');
      await dialog.getByLabel('申报人').waitFor();
      await page.waitForFunction(
        () => document.activeElement?.closest('.ant-modal') && document.activeElement.tagName === 'INPUT',
      );
      await page.keyboard.type('lilaoshi');
      await page
        .locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '李' })
        .first()
        .click();
      await dialog.getByText(/未关闭的记录/).waitFor();
      await dialog.getByLabel(/^标题/).fill('来电：会议室没有声音');
      await page.keyboard.press('Control+Enter');
      await page.waitForURL('**/w/records/**');
      await page.locator('h1', { hasText: '来电：会议室没有声音' }).waitFor();
    },
  },
  filters: {
    async run({ enter, go }) {
      const page = await enter({ user: 'wangfang' });
      const kind = await type(page);
      await go(page, `/w/records/${kind}`);
      await page.getByRole('button', { name: 'P3', exact: true }).click();
      await page.waitForURL(/priority=p3/);
      await page.waitForTimeout(600);
      const seen = await page.locator('tbody tr td:nth-child(2)').allTextContents();
      assert.ok(seen.length > 0 && seen.every((it) => it === 'P3'), `only P3: ${seen.slice(0, 5)}`);
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
      const record = await reported(page, go, '附件试验');
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles({
          name: '截图 1.png',
          mimeType: 'image/png',
          buffer: Buffer.from(
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
            'base64',
          ),
        });
      await page.getByText('截图 1.png').waitFor();
      await page.getByRole('button', { name: '发送', exact: true }).click();
      const link = page.getByRole('link', { name: /截图 1.png/ });
      await link.waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      assert.equal(download.suggestedFilename(), '截图 1.png');
      void record;
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
  pseudo: {
    async run({ enter, go }) {
      // Data comes in Chinese; whatever Latin words are left outside the brackets were never translated.
      for (const [user, paths] of [
        ['lilaoshi', ['/?lng=pseudo', '/report?lng=pseudo', '/sessions?lng=pseudo']],
        ['zhangwei', ['/w?lng=pseudo', '/w/queue?lng=pseudo']],
      ]) {
        const page = await enter({ user, lng: 'pseudo' });
        for (const path of paths) {
          await go(page, path);
          const bare = await page.evaluate(() => {
            const found = [];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
              const text = walk.currentNode.textContent.trim();
              const holder = walk.currentNode.parentElement;
              if (
                !text ||
                text.includes('⟦') ||
                holder.closest('.mono, kbd, time, script, style, svg, [data-plain]')
              )
                continue;
              if (/[A-Za-z]{3,}/.test(text) && !/[\u3400-\u9fff]/.test(text)) found.push(text);
            }
            for (const element of document.querySelectorAll(
              '[aria-label]:not(.anticon), [placeholder], [title]',
            )) {
              for (const name of ['aria-label', 'placeholder', 'title']) {
                const text = element.getAttribute(name) ?? '';
                if (
                  /[A-Za-z]{3,}/.test(text) &&
                  !text.includes('⟦') &&
                  !/[\u3400-\u9fff]|Mozilla|\d{4}/.test(text)
                )
                  found.push(`${name}=${text}`);
              }
            }
            return found;
          });
          const known = /^(Chrome|Firefox|Edge|Safari|Linux|Windows)|^VPN|^Office|^P\d/;
          assert.deepEqual(
            bare.filter((it) => !known.test(it)),
            [],
            `${path} has text outside the translations`,
          );
        }
      }
    },
  },
};
