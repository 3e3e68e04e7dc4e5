// What a page weighs and how soon it can be used, of the program at $YUHENG_BIN with demonstration data.
// Prints one JSON object; `make bench` writes it into bench/RESULTS.md.
import { launch, open } from './browser.mjs';
import { api, house } from './e2e/house.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const AGENT = 'wangfang';

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

/** A line of 400 kbit/s that takes 400 ms: a phone at the edge of the network. */
const slow = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** Somebody on a phone and a slow line comes for the first time, and reports. */
async function onSlowLine(browser, base, found, round) {
  const page = await open(browser, base, { user: 'lilaoshi', width: 390 });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', slow);
  const began = performance.now();
  const shown = page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  await page.goto(base, { waitUntil: 'commit' });
  found.slow_shown_ms.push(await (await shown).jsonValue());
  await page.locator('search input').waitFor();
  found.slow_portal_ms.push(performance.now() - began);
  await page.waitForLoadState('networkidle');
  const field = page.locator('form input:not([type=radio])').first();
  const to = () => page.locator('search button[type=submit]').tap();
  found.slow_report_ms.push(
    await timed(page, to, () => page.waitForURL('**/report').then(() => field.waitFor())),
  );
  await field.fill(`slow ${round}`);
  const send = () => page.locator('form > button[type=submit]').tap();
  const done = () => page.getByRole('heading', { name: `slow ${round}` }).waitFor();
  found.slow_sent_ms.push(await timed(page, send, done));
  await page.context().close();
}

const home = await house({ demo: true });
const browser = await launch();
const found = { script_bytes: 0, list_ms: [], record_ms: [], record_from_list_ms: [] };
for (const name of ['slow_shown_ms', 'slow_portal_ms', 'slow_report_ms', 'slow_sent_ms']) found[name] = [];
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
  }
  // Each takes a quarter of a minute, nearly all of it the line's.
  for (let round = 0; round < Math.min(ROUNDS, 3); round += 1)
    await onSlowLine(browser, home.base, found, round);
} finally {
  await browser.close();
  await home.stop();
}
console.log(JSON.stringify(found));
