// Every page of the interface and what opens on it, in the pseudo-language, in Chinese and in English: no word that was never
// translated, none of another language, nothing out of reach on a phone, nothing that axe finds in the dark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../pages.mjs';
import { sound, stage, wcag } from './house.mjs';
import { pressAll } from './press.mjs';
import { findings, outside, untranslated } from './walk.mjs';

const { home, enter } = stage();
const limit = { timeout: 600_000 };

/** Every route that draws something, and whether the page stands on it. Runs in the page. */
function routes() {
  const router = window.__TSR_ROUTER__;
  const here = new Set(router.state.matches.map((it) => it.routeId));
  const drawn = Object.entries(router.routesById).filter(([, it]) => it.options.component);
  return drawn.map(([id]) => [id, here.has(id)]);
}

test('what is written into the code or sticks out is found', async () => {
  const planted = async (lng, html) => {
    const found = await findings(
      { queue: pages.queue },
      { base: home.base, enter, lng, width: 390 },
      async (page, tell) => {
        await page.locator('main').evaluate((main, more) => main.insertAdjacentHTML('beforeend', more), html);
        tell(await untranslated(page, lng));
        tell(await outside(page));
      },
    );
    return found.map((it) => it.replace(' (queue)', ''));
  };
  const written = '<p>Written here</p><p title="写在这里">⟦ånd⟧ 写在<b>这里</b></p>';
  const all = ['Written here', '写在', '这里', 'title=写在这里'];
  assert.deepEqual(await planted('pseudo', written), all);
  assert.deepEqual(await planted('zh', written), ['Written here']);
  assert.deepEqual(await planted('en', written), ['写在', '这里', 'title=写在这里']);
  const out = '<p style="position: fixed; inset: 0 auto auto 380px; width: 90px">⟦öüt⟧</p>';
  assert.deepEqual(await planted('pseudo', out), ['p from 380 to 470 px: ⟦öüt⟧']);
  const scrolls = `<div style="overflow-x: auto; width: 90px"><p style="width: 900px">⟦în⟧ <a href="/" style="margin-left: 600px">⟦în⟧</a></p></div>`;
  assert.deepEqual(await planted('pseudo', scrolls), []);
});

test('no page and nothing that opens on it has a text outside the translations', limit, async () => {
  const pressed = [];
  const missed = [];
  const left = new Map();
  const look = { base: home.base, enter, lng: 'pseudo' };
  const found = await findings(pages, look, async (page, tell) => {
    for (const [route, seen] of await page.evaluate(routes)) left.set(route, seen || left.get(route));
    tell(await untranslated(page, 'pseudo'));
    await pressAll(page, { pressed, missed }, async () => tell(await untranslated(page, 'pseudo')));
  });
  assert.deepEqual(found, []);
  const unseen = [...left].filter(([, seen]) => !seen).map(([route]) => route);
  assert.deepEqual(unseen, [], 'pages.mjs does not lead to them');
  assert.ok(pressed.length > 150, `only ${pressed.length} things could be pressed`);
  assert.ok(missed.length < pressed.length / 20, `could not be pressed: ${missed.join(', ')}`);
});

test('in Chinese there is no English, and axe finds nothing in the dark', limit, async () => {
  const look = { base: home.base, enter, lng: 'zh', theme: 'dark' };
  const found = await findings(pages, look, async (page, tell) => {
    tell(await untranslated(page, 'zh'));
    // What the browser complained of is told for each page by itself.
    await sound(page, { rules: wcag, allow: [''] });
  });
  assert.deepEqual(found, []);
});

test('in English there is no Chinese, and nothing is out of reach on a phone', limit, async () => {
  const look = { base: home.base, enter, lng: 'en', width: 390 };
  const found = await findings(pages, look, async (page, tell) => {
    tell(await untranslated(page, 'en'));
    tell(await outside(page));
  });
  assert.deepEqual(found, []);
});
