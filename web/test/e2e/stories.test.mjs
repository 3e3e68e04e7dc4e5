// The stories of `stories.mjs`, each told to the real program by the people it happens to.
import { test } from 'node:test';
import { settled } from '../browser.mjs';
import { stories } from '../stories.mjs';
import { saying, stage } from './house.mjs';

const { home, enter: come } = stage();

for (const [name, story] of Object.entries(stories))
  for (const lng of story.words ? ['zh', 'en'] : ['zh'])
    test(story.words ? `${name} (${lng})` : name, { timeout: 120_000 }, async () => {
      const pages = [];
      const enter = async (options) => {
        const page = await come({ lng, ...options });
        pages.push(page);
        return page;
      };
      const go = async (page, path) => {
        await page.goto(`${home.base}${path}`);
        await settled(page);
      };
      try {
        await story.run({ enter, go, home, say: saying(story.words ?? {}, lng) });
        const faults = pages
          .flatMap((page) => page.faults)
          .filter((line) => !story.allow?.some((part) => line.includes(part)));
        if (faults.length > 0) throw new Error(faults.join('; '));
      } finally {
        for (const page of pages) await page.context().close();
      }
    });
