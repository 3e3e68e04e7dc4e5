// Words that were written into the code: in the pseudo-language every translated text stands in brackets, so whatever Latin
// words are left outside them were never translated. Data comes in Chinese. Every page is opened, and what one click opens on it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { pages } from '../pages.mjs';
import { stage } from './house.mjs';

const { home, enter } = stage();

/** What is a name in every language: programs, formats, units. */
const known =
  /^(Chrome|Firefox|Edge|Safari|Linux|Windows)|^(VPN|Office|CSV|xlsx|Markdown|SQLite|Yuheng|English|Ctrl)|^P\d|@demo\.invalid|^[\w.-]+@|^#\w+$|^https?:/;

const buttons = 'main button, main summary, header button, .ant-modal button, .ant-modal summary';

/** Every text and name on the page outside the brackets. */
const bare = (page) =>
  page.evaluate(() => {
    const found = [];
    const Latin = /[A-Za-z]{3,}/;
    const other = /[\u3400-\u9fff]|⟦/;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim();
      const holder = walk.currentNode.parentElement;
      // A sentence that is put together may stand in several nodes: its holder tells whether it is one of ours.
      if (!Latin.test(text) || other.test(holder.textContent)) continue;
      if (holder.closest('.mono, code, kbd, time, script, style, svg, [data-plain], [aria-hidden=true]'))
        continue;
      if (holder.checkVisibility?.({ visibilityProperty: true }) === false) continue;
      found.push(text);
    }
    for (const element of document.querySelectorAll('[aria-label]:not(.anticon), [placeholder], [title]'))
      for (const name of ['aria-label', 'placeholder', 'title']) {
        const text = element.getAttribute(name) ?? '';
        if (element.closest('.mono, [data-plain]') || !Latin.test(text) || other.test(text)) continue;
        if (!/Mozilla|\d{4}/.test(text)) found.push(`${name}=${text}`);
      }
    return found;
  });

/** The buttons that have not been pressed anywhere yet; what differs only in a number or a name of the data is one. */
const fresh = (page, pressed) =>
  page.evaluate(
    ([pressed, buttons]) => {
      const found = [];
      document.querySelectorAll(buttons).forEach((it, index) => {
        if (!it.checkVisibility() || it.disabled || it.closest('.djs-container')) return;
        const said = (it.getAttribute('aria-label') ?? it.textContent).replace(
          /[^⟦⟧\p{Script=Latin} ]/gu,
          '',
        );
        const name = `${it.tagName} ${said.trim() || it.className}`;
        if (pressed.includes(name) || found.some((other) => other.name === name)) return;
        found.push({ name, index });
      });
      return found;
    },
    [pressed, buttons],
  );

test('every page of the router is among those that are opened', () => {
  const router = readFileSync(new URL('../../src/app/router.tsx', import.meta.url), 'utf8');
  const routes = [...router.matchAll(/path: '(\/[^']*)'/g)].map((it) => it[1]);
  const paths = Object.values(pages).map((it) => String(it.path));
  const missing = routes.filter((route) => {
    const last = route.split('/$')[0];
    return last !== '/' && !paths.some((path) => path.includes(last));
  });
  assert.deepEqual(missing, [], 'pages.mjs does not know them');
});

test('no page and nothing that opens on it has text outside the translations', {
  timeout: 900_000,
}, async () => {
  const faults = [];
  const pressed = [];
  const seats = new Map();
  const seat = async (user) => {
    if (!seats.has(user)) {
      const page = await enter({ user, lng: 'pseudo' });
      // Anything may be pressed: nothing is written.
      await page.route('**/api/**', (route) =>
        route.request().method() === 'GET' ? route.continue() : route.abort(),
      );
      seats.set(user, page);
    }
    return seats.get(user);
  };
  const look = async (page, where) => {
    const words = (await bare(page)).filter((it) => !known.test(it.replace(/^[\w-]+=/, '')));
    if (words.length > 0) faults.push(`${where}: ${[...new Set(words)].join(' | ')}`);
  };
  for (const [name, { path, user = 'zhangwei' }] of Object.entries(pages)) {
    const page = await seat(user);
    const plain = typeof path === 'function' ? await path(page.ask) : path;
    const there = `${home.base}${plain}${plain.includes('?') ? '&' : '?'}lng=pseudo`;
    const go = async () => {
      await page.goto(there);
      await settled(page);
    };
    await go();
    await look(page, name);
    for (;;) {
      const [next] = await fresh(page, pressed);
      if (!next) break;
      pressed.push(next.name);
      await page
        .locator(buttons)
        .nth(next.index)
        .click({ timeout: 2_000 })
        .catch(() => {});
      await page.waitForTimeout(250);
      await look(page, `${name}, ${next.name}`);
      await go();
    }
  }
  for (const page of seats.values()) await page.context().close();
  assert.deepEqual(faults, []);
});
