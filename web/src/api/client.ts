import createClient, { type Middleware } from 'openapi-fetch';
import { answered, attempt } from './attempts';
import { ApiError } from './error';
import type { paths } from './generated/schema';
import { modeAfter, serverState, tellSignedOut } from './server-state';
import type { Attachment, Problem, Visibility } from './types';

let csrf = '';
let language = 'zh';
export const setCsrf = (token: string) => {
  csrf = token;
};
export const setApiLanguage = (tag: string) => {
  language = tag;
};

const isWrite = (method: string) => method !== 'GET' && method !== 'HEAD';

function learn(method: string, header: string | null, status: number, problem?: Partial<Problem>) {
  const mode = modeAfter(serverState.get().mode, {
    header,
    code: problem?.code,
    write: isWrite(method),
    ok: status < 400,
  });
  serverState.set({ mode, reachable: true });
  if (status === 401) tellSignedOut();
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.clone().json()) as Problem;
  } catch {
    return { status: response.status, title: response.statusText };
  }
}

/** A line that has died is told to nobody: whoever waits longer than this is given the words and the button to try again. */
const PATIENCE = 90_000;
const impatient = (request: Request) =>
  fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]) });

const unreached = () => {
  serverState.set({ reachable: false });
  return new ApiError(0, { title: 'offline', code: 'offline' });
};

/** What is written where, by the id that the client gives a request; forms with files are told apart by nothing. */
const writes = new Map<string, string>();

const middleware: Middleware = {
  async onRequest({ request, id }) {
    request.headers.set('Accept-Language', language);
    if (!isWrite(request.method)) return;
    request.headers.set('X-CSRF-Token', csrf);
    if (request.headers.get('content-type')?.startsWith('multipart/')) return;
    const seen = request.headers.get('if-match') ?? '';
    const write = `${request.method} ${request.url} ${seen} ${await request.clone().text()}`;
    writes.set(id, write);
    request.headers.set('Idempotency-Key', attempt(write));
  },
  async onResponse({ request, response, id }) {
    const write = writes.get(id);
    if (write !== undefined && response.ok) {
      // Answered is what has come to its end; a refusal is not kept by the server and may be sent again as it is.
      try {
        await response.clone().arrayBuffer();
      } catch {
        throw unreached();
      }
      answered(write);
    }
    writes.delete(id);
    const problem = response.ok ? undefined : await problemOf(response);
    // A wrong password is answered 401 as well; that is no ended session.
    const signIn = request.method === 'POST' && request.url.endsWith('/api/v1/session');
    learn(request.method, response.headers.get('x-yuheng-mode'), signIn ? 200 : response.status, problem);
  },
  onError({ id }) {
    writes.delete(id);
    return unreached();
  },
};

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: impatient });
api.use(middleware);

/** The data of an answer as the type that `types.ts` gives it, or an ApiError with the server's problem. */
export async function call<T = unknown>(
  request: Promise<{ data?: unknown; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request;
  if (response.ok) return data as T;
  throw new ApiError(response.status, (error as Problem | undefined) ?? (await problemOf(response)));
}

export const recordPath = (type: string, number: string) =>
  `/api/v1/records/${encodeURIComponent(type)}/${encodeURIComponent(number)}`;

/** Send one file. XMLHttpRequest because fetch reports no progress of an upload. */
export function upload(
  type: string,
  number: string,
  file: File,
  options: { visibility?: Visibility; onProgress?: (part: number) => void } = {},
): Promise<Attachment> {
  const path = `${recordPath(type, number)}/attachments`;
  const write = `${path} ${options.visibility} ${file.name} ${file.size} ${file.lastModified}`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Idempotency-Key', attempt(write));
    request.setRequestHeader('Accept-Language', language);
    request.setRequestHeader('X-CSRF-Token', csrf);
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      learn(
        'POST',
        request.getResponseHeader('x-yuheng-mode'),
        request.status,
        request.response ?? undefined,
      );
      if (request.status < 300) {
        answered(write);
        resolve(request.response as Attachment);
      } else reject(new ApiError(request.status, request.response ?? {}));
    };
    request.onerror = () => reject(new ApiError(0, { code: 'offline' }));
    const form = new FormData();
    if (options.visibility) form.append('visibility', options.visibility);
    form.append('file', file);
    request.send(form);
  });
}
