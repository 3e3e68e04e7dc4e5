// A house on its first morning: the name is given, people can sign in, and nothing is there yet. Every list that is empty says
// what belongs there and leads on, to where its reader may go. With PICTURES=<folder> each page is photographed as well.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { settled } from '../browser.mjs';
import { pages } from '../pages.mjs';
import { sound, stage } from './house.mjs';

const { home, call, enter } = stage({ demo: false });
const pictures = process.env.PICTURES;
const password = 'yuheng-demo';

before(async () => {
  const { items } = await call('GET', '/settings?limit=200');
  const { version } = items.find((it) => it.key === 'organisation');
  await call('PUT', '/settings/organisation', { value: { zh: '示例单位', en: 'Example' } }, version);
  await call('POST', '/users', { username: 'agent', name: '王工', roles: ['agent', 'requester'], password });
  await call('POST', '/users', { username: 'asker', name: '李老师', roles: ['requester'], password });
  if (pictures) mkdirSync(pictures, { recursive: true });
});

/** The pages that stand by themselves, as those see them who have them. */
const places = Object.entries(pages)
  .filter(([, it]) => typeof it.path === 'string' && it.user !== null && !it.act)
  .map(([name, it]) => [name, it.path]);
const list = ['list', '/w/records/incident'];
const of = {
  asker: places.filter(([, path]) => !/^\/(w|setup)/.test(path)),
  agent: [...places.filter(([, path]) => path.startsWith('/w') && !path.includes('/admin')), list],
  admin: [...places.filter(([, path]) => /^\/(w|setup)/.test(path)), list],
};
const looks = pictures
  ? ['zh', 'en'].flatMap((lng) => [1440, 1024, 390].map((width) => [lng, width]))
  : [
      ['zh', 1440],
      ['en', 390],
    ];

for (const [lng, width] of looks)
  test(`what is empty leads on (${lng}, ${width})`, { timeout: 600_000 }, async () => {
    const silent = [];
    for (const [user, where] of Object.entries(of)) {
      const page = await enter({ user, lng, width });
      for (const [name, path] of where) {
        await page.goto(home.base + path);
        await settled(page);
        if (pictures) await page.screenshot({ path: `${pictures}/${user}-${name}-${lng}-${width}.png` });
        await sound(page);
        const found = await page
          .locator('[data-empty]')
          .evaluateAll((all) =>
            all.map((it) => [it.querySelectorAll('a, button').length, it.textContent.trim()]),
          );
        for (const [ways, text] of found) if (ways === 0) silent.push(`${user} ${path}: ${text}`);
      }
      await page.context().close();
    }
    assert.deepEqual([...new Set(silent)], [], 'they lead nowhere');
  });
