// Every main page over real data: no fault in the console, nothing wider than the window, nothing that axe finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leave, sound, stage, wcag } from './house.mjs';

let number;
const { call, as } = stage({
  ready: async ({ call }) => {
    number = (await call('GET', '/records/incident?state=l1&limit=1')).items[0].number;
  },
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
        const page = await as(user, typeof path === 'function' ? path() : path, { lng, theme, width });
        // A newcomer who is not signed in is told so by the server, which Chromium reports as a failed request.
        const allow = user ? [] : ['401'];
        await sound(page, { allow, rules: wcag });
        await leave(page, { allow });
      });
    }
  }
}
