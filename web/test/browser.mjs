// The browser the tests look through: Debian's Chromium, driven by playwright-core.
import { chromium } from 'playwright-core';

/** The first administrator's, of a program that a test has started and of one that runs already. */
export const adminPassword = process.env.YUHENG_ADMIN_PASSWORD ?? 'first-password';

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--force-color-profile=srgb',
    ],
  });

/** A page that is signed in, with what went wrong on it collected in `page.faults`. */
export async function open(
  browser,
  base,
  {
    user = 'zhangwei',
    lng = 'zh',
    theme = 'light',
    width = 1440,
    height = 900,
    touch = width < 500,
    tours,
    /** What the account keeps of how things are seen counts too, not only what this browser does. */
    kept = false,
  } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : height },
    locale: lng === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    (saved) =>
      localStorage.getItem('yuheng.preferences') ?? localStorage.setItem('yuheng.preferences', saved),
    JSON.stringify({
      theme,
      language: lng === 'pseudo' ? null : lng,
      // Newcomers are shown around; tests and pictures are of those who were, unless they are about that.
      tours: tours ?? { requester: 'done', agent: 'done', administrator: 'done' },
    }),
  );
  if (user) {
    const answer = await context.request.post(`${base}/api/v1/session`, {
      data: {
        username: user,
        password: user === 'admin' ? adminPassword : 'yuheng-demo',
      },
    });
    if (!answer.ok()) throw new Error(`sign-in of ${user}: ${answer.status()}`);
    if (!kept) {
      const { csrf } = await answer.json();
      const nothing = { theme: null, density: null, rail: null, letter_keys: null, start: null, tours: null };
      await context.request.patch(`${base}/api/v1/me/preferences`, {
        headers: { 'X-CSRF-Token': csrf },
        data: nothing,
      });
    }
  }
  const page = await context.newPage();
  const headers = { 'accept-language': lng === 'en' ? 'en' : 'zh-CN' };
  page.ask = async (path) => (await context.request.get(`${base}${path}`, { headers })).json();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      page.faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob):/.test(url)) page.faults.push(`outside request: ${url}`);
  });
  return page;
}

/** Wait until nothing on the page changes or moves any more; half-way its places and colours are nobody's choice. */
export const still = (page) =>
  page.evaluate(
    (quiet) =>
      new Promise((done) => {
        let timer;
        const moves = (it) =>
          it.playState === 'running' &&
          it.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY;
        const look = () => {
          if (document.getAnimations().some(moves)) return wait();
          watch.disconnect();
          done();
        };
        const wait = () => {
          clearTimeout(timer);
          timer = setTimeout(look, quiet);
        };
        const watch = new MutationObserver(wait);
        watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        wait();
      }),
    100,
  );

/** Wait until nothing is loading and the texts have settled. */
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.waitForFunction(
    () =>
      document.querySelector('main, [role="alert"]') && !document.querySelector('.bone, .ant-btn-loading'),
    null,
    { timeout: 20_000 },
  );
  await still(page);
}

/** Puts away what is announced, for pictures and tests that are about what stands below. */
export async function putAway(page) {
  const button = page.getByRole('button', { name: /^(收起公告|Put announcements away)$/ });
  if (await button.isVisible()) await button.click();
}
