// The stories of `stories.mjs`, each told to the real program by the people it happens to.
import { after, before, test } from 'node:test';
import { launch, open, settled } from '../browser.mjs';
import { stories } from '../stories.mjs';
import { house } from './house.mjs';

let home;
let browser;

before(async () => {
  home = await house({ demo: true });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await home?.stop();
});

for (const [name, story] of Object.entries(stories)) {
  test(name, { timeout: 120_000 }, async () => {
    const pages = [];
    const enter = async (options) => {
      const page = await open(browser, home.base, options);
      page.setDefaultTimeout(20_000);
      pages.push(page);
      return page;
    };
    const go = async (page, path) => {
      await page.goto(`${home.base}${path}`);
      await settled(page);
    };
    try {
      await story.run({ enter, go, home });
      const faults = pages
        .flatMap((page) => page.faults)
        .filter((line) => !story.allow?.some((part) => line.includes(part)));
      if (faults.length > 0) throw new Error(faults.join('; '));
    } finally {
      for (const page of pages) await page.context().close();
    }
  });
}
