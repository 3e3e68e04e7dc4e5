// Compresses what was built once and well, so that the server need not do it at every visit: x.js, x.js.br, x.js.gz.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const texts = /\.(js|css|svg|html|json)$/;
/** Below this a packet carries it anyway. */
const SMALL = 1400;

for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name);
  if (!texts.test(name)) continue;
  const content = readFileSync(file);
  if (content.length < SMALL) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
