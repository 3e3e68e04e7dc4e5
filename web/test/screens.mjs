// Photographs every page (zh and en, light and dark, 1440, 1024 and 390 px) and checks each with axe:
//   node test/screens.mjs [--only record] [--lng zh] [--theme light] [--width 1440] [--base URL]
// Without --base it starts the program at $YUHENG_BIN with demonstration data. Pictures go to test/screens/. Ends with 1 on any fault.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { launch, open, settled, still } from './browser.mjs';
import { pages } from './pages.mjs';

const given = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const choose = (name, all) => (given(name) ? given(name).split(',') : all);
const out = new URL('./screens/', import.meta.url);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let base = given('base');
let server;
if (!base) {
  const { house } = await import('./e2e/house.mjs');
  server = await house({ demo: true });
  base = server.base;
}
await mkdir(out, { recursive: true });
const faults = [];
let shots = 0;
for (const lng of choose('lng', ['zh', 'en'])) {
  for (const theme of choose('theme', ['light', 'dark'])) {
    for (const width of choose('width', ['1440', '1024', '390']).map(Number)) {
      const browser = await launch();
      for (const [name, it] of Object.entries(pages)) {
        if (
          given('only') &&
          !given('only')
            .split(',')
            .some((part) => name.startsWith(part))
        )
          continue;
        const page = await open(browser, base, { ...it, lng, theme, width });
        const label = `${name}-${lng}-${theme}-${width}`;
        try {
          const path = typeof it.path === 'function' ? await it.path(page.ask) : it.path;
          await page.goto(`${base}${path}`);
          await settled(page);
          await it.act?.(page, base);
          await still(page);
          await page.screenshot({ path: new URL(`${label}.png`, out).pathname, fullPage: it.full ?? false });
          shots += 1;
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wide > 0) faults.push(`${label}: ${wide} px wider than the window`);
          await page.evaluate(axe);
          const found = await page.evaluate(() =>
            window.axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            }),
          );
          for (const broken of found.violations) {
            faults.push(
              `${label}: axe ${broken.id} (${broken.impact}) ${broken.nodes
                .slice(0, 3)
                .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
                .join(' | ')}`,
            );
          }
        } catch (error) {
          faults.push(`${label}: ${error.message.split('\n')[0]}`);
          await page.screenshot({ path: new URL(`${label}.png`, out).pathname }).catch(() => {});
        }
        faults.push(
          ...page.faults
            .filter((line) => !it.allow?.some((part) => line.includes(part)))
            .map((line) => `${label}: ${line}`),
        );
        await page.context().close();
      }
      await browser.close();
    }
  }
}
await server?.stop();
await writeFile(new URL('faults.txt', out), faults.join('\n'));
console.log(`${shots} pictures in test/screens, ${faults.length} faults`);
for (const line of faults) console.log(line);
process.exit(faults.length > 0 ? 1 : 0);
