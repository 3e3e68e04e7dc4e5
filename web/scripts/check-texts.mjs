// Holds the texts: zh and en have the same keys, every key used in code exists, every key is
// used, and no Chinese or quoted English sentence stands in the code itself. Ends with 1 on a breach.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const all = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((it) => it.isFile())
  .map((it) => join(it.parentPath, it.name));
const breaches = [];

const flat = (texts, path = '') =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' ? flat(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  );
const bare = (key) => key.replace(/_(one|other)$/, '');
const holes = (text) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map((it) => it[1])
    .sort()
    .join();

const keys = new Map();
for (const file of all.filter((it) => it.endsWith('texts.zh.json'))) {
  const folder = basename(dirname(file));
  const namespace = folder === 'i18n' ? 'common' : folder;
  const zh = new Map(flat(JSON.parse(readFileSync(file, 'utf8'))));
  const en = new Map(
    flat(JSON.parse(readFileSync(file.replace('.zh.', '.en.'), 'utf8'))).map(([key, text]) => [
      bare(key),
      text,
    ]),
  );
  const where = relative(root, file);
  for (const [key, text] of zh) {
    if (!en.has(key)) breaches.push(`${where}: ${key} has no English`);
    else if (holes(en.get(key)) !== holes(text))
      breaches.push(`${where}: ${key} has other placeholders in English`);
    keys.set(`${namespace}:${key}`, false);
  }
  for (const key of en.keys()) if (!zh.has(key)) breaches.push(`${where}: ${key} has no Chinese`);
}

const code = all.filter((it) => /\.tsx?$/.test(it) && !/\.test\.|generated/.test(it));
for (const file of code) {
  const where = relative(root, file);
  const text = readFileSync(file, 'utf8');
  const namespace =
    /useTranslation\('([\w-]+)'\)/.exec(text)?.[1] ?? /TFunction<'([\w-]+)'>/.exec(text)?.[1] ?? 'common';
  const named = (key) =>
    key.includes(':') ? key : keys.has(`${namespace}:${key}`) ? `${namespace}:${key}` : `common:${key}`;
  for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) {
    if (keys.has(named(key))) keys.set(named(key), true);
    else breaches.push(`${where}: the text ${key} does not exist`);
  }
  // A key put together at run time: every key with that beginning counts as used.
  for (const [, start] of text.matchAll(/`([a-z][\w.:-]*[_.])\$\{/g)) {
    const begin = start.includes(':') ? start : `${namespace}:${start}`;
    for (const key of keys.keys()) if (key.startsWith(begin)) keys.set(key, true);
  }
  // Keys kept in tables and ternaries: any quoted word that is a key of this namespace.
  for (const [, word] of text.matchAll(/['"](?:[\w-]+:)?([\w.]+)['"]/g)) {
    for (const key of [`${namespace}:${word}`, `common:${word}`]) if (keys.has(key)) keys.set(key, true);
  }
  text
    .replace(/\/\*[\s\S]*?\*\//g, (it) => it.replace(/[^\n]/g, ''))
    .split('\n')
    .forEach((line, index) => {
      const said = line.replace(/\/\/.*$/, '');
      if (/[\u3400-\u9fff]/.test(said) && !/\\u3400/.test(said) && !line.includes('i18n-ok')) {
        breaches.push(`${where}:${index + 1}: Chinese in the code; move it to texts.zh.json`);
      }
    });
}
for (const [key, used] of keys) if (!used) breaches.push(`${key} is used nowhere`);
for (const line of breaches) console.error(line);
console.log(`texts: ${keys.size} keys, ${breaches.length} breaches`);
process.exit(breaches.length > 0 ? 1 : 0);
