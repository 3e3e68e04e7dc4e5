// A small stand-in for the Yuheng server: `node test/mock-api/server.mjs [--port 8090] [--static]`.
// It serves the contract's shapes from memory, and web/dist with the server's security headers.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listeners, seedRecords } from './desk.mjs';
import { routes } from './routes.mjs';

const argument = (name, fallback) => { const i = process.argv.indexOf(`--${name}`); return i < 0 ? fallback : (process.argv[i + 1] ?? true); };
const port = Number(argument('port', 8090));
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.woff2': 'font/woff2' };
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; script-src 'self'";

async function file(url, response) {
  const name = url.pathname === '/' || !extname(url.pathname) ? 'index.html' : url.pathname.slice(1);
  try {
    const body = await readFile(join(dist, name));
    response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream', 'content-security-policy': policy, 'x-content-type-options': 'nosniff' });
    response.end(body);
  } catch {
    response.writeHead(404).end('not found');
  }
}

function live(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  const tell = (event) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  const beat = setInterval(() => response.write(': beat\n\n'), 15_000);
  listeners.add(tell);
  request.on('close', () => { listeners.delete(tell); clearInterval(beat); });
}

const body = async (request) => { const parts = []; for await (const part of request) parts.push(part); return Buffer.concat(parts); };

export function start(at = port) {
  if (!start.seeded) { seedRecords(); start.seeded = true; }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (url.pathname === '/api/v1/live') return live(request, response);
    if (!url.pathname.startsWith('/api/')) return file(url, response);
    const raw = await body(request);
    const answer = routes({ method: request.method, url, headers: request.headers, raw });
    const content = answer.raw ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
    setTimeout(() => response.writeHead(answer.status, { 'content-type': answer.status >= 400 ? 'application/problem+json' : 'application/json', ...answer.headers }).end(content), Number(process.env.DELAY ?? 15));
  });
  return new Promise((done) => server.listen(at, '127.0.0.1', () => done(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await start();
  console.log(`mock on http://127.0.0.1:${port}`);
}
