// Walks through pages as people do, without loading each anew, and tells what stands on them that is not in the reader's
// language. The page keeps whatever the server answers, so what somebody has written need not be guessed.
import { createRequire } from 'node:module';
import { still } from '../browser.mjs';

const antd = createRequire(import.meta.url)('antd/locale/zh_CN').default;

/** What is called so in every language: products, formats, commands, examples of addresses, keys of a keyboard. */
const names = `Yuheng 玉衡 English 简体中文 Chromium Chrome HeadlessChrome Firefox Edge Safari Linux Windows
  Excel xlsx Office Markdown SQLite PostgreSQL bpmn.io Powered_by yuheng_backup Asia/Shanghai
  Ctrl Shift Enter Esc Tab Alt MiB GiB KiB`
  .split(/\s+/)
  .map((it) => it.replace('_', ' '));

/** The names that the API has for what people write. */
const written = `name username subject body text note resolution group user_agent old new old_label new_label
  zh en columns rows file path reason`.split(/\s+/);

/** Before anything of the page runs: keeps what the server says, counts what is under way, writes nothing once that is asked. */
function listen({ lng, written }) {
  // Whichever way a page is come to, it stays in this language.
  if (lng === 'pseudo' && !location.search.includes('lng='))
    history.replaceState(
      history.state,
      '',
      `${location.pathname}${location.search ? `${location.search}&` : '?'}lng=${lng}`,
    );
  const said = { open: 0, readonly: false, texts: new Set(), data: new Set() };
  window.said = said;
  // Labels and titles are data where they are somebody's or something's, not where they are of a form.
  const isData = (key, holder) => {
    // A problem that the server tells is its own text.
    if ('status' in holder && 'code' in holder) return false;
    if (key === 'key') return holder.key.includes('-');
    if (key === 'description') return !('type' in holder && 'title' in holder && !('number' in holder));
    if (key === 'label' || key === 'title')
      return 'id' in holder || 'username' in holder || 'number' in holder;
    return written.includes(key);
  };
  const take = (value, key, holder = {}) => {
    if (typeof value === 'string') {
      // The journal keeps what has parts as JSON.
      if (/^[[{]/.test(value))
        try {
          take(JSON.parse(value), key, holder);
        } catch {}
      // Markdown is drawn in parts.
      for (const part of [value, ...value.split(/(?:^|\n)(?:\d+\. |- |#+ )|[*`\n|[]|\]\(/)]) {
        said.texts.add(part.trim());
        if (isData(key, holder)) said.data.add(part.trim());
      }
    } else if (Array.isArray(value)) for (const it of value) take(it, key, holder);
    else if (value && typeof value === 'object')
      for (const [name, it] of Object.entries(value)) take(it, name, value);
  };
  const plain = window.fetch;
  window.fetch = async (request, ...more) => {
    if (said.readonly && (request?.method ?? more[0]?.method ?? 'GET') !== 'GET')
      throw new TypeError('nothing is written here');
    said.open += 1;
    try {
      const answer = await plain.call(window, request, ...more);
      if (answer.headers.get('content-type')?.includes('json')) take(await answer.clone().json());
      return answer;
    } finally {
      said.open -= 1;
    }
  };
}

/** What the page says that is neither in its language nor anybody's data. Runs in the page. */
function strange({ lng, names, antd }) {
  const cjk = /[\u3400-\u9fff]/;
  // A word of small letters; what is written in capitals is an abbreviation, what has a figure or a sign in it a code.
  const word = /(?<![\w@.:/-])[A-Za-z]?[a-z]{2,}(?![\w@:/-]|\.\w)/;
  const wrong = (text) => (lng !== 'zh' && cjk.test(text)) || (lng !== 'en' && word.test(text));
  const root = document.documentElement;
  const seen = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    if (holder.closest('script, style, svg, .djs-container, [aria-hidden=true]')) continue;
    if (!walk.currentNode.textContent.trim() || !holder.checkVisibility({ visibilityProperty: true }))
      continue;
    seen.push(['', walk.currentNode.textContent, holder]);
  }
  const spoken = [
    'aria-label',
    'placeholder',
    'title',
    'alt',
    'aria-valuetext',
    'aria-roledescription',
    'aria-description',
  ];
  const named = 'button[aria-label], [role=button][aria-label], [role=radio], [role=img][aria-label]';
  // Whoever hears a button's name does not hear what is in it.
  for (const element of document.querySelectorAll(spoken.map((it) => `[${it}]`).join()))
    if (!element.closest('svg, .djs-container, [aria-hidden=true]') && !element.parentElement?.closest(named))
      for (const what of spoken) {
        const text = element.getAttribute(what)?.trim();
        if (text) seen.push([`${what}=`, text, element]);
      }
  seen.push(['title of the page=', document.title, root]);
  // What is no word of a language: identifiers, keys, and input that is typed; in the pseudo-language also what says of itself
  // that it is in another, since the guide has no third.
  const apart = (holder) =>
    holder.closest('.mono, code, kbd, textarea') || (lng === 'pseudo' && holder.closest('[lang]') !== root);
  const suspects = [];
  let depth = 0;
  for (const [what, text, holder] of seen) {
    let rest = '';
    // A sentence that is put together stands in several nodes: what lies between its brackets was translated.
    if (what) depth = 0;
    for (const letter of text) {
      if (letter === '⟦') depth += 1;
      else if (letter === '⟧') depth = Math.max(0, depth - 1);
      else if (depth === 0) rest += letter;
    }
    if (depth > 4) suspects.push([what, `brackets that do not close: ${text}`]);
    if (depth > 4) depth = 0;
    if (!apart(holder) && wrong(rest)) suspects.push([what, rest]);
  }
  const { texts, data } = window.said;
  // What was searched for is the reader's own word. In the pseudo-language the server and antd speak Chinese: what they say is
  // looked at in the others.
  const asked = new URLSearchParams(location.search).get('q') ?? '';
  const known = [
    ...names,
    asked,
    ...data,
    ...(lng === 'pseudo' ? [...antd, ...texts].filter((it) => cjk.test(it)) : []),
  ];
  const whole = new Set(known);
  const parts = known
    .filter((it) => it.length > 1 && (cjk.test(it) || word.test(it)))
    .sort((a, b) => b.length - a.length);
  const found = new Set();
  for (const [what, text] of suspects) {
    let rest = text.replace(/\d+年\d+月\d+日(星期.)?/g, '');
    if (whole.has(rest.trim())) continue;
    for (const it of parts) if (rest.includes(it)) rest = rest.replaceAll(it, ' ');
    if (wrong(rest)) found.add(what + text.trim().slice(0, 120));
  }
  return [...found];
}

const flat = (it) =>
  typeof it === 'string' ? [it] : it && typeof it === 'object' ? Object.values(it).flatMap(flat) : [];
const saidByAntd = flat(antd).flatMap((it) => it.split(/\$\{\w+\}|\{\w+\}/).map((part) => part.trim()));

/** Texts that are not in the reader's language, on what stands there now. */
export const untranslated = (page, lng) => page.evaluate(strange, { lng, names, antd: saidByAntd });

/** Nothing is asked any more, nothing waits, nothing moves. */
export async function rested(page) {
  await page.waitForFunction(() => {
    const router = window.__TSR_ROUTER__;
    const { status, location, resolvedLocation } = router?.state ?? {};
    if (router && (status !== 'idle' || resolvedLocation?.href !== location.href)) return false;
    if (window.said.open > 0 || document.querySelector('.bone, .ant-btn-loading')) return false;
    return document.querySelector('main, [role="alert"]');
  });
  await still(page);
  if (await page.evaluate(() => window.said.open > 0)) await rested(page);
}

/** What sticks out of a narrow window where nothing scrolls to it. */
export const outside = (page) =>
  page.evaluate(() => {
    const found = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) found.push(`the page is ${wide} px wider than the window`);
    const hidden = ({ position, clip, clipPath }) =>
      position === 'absolute' && (clip !== 'auto' || clipPath !== 'none');
    // Whether somebody can get there, or is told by dots that there is more.
    const reached = (element) => {
      for (let it = element; it; it = it.parentElement) {
        const style = getComputedStyle(it);
        if (hidden(style)) return true;
        if (it.scrollWidth <= it.clientWidth) continue;
        if (it !== element && /auto|scroll/.test(style.overflowX)) return true;
        if (style.textOverflow === 'ellipsis') return true;
      }
      return false;
    };
    const act = 'a, button, input, textarea, select, img, [role=button], [role=tab], [role=combobox]';
    for (const element of document.querySelectorAll('body *')) {
      const says = [...element.childNodes].some(
        (it) => it.nodeType === Node.TEXT_NODE && it.textContent.trim(),
      );
      if ((!says && !element.matches(act)) || element.closest('svg, .djs-container')) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1 || (left >= -1 && right <= innerWidth + 1) || reached(element)) continue;
      const said = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 50);
      found.push(
        `${element.tagName.toLowerCase()} from ${Math.round(left)} to ${Math.round(right)} px: ${said}`,
      );
    }
    return found;
  });

/** One after another goes where they have not been; what is open stays open, so the next need not load it. */
async function hands(left, { base, enter, lng, ...look }, visit) {
  const seats = new Map();
  const seat = async ({ user = 'zhangwei', tours }) => {
    const whose = `${user} ${tours ? 'new' : ''}`;
    if (!seats.has(whose)) {
      const page = await enter({ ...look, user, tours, lng });
      await page.addInitScript(listen, { lng, written });
      seats.set(whose, page);
    }
    return seats.get(whose);
  };
  for (let next = left.shift(); next; next = left.shift()) {
    const [name, it] = next;
    const page = await seat(it);
    const path = typeof it.path === 'function' ? await it.path(page.ask) : it.path;
    page.anew = async () => {
      await page.goto(base + path);
      await rested(page);
    };
    // What a page's own act has opened does not stay for the next.
    if (page.url() === 'about:blank' || page.acted || it.act) await page.anew();
    else {
      await page.evaluate((to) => window.__TSR_ROUTER__.history.push(to), path);
      await rested(page);
    }
    page.acted = !!it.act;
    await visit(page, name, it);
  }
  for (const page of seats.values()) await page.context().close();
}

/**
 * Takes each of the pages to `visit(page, tell, it)`, two at a time, and gathers what is told of them, once for all pages where it
 * was seen; a complaint of the browser is told as well. `look` is the language, theme and width.
 */
export async function findings(pages, look, visit) {
  const found = new Map();
  const left = Object.entries(pages);
  const looked = async (page, name, it) => {
    const tell = (wrong) => {
      for (const line of wrong) found.set(line, [...(found.get(line) ?? []), name]);
    };
    try {
      await it.act?.(page, look.base);
      if (it.act) await rested(page);
      await visit(page, tell, it);
    } catch (error) {
      tell([error.message]);
      await page.anew();
    }
    tell(page.faults.filter((line) => !it.allow?.some((part) => line.includes(part))));
    page.faults.length = 0;
  };
  await Promise.all([hands(left, look, looked), hands(left, look, looked)]);
  return [...found].map(([line, where]) => `${line} (${[...new Set(where)].slice(0, 4).join(', ')})`);
}
