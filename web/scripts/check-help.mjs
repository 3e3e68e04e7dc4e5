// Holds the help: every page of the router names a chapter of the user guide, every chapter that is named exists, a page of the
// administration is spoken of in its chapter by the name that it has in the rail, and both languages have the same chapters in the same
// order. Ends with 1 on a breach.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const breaches = [];
const slug = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const known = new Set();
/** What a chapter says, heading included, by its key: in Chinese and in English. */
const said = new Map();
for (const guide of ['requester', 'agent', 'administrator']) {
  const headings = (lng) => [...read(`../../docs/guide/${lng}/${guide}.md`).matchAll(/^(##+) (.+)$/gm)];
  const [zh, en] = [headings('zh'), headings('en')];
  if (zh.map((it) => it[1]).join() !== en.map((it) => it[1]).join())
    breaches.push(
      `docs/guide: ${guide}.md has other headings in zh (${zh.length}) than in en (${en.length})`,
    );
  const parts = (lng) => read(`../../docs/guide/${lng}/${guide}.md`).split(/^## /m).slice(1);
  const chinese = parts('zh');
  parts('en').forEach((text, index) => {
    const key = `${guide}.${slug(text.slice(0, text.indexOf('\n')))}`;
    known.add(key);
    said.set(key, { en: text, zh: chinese[index] ?? '' });
  });
}

const chapters = JSON.parse(read('../src/features/help/chapters.json'));
for (const [page, chapter] of Object.entries(chapters)) {
  if (!known.has(chapter))
    breaches.push(`chapters.json: ${page} names ${chapter}, which the guide does not have`);
}

const routes = new Map();
for (const [, name, parent, kind, path] of read('../src/app/router.tsx').matchAll(
  /const (\w+) = createRoute\(\{\s*getParentRoute: \(\) => (\w+),\s*(path|id): '([^']+)'/g,
))
  routes.set(name, { parent, path: kind === 'id' ? '' : path });
const whole = (name) => {
  const route = routes.get(name);
  return route ? `${whole(route.parent)}${route.path}`.replaceAll(/\/+/g, '/') : '';
};
const parents = new Set([...routes.values()].map((it) => it.parent));
const admin = [...read('../src/shared/lib/admin-pages.ts').matchAll(/page: '(\w+)'/g)].map((it) => it[1]);
const pages = [...routes.keys()]
  .filter((name) => !parents.has(name))
  .map((name) => whole(name).replace(/(.)\/$/, '$1'))
  // Nobody is signed in yet; the guide itself; what only leads on.
  .filter((path) => path !== '/sign-in' && !/\/help(\/|$)/.test(path) && path !== '/w/admin')
  .flatMap((path) => (path === '/w/admin/$kind' ? admin.map((it) => `/w/admin/${it}`) : [path]));
for (const page of new Set(pages)) {
  if (!chapters[page])
    breaches.push(`${page} names no chapter of the guide: add it to src/features/help/chapters.json`);
}
// A name may have a term in it that organisations choose: [[team.many|Teams]].
const plain = (label) => label.replaceAll(/\[\[[^|\]]*\|([^\]]*)\]\]/g, '$1').toLowerCase();
for (const lng of ['zh', 'en']) {
  const names = JSON.parse(read(`../src/app/shell/texts.${lng}.json`));
  for (const page of admin) {
    const chapter = chapters[`/w/admin/${page}`];
    const name = plain(names[`admin_${page}`] ?? page);
    if (said.has(chapter) && !said.get(chapter)[lng].toLowerCase().includes(name))
      breaches.push(`/w/admin/${page} names ${chapter}, which does not speak of it in ${lng}: "${name}"`);
  }
}
for (const line of breaches) console.error(line);
console.log(`help: ${new Set(pages).size} pages, ${known.size} chapters, ${breaches.length} breaches`);
process.exit(breaches.length > 0 ? 1 : 0);
