// What a page weighs and how soon it can be used, of the program at $YUHENG_BIN with demonstration data.
// Prints one JSON object; `make bench` writes it into bench/RESULTS.md.
import { launch, open } from './browser.mjs';
import { api, house } from './e2e/house.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const AGENT = 'wangfang';
const REQUESTER = 'zhangwei';
/** A phone at the edge of a mobile network, as the browser's own tools draw one: 400 kbit/s each way, 400 ms there and back. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** The bytes of script as they came over the wire, compressed, of everything that is loaded from now on. */
async function weigh(page) {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const scripts = new Set();
  let bytes = 0;
  network.on(
    'Network.responseReceived',
    ({ requestId, type }) => type === 'Script' && scripts.add(requestId),
  );
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  return () => bytes;
}

/** The line of a page becomes slow; gives the bytes of everything that came over it. */
async function slowed(page) {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', SLOW);
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return () => bytes;
}

/** The portal can be used: one can write what is wrong, and one's own reports stand there. */
const asked = async (page) => {
  await page.locator('[data-tour="ask"] input').waitFor();
  await page.locator('main a[href*="/requests/"]').first().waitFor();
};
/** A form can be filled in. */
const writable = (page) => page.locator('main form textarea').first().waitFor();

/** The links of rows; the navigation has links to lists of records too. */
const rows = (page) => page.locator('main a[href*="/w/records/"][href*="-"]');
const listed = (page) => rows(page).first().waitFor();
/** The record can be read and worked on: its journal stands there and an action can be pressed. */
const usable = async (page) => {
  await page.locator('header[data-live] button:enabled').first().waitFor();
  await page.locator('main ol > li').first().waitFor();
};

async function timed(page, start, ready) {
  const began = performance.now();
  await start();
  await ready(page);
  return performance.now() - began;
}

const home = await house({ demo: true });
const browser = await launch();
const found = {
  script_bytes: 0,
  list_ms: [],
  record_ms: [],
  record_from_list_ms: [],
  slow_bytes: 0,
  slow_portal_ms: [],
  slow_report_ms: [],
  slow_again_ms: [],
};
try {
  const call = api(home.base, home.run('token', 'create', '--user', 'admin'));
  const [record] = (await call('GET', '/records/incident?state=l2&limit=1')).items;
  for (let round = 0; round < ROUNDS; round += 1) {
    // A new context each time: nothing is cached, as on somebody's first visit.
    const first = await open(browser, home.base, { user: AGENT });
    const weight = await weigh(first);
    found.list_ms.push(await timed(first, () => first.goto(`${home.base}/w/queue`), listed));
    await first.waitForLoadState('networkidle');
    found.script_bytes = Math.max(found.script_bytes, weight());
    found.record_from_list_ms.push(await timed(first, () => rows(first).first().click(), usable));
    await first.context().close();
    const direct = await open(browser, home.base, { user: AGENT });
    const path = `/w/records/incident/${record.number}`;
    found.record_ms.push(await timed(direct, () => direct.goto(home.base + path), usable));
    await direct.context().close();
    const phone = await open(browser, home.base, { user: REQUESTER, width: 390 });
    const came = await slowed(phone);
    found.slow_portal_ms.push(await timed(phone, () => phone.goto(`${home.base}/`), asked));
    found.slow_bytes = Math.max(found.slow_bytes, came());
    found.slow_report_ms.push(
      await timed(phone, () => phone.locator('[data-tour="ask"] button[type="submit"]').click(), writable),
    );
    found.slow_again_ms.push(await timed(phone, () => phone.goto(`${home.base}/`), asked));
    await phone.context().close();
  }
} finally {
  await browser.close();
  await home.stop();
}
console.log(JSON.stringify(found));
