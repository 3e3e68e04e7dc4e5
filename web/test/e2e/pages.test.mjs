// Every main page over real data: no fault in the console, nothing wider than the window, nothing that axe finds.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, open, settled } from '../browser.mjs';
import { api, house } from './house.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let home;
let browser;
let number;

before(async () => {
  home = await house({ demo: true });
  const call = api(home.base, home.run('token', 'create', '--user', 'admin'));
  number = (await call('GET', '/records/incident?state=l1&limit=1')).items[0].number;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await home?.stop();
});

const pages = [
  ['sign-in', null, '/'],
  ['portal', 'lilaoshi', '/'],
  ['report', 'lilaoshi', '/report'],
  ['my work', 'wangfang', '/w'],
  ['queue', 'wangfang', '/w/queue'],
  ['records', 'zhangwei', '/w/records/incident'],
  ['record', 'wangfang', () => `/w/records/incident/${number}`],
  ['sessions', 'wangfang', '/sessions'],
  ['people', 'admin', '/w/admin/users'],
  ['packs', 'admin', '/w/admin/packs'],
  ['settings', 'admin', '/w/admin/settings'],
  ['categories', 'admin', '/w/admin/categories'],
  ['outbox', 'admin', '/w/admin/outbox'],
  ['first setup', 'admin', '/setup?step=terminology'],
  ['first setup: teams', 'admin', '/setup?step=teams'],
];

test('the demonstration tells nothing after now', async () => {
  const call = api(home.base, home.run('token', 'create', '--user', 'admin'));
  const { items } = await call('GET', '/records/incident?sort=-updated_at&limit=1');
  assert.ok(Date.parse(items[0].updated_at) <= Date.now(), items[0].updated_at);
});

for (const lng of ['zh', 'en']) {
  for (const [theme, width] of [
    ['light', 1440],
    ['dark', 390],
  ]) {
    for (const [name, user, path] of pages) {
      test(`${name} ${lng} ${theme} ${width}`, async () => {
        const page = await open(browser, home.base, { user, lng, theme, width });
        await page.goto(home.base + (typeof path === 'function' ? path() : path));
        await settled(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px wider than the window`);
        await page.evaluate(axe);
        const found = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }),
        );
        const broken = found.violations.map(
          (v) =>
            `${v.id}: ${v.nodes
              .slice(0, 3)
              .map((n) => n.target.join(' '))
              .join(' | ')}`,
        );
        assert.deepEqual(broken, []);
        // A newcomer who is not signed in is told so by the server, which Chromium reports as a failed request.
        const faults = page.faults.filter((fault) => user || !fault.includes('401'));
        assert.deepEqual(faults, []);
        await page.context().close();
      });
    }
  }
}
