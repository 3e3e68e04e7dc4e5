// Holds the shape of the house: imports go app → features → shared → api, a feature never reaches
// into another, files are named in kebab-case, are under 300 lines, have named exports, and no
// code outside tests knows a pack by name. Prints each breach with its file and line; ends with 1.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const order = ['api', 'shared', 'features', 'app'];
const packs = /\b(incidents?|service[-_ ]?requests?|problems?|changes?|releases?)\b/i;
// Words that are a pack's name and something else too: `change` as an edit, `problem` as RFC 9457.
const plain = /\b(change|changes|problem|problems|release)\b/i;
const quoted = /(['"`])(?:(?!\1).)*\1/g;

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((it) => it.isFile() && /\.(ts|tsx|css)$/.test(it.name))
  .map((it) => join(it.parentPath, it.name))
  .filter((it) => !it.includes('/generated/'));

const breaches = [];
for (const file of files) {
  const name = relative(root, file);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const say = (line, words) => breaches.push(`src/${name}:${line}: ${words}`);
  const [layer, feature] = name.split('/');
  const test = /\.test\.tsx?$/.test(name);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|module))?\.(ts|tsx|css)$/.test(name.split('/').at(-1)))
    say(1, 'name files in kebab-case');
  if (lines.length > 300) say(300, `has ${lines.length} lines; cut it at 300`);
  lines.forEach((line, index) => {
    if (/^export default /.test(line)) say(index + 1, 'export by name, not by default');
    const target = /(?:from|import)\s*\(?\s*'(\.[^']*)'/.exec(line)?.[1];
    if (target) {
      const [toLayer, toFeature] = relative(root, join(dirname(file), target)).split('/');
      if (order.indexOf(toLayer) > order.indexOf(layer))
        say(index + 1, `${layer} must not import from ${toLayer}`);
      if (layer === 'features' && toLayer === 'features' && toFeature !== feature) {
        say(
          index + 1,
          `feature ${feature} must not import from feature ${toFeature}; move what they share to shared/`,
        );
      }
    }
    if (!test && !target) {
      for (const [literal] of line.matchAll(quoted)) {
        const word = packs.exec(literal)?.[0];
        if (word && !plain.test(word)) say(index + 1, `knows a pack by name: ${word}`);
      }
    }
  });
}
for (const line of breaches) console.error(line);
console.log(`imports: ${files.length} files, ${breaches.length} breaches`);
process.exit(breaches.length > 0 ? 1 : 0);
