// Walks through the product as people do: `node test/walk.mjs [--base URL] [--only name]`.
// Without --base it serves web/dist over the mock. Each story says what must be seen; the first
// thing that is not seen ends the story. Ends with 1 when a story failed.
import { launch, open, settled } from './browser.mjs';
import { stories } from './stories.mjs';

const given = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
let base = given('base');
let server;
if (!base) {
  const { start } = await import('./mock-api/server.mjs');
  server = await start(8098);
  base = 'http://127.0.0.1:8098';
}
const browser = await launch();
const failed = [];
for (const [name, story] of Object.entries(stories)) {
  if (given('only') && !name.includes(given('only'))) continue;
  if (story.mockOnly && !server) continue;
  const pages = [];
  const enter = async (options) => {
    const page = await open(browser, base, options);
    page.setDefaultTimeout(12_000);
    pages.push(page);
    return page;
  };
  const go = async (page, path) => {
    await page.goto(`${base}${path}`);
    await settled(page);
  };
  try {
    await story.run({ enter, go, base });
    const faults = pages
      .flatMap((page) => page.faults)
      .filter((line) => !story.allow?.some((part) => line.includes(part)));
    if (faults.length > 0) throw new Error(faults.join('; '));
    console.log(`ok    ${name}`);
  } catch (error) {
    failed.push(name);
    console.log(`FAIL  ${name}: ${String(error.message).split('\n').slice(0, 6).join(' ')}`);
    for (const [index, page] of pages.entries()) {
      await page
        .screenshot({ path: new URL(`./screens/fail-${name}-${index}.png`, import.meta.url).pathname })
        .catch(() => {});
    }
  }
  for (const page of pages) await page.context().close();
}
await browser.close();
server?.close();
console.log(failed.length ? `${failed.length} failed: ${failed.join(', ')}` : 'all stories walked');
process.exit(failed.length ? 1 : 0);
