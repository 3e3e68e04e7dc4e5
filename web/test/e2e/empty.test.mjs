// A house on its first morning: the name is given, people can sign in, and nothing is there yet. Every page that is empty says
// what belongs there and leads on, to where its reader may go, and nothing that it asks for fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../pages.mjs';
import { sound, stage } from './house.mjs';
import { findings, outside, untranslated } from './walk.mjs';

const password = 'yuheng-demo';

async function ready({ call }) {
  const { items } = await call('GET', '/settings?limit=200');
  const { version } = items.find((it) => it.key === 'organisation');
  await call('PUT', '/settings/organisation', { value: { zh: '示例单位', en: 'Example' } }, version);
  await call('POST', '/users', { username: 'agent', name: '王工', roles: ['agent', 'requester'], password });
  await call('POST', '/users', { username: 'asker', name: '李老师', roles: ['requester'], password });
}

const { home, enter } = stage({ demo: false, ready });

/** The pages that stand by themselves, as everybody sees them who has them. */
const places = Object.entries(pages).filter(
  ([, it]) => typeof it.path === 'string' && it.user !== null && !it.act,
);
const list = ['list', { path: '/w/records/incident' }];
const as = (user, seen) => seen.map(([name, { path, allow }]) => [`${user} ${name}`, { path, allow, user }]);
const seen = Object.fromEntries([
  ...as(
    'asker',
    places.filter(([, it]) => !/^\/(w|setup)/.test(it.path)),
  ),
  ...as('agent', [...places.filter(([, { path }]) => /^\/w/.test(path) && !/\/admin/.test(path)), list]),
  ...as('admin', [...places.filter(([, it]) => /^\/(w|setup)/.test(it.path)), list]),
]);

/** Where there is nothing and nothing to do about it either. */
const silent = (page) =>
  page
    .locator('[data-empty]')
    .evaluateAll((all) =>
      all
        .filter((it) => !it.querySelector('a, button'))
        .map((it) => `leads nowhere: ${it.textContent.trim()}`),
    );

for (const [lng, width] of [
  ['zh', 1440],
  ['en', 390],
])
  test(`what is empty leads on (${lng}, ${width})`, { timeout: 600_000 }, async () => {
    const look = { base: home.base, enter, lng, width };
    const found = await findings(seen, look, async (page, tell) => {
      tell(await silent(page));
      tell(await untranslated(page, lng));
      if (width === 390) return tell(await outside(page));
      // What the browser complained of is told for each page by itself.
      await sound(page, { allow: [''] });
    });
    assert.deepEqual(found, []);
  });
