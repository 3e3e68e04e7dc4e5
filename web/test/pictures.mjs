// Draws the pictures of README and guides from the running product: `YUHENG_BIN=… npm run pictures`.
import { mkdirSync } from 'node:fs';
import { launch, open, settled } from './browser.mjs';
import { api, house } from './e2e/house.mjs';

const folder = new URL('../../docs/images/', import.meta.url).pathname;

const pictures = [
  { name: 'queue', user: 'wangfang', path: '/w/queue' },
  { name: 'record', user: 'wangfang', path: (number) => `/w/records/incident/${number}` },
  { name: 'portal-phone', user: 'lilaoshi', path: '/', width: 390 },
  { name: 'record-dark', user: 'wangfang', path: (number) => `/w/records/incident/${number}`, theme: 'dark' },
];

mkdirSync(folder, { recursive: true });
const home = await house({ demo: true });
const browser = await launch();
try {
  const call = api(home.base, home.run('token', 'create', '--user', 'admin'));
  const { number } = (await call('GET', '/records/incident?state=l2&limit=1')).items[0];
  for (const lng of ['zh', 'en']) {
    for (const { name, user, path, width = 1280, theme = 'light' } of pictures) {
      const page = await open(browser, home.base, { user, lng, theme, width, height: 800 });
      await page.goto(home.base + (typeof path === 'function' ? path(number) : path));
      await settled(page);
      await page.screenshot({ path: `${folder}${name}.${lng}.png` });
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await home.stop();
}
