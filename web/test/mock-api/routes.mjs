// The HTTP routes of the mock: method and path in, status and body out.
import { randomUUID } from 'node:crypto';
import * as desk from './desk.mjs';
import { bpmn } from './flow.mjs';
import * as pack from './pack.mjs';
import { allCategories, say, services, sites, teams, users } from './people.mjs';

const sessions = new Map();
/** Switches that tests set through POST /api/v1/mock. */
export const world = { mode: null, demo: true };

const problem = (status, code, title, more = {}) => ({ status, body: { type: 'about:blank', title, status, code, request_id: randomUUID(), ...more } });
const ok = (body, headers) => ({ status: 200, body, headers });
const reference = (it, lang) => (it ? { id: it.id, key: it.key, label: say(it.label, lang) } : null);

function meOf(session, lang) {
  const it = session.user;
  return { ...reference(it, lang), email: it.email, locale: it.locale, csrf: session.csrf, workspace: it.workspace, admin: it.admin, roles: it.roles.map((r) => say(r, lang)), teams: it.teams.map((x) => reference(x, lang)), site: reference(it.site, lang) };
}

function recordOf(it, lang, full) {
  const [phase, label] = pack.states[it.state];
  const { timeline, steps, links, attachments, activity, held, description, fields, ...rest } = it;
  const refs = Object.fromEntries(['category', 'requester', 'reporter', 'team', 'assignee', 'service', 'site'].map((key) => [key, reference(it[key], lang)]));
  const { score, ...own } = fields;
  const open = !['done', 'dropped', 'confirming'].includes(it.state);
  return { ...rest, ...refs, customer: { id: '1', key: 'default', label: say({ zh: '示例大学', en: 'Example University' }, lang) }, phase, state_label: say(label, lang), on_duty: open && !it.assignee ? reference(it.team?.duty, lang) : null, ...(full && { description, fields: score ? { ...own, score } : own, priority_label: say(pack.priorities[it.priority], lang) }) };
}

const timelineOf = (it, item, lang) => ({
  ...item, actor: reference(item.actor, lang), reason_label: reasonLabel(item, lang),
  changes: item.changes.map((c) => ({ ...c, label: pack.labelOf(c.field, lang), old_label: say(c.old_label, lang), new_label: say(c.new_label, lang) })),
  attachments: item.attachments.map((a) => attachmentOf(a, lang)),
});
const reasonLabel = (item, lang) => item.reason && say(pack.outcomes[item.reason] ?? Object.values(pack.reasons).find((it) => it[item.reason])?.[item.reason] ?? item.reason, lang);
const attachmentOf = ({ content, ...it }, lang) => ({ ...it, by: reference(it.by, lang) });

function page(items, url, shape) {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 50), 200);
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const next = from + limit < items.length ? String(from + limit) : null;
  return ok({ items: items.slice(from, from + limit).map(shape), next });
}

function listRecords(url, me, lang) {
  const get = (key) => url.searchParams.get(key) || null;
  const person = (value) => (value === 'me' ? me.id : desk.user(value)?.id);
  const states = get('state')?.split(',');
  let items = desk.records.filter((it) => {
    const [phase] = pack.states[it.state];
    const open = !['closed', 'cancelled'].includes(phase);
    if (!me.workspace && it.requester.id !== me.id) return false;
    if (states && !states.some((s) => s === it.state || s === phase || (s === 'open' && open))) return false;
    if (get('team') === 'mine' && !me.teams.includes(it.team)) return false;
    if (get('team') && get('team') !== 'mine' && !get('team').split(',').some((key) => it.team?.key === key || it.team?.id === key)) return false;
    if (get('assignee') && (get('assignee') === 'none' ? it.assignee : it.assignee?.id !== person(get('assignee')))) return false;
    if (get('priority') && !get('priority').split(',').includes(it.priority)) return false;
    if (get('requester') && it.requester.id !== person(get('requester'))) return false;
    const q = get('q')?.toLowerCase();
    return !q || it.title.toLowerCase().includes(q) || it.number.toLowerCase().includes(q);
  });
  const sort = get('sort') ?? '-opened_at';
  const key = sort.replace('-', '');
  items = items.sort((a, b) => (a[key] < b[key] ? 1 : a[key] > b[key] ? -1 : 0) * (sort.startsWith('-') ? 1 : -1));
  return page(items, url, (it) => recordOf(it, lang, false));
}

function listTasks(url, me, lang) {
  const key = url.searchParams.get('team');
  const mine = url.searchParams.get('mine') === 'true';
  const items = desk.records.flatMap((it) => {
    const flow = desk.flowOf(it);
    return flow.tokens.map((token) => ({ it, token }));
  }).filter(({ it, token }) => {
    if (mine) return token.assignee?.id === me.id || (!token.assignee && it.team?.duty?.id === me.id && token.team);
    return !key || token.team?.key === key;
  });
  return page(items.reverse(), url, ({ it, token }) => ({
    id: `${it.id}-${token.element}`, record: { id: it.id, number: it.number, type: it.type, title: it.title, priority: it.priority, phase: pack.states[it.state][0], state_label: say(pack.states[it.state][1], lang), requester: reference(it.requester, lang) },
    activity: token.activity, label: say(token.label, lang), team: reference(token.team, lang), assignee: reference(token.assignee, lang), on_duty: token.assignee || !token.team ? null : reference(it.team.duty, lang), opened_at: token.since, due_at: null, suspended: Boolean(it.held),
  }));
}

function directory(items, url, lang, more = () => ({})) {
  const q = url.searchParams.get('q')?.toLowerCase() ?? '';
  const found = items.filter((it) => !q || it.key.includes(q) || say(it.label, 'zh').includes(q) || say(it.label, 'en').toLowerCase().includes(q));
  return page(found, url, (it) => ({ ...reference(it, lang), ...more(it) }));
}
const userOf = (lang) => (it) => ({ email: it.email, phone: it.phone, site: reference(it.site, lang), department: reference(it.department, lang), employer: say(it.employer, lang), expires_at: it.expires_at, active: it.active, roles: it.roles.map((r) => say(r, lang)), role_labels: it.roles.map((r) => say(r, lang)), teams: it.teams.map((x) => reference(x, lang)) });

function check(schema, fields) {
  return (schema.required ?? []).filter((name) => fields[name] == null || fields[name] === '').map((name) => ({ pointer: `/fields/${name}`, code: 'required', message: 'needed' }));
}

function openRecord(me, json) {
  if (!json.title?.trim()) return { errors: [{ pointer: '/title', code: 'required', message: 'needed' }] };
  const requester = json.requester ? desk.user(json.requester) : me;
  return { record: desk.open({ ...json, requester, service: services.find((it) => [it.id, it.key].includes(json.service)), category: allCategories.find((it) => it.key === json.category) }, me, json.channel ?? 'portal') };
}

function patch(it, json, me, headers, lang) {
  const given = Number(String(headers['if-match'] ?? '').replaceAll('"', ''));
  if (!headers['if-match']) return problem(428, 'precondition_required', 'If-Match is missing');
  if (given !== it.version) {
    const meanwhile = it.timeline.slice(given).flatMap((entry) => entry.changes.map((c) => ({ field: c.field, old: c.old, new: c.new, actor: say(entry.actor.label, lang), at: entry.recorded_at })));
    return problem(412, 'stale', 'Changed meanwhile', { meanwhile, version: it.version });
  }
  const { fields, ...common } = json;
  if ('service' in common) common.service = services.find((s) => [s.id, s.key].includes(common.service)) ?? null;
  if ('category' in common) common.category = allCategories.find((c) => c.key === common.category) ?? null;
  const changes = [...desk.set(it, common), ...desk.set(it, fields ?? {})];
  desk.note(it, me, { kind: 'edited', changes });
  return ok(recordOf(it, lang, true), { etag: `"${it.version}"` });
}

function upload(it, me, raw, headers) {
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const all = raw.toString('latin1');
  const part = all.split(`--${boundary}`).find((text) => text.includes('name="file"')) ?? '';
  const split = part.indexOf('\r\n\r\n');
  const content = Buffer.from(part.slice(split + 4, -2), 'latin1');
  const name = Buffer.from(/filename="([^"]*)"/.exec(part)?.[1] ?? 'file', 'latin1').toString('utf8');
  const media = /content-type: ([^\r\n]+)/i.exec(part)?.[1] ?? 'application/octet-stream';
  const internal = /name="visibility"\r\n\r\ninternal/.test(all);
  const made = { id: randomUUID(), name, size: content.length, media_type: media, visibility: internal ? 'internal' : 'public', by: me, at: new Date().toISOString(), content };
  it.attachments.push(made);
  desk.note(it, me, { kind: 'attached', attachments: [made], visibility: made.visibility });
  return made;
}

function recordRoutes(it, rest, { method, raw, headers, url }, json, me, lang) {
  const [what, key] = rest;
  const visible = (entry) => me.workspace || entry.visibility === 'public';
  if (!what && method === 'GET') return ok(recordOf(it, lang, true), { etag: `"${it.version}"` });
  if (!what && method === 'PATCH') return patch(it, json, me, headers, lang);
  if (what === 'timeline') return page(it.timeline.filter(visible), url, (item) => timelineOf(it, item, lang));
  if (what === 'comments') return { status: 201, body: timelineOf(it, desk.note(it, me, { kind: 'commented', body: json.body, visibility: json.visibility }), lang) };
  if (what === 'actions' && method === 'GET') return ok({ items: desk.actions(it, me, lang) });
  if (what === 'actions') {
    const action = desk.actions(it, me, lang).find((a) => a.key === key);
    if (!action?.enabled) return problem(409, 'not_available', lang === 'en' ? 'This is no longer possible' : '现在不能这样做', { detail: action?.reason ?? (lang === 'en' ? 'Someone else has moved the record on.' : '这张工单已被他人推进。') });
    const errors = check(action.schema, json.fields ?? {});
    if (errors.length) return problem(422, 'invalid', 'Not valid', { errors });
    desk.act(it, key, json.fields ?? {}, me);
    return ok(recordOf(it, lang, true), { etag: `"${it.version}"` });
  }
  if (what === 'attachments' && key) { const a = it.attachments.find((x) => x.id === key); return { status: 200, raw: a.content, headers: { 'content-type': a.media_type, 'content-disposition': 'attachment' } }; }
  if (what === 'attachments' && method === 'GET') return ok({ items: it.attachments.filter(visible).map((a) => attachmentOf(a, lang)) });
  if (what === 'attachments') return { status: 201, body: attachmentOf(upload(it, me, raw, headers), lang) };
  if (what === 'links') return ok({ items: it.links.map((link) => { const to = desk.find(link.number); return to && { kind: link.kind, record: { number: to.number, type: to.type, title: to.title, phase: pack.states[to.state][0] } }; }).filter(Boolean) });
  if (what === 'flow') { const flow = desk.flowOf(it); return ok({ xml: bpmn(lang), ...flow, tokens: flow.tokens.map((x) => ({ ...x, label: say(x.label, lang), team: reference(x.team, lang), assignee: reference(x.assignee, lang) })), path: { ...flow.path, elements: flow.path.elements.map((e) => ({ ...e, by: reference(e.by, lang) })) } }); }
  return problem(404, 'not_found', 'Not found');
}

const jobs = Array.from({ length: 7 }, (_, i) => ({ id: randomUUID(), kind: ['import_records', 'seal', 'backup', 'reindex'][i % 4], state: i === 0 ? 'running' : i === 4 ? 'failed' : 'done', done: i === 0 ? 6279 : 14950, total: 14950, attempts: 1, result: null, created_at: new Date(Date.now() - i * 5e6).toISOString(), started_at: new Date(Date.now() - i * 5e6).toISOString(), ended_at: i ? new Date(Date.now() - i * 5e6 + 9e4).toISOString() : null, created_by: null, error: i === 4 ? 'disk full' : null }));

export function routes(request) {
  const { method, url, headers, raw } = request;
  const lang = /^en/.test(headers['accept-language'] ?? '') ? 'en' : 'zh';
  const path = url.pathname.split('/').slice(3);
  const json = /json/.test(headers['content-type'] ?? '') && raw.length ? JSON.parse(raw.toString()) : {};
  const session = sessions.get(/yuheng=([^;]+)/.exec(headers.cookie ?? '')?.[1]);
  const mode = world.mode ? { 'x-yuheng-mode': world.mode } : {};
  const answer = handle();
  return { ...answer, headers: { ...mode, ...answer.headers } };

  function handle() {
    if (path[0] === 'mock') { Object.assign(world, json); return ok(world); }
    if (path[0] === 'info') return ok({ name: 'Yuheng', version: '0.1.0', demo: world.demo, languages: ['zh', 'en'], accounts: world.demo ? [['lilaoshi', '申报人', 'Requester', '报告一个问题，跟踪进度，确认并评价', 'Report a problem, follow it, confirm and rate'], ['zhangwei', '工程师 · 网络二线', 'Engineer · Network L2', '受理、升级、解决工单，看流程图', 'Accept, escalate and resolve; see the flow'], ['admin', '管理员', 'Administrator', '查看人员、作业和流程包', 'See people, jobs and packs']].map(([username, rz, re, wz, we]) => ({ username, password: 'yuheng-demo', role: lang === 'en' ? re : rz, what: lang === 'en' ? we : wz })) : [] });
    if (path[0] === 'session' && method === 'POST') {
      const user = users.find((it) => it.key === json.username && it.password === json.password);
      if (!user) return problem(401, 'bad_credentials', lang === 'en' ? 'User name or password is wrong' : '用户名或密码不正确');
      const made = { id: randomUUID(), user, csrf: randomUUID(), created_at: new Date().toISOString(), last_seen_at: new Date().toISOString(), user_agent: headers['user-agent'], address: '127.0.0.1' };
      sessions.set(made.id, made);
      return ok({ user: meOf(made, lang), csrf: made.csrf }, { 'set-cookie': `yuheng=${made.id}; Path=/; HttpOnly; SameSite=Lax` });
    }
    if (!session) return problem(401, 'unauthenticated', lang === 'en' ? 'Please sign in' : '请先登录');
    const me = session.user;
    if (method !== 'GET' && headers['x-csrf-token'] !== session.csrf) return problem(403, 'csrf', 'CSRF token is wrong');
    if (method !== 'GET' && path[0] !== 'session' && world.mode === 'read-only') return problem(503, 'read_only', lang === 'en' ? 'The system is read-only' : '系统处于只读状态');
    if (path[0] === 'session') { sessions.delete(session.id); return { status: 204 }; }
    if (path[0] === 'sessions' && method === 'DELETE') { sessions.delete(path[1]); return { status: 204 }; }
    if (path[0] === 'sessions') return ok({ items: [...sessions.values()].filter((it) => it.user === me).map(({ user, csrf, ...it }) => ({ ...it, current: it.id === session.id })) });
    if (path[0] === 'me') { if (method === 'PATCH') Object.assign(me, json); return ok(meOf(session, lang)); }
    if (path[0] === 'packs' && path[1] && path[1] !== pack.type) return problem(404, 'not_found', 'Not found');
    if (path[0] === 'packs') return ok(path[1] ? pack.pack(lang) : { items: [{ key: pack.type, version: 3, label: say(pack.label, lang) }] });
    if (path[0] === 'tasks') return listTasks(url, me, lang);
    if (path[0] === 'users') return me.workspace ? directory(users.filter((it) => it.active || me.admin), url, lang, userOf(lang)) : problem(403, 'forbidden', lang === 'en' ? 'Not allowed' : '无权查看');
    if (path[0] === 'teams') return directory(teams, url, lang, (it) => ({ members_count: it.members.length, duty: reference(it.duty, lang) }));
    if (path[0] === 'sites') return directory(sites, url, lang);
    if (path[0] === 'services') return directory(services, url, lang);
    if (path[0] === 'jobs') return me.admin ? page(jobs, url, (it) => it) : problem(403, 'forbidden', lang === 'en' ? 'Not allowed' : '无权查看');
    if (path[0] === 'records' && path[1] === pack.type) {
      if (!path[2] && method === 'GET') return listRecords(url, me, lang);
      if (!path[2]) { const { errors, record } = openRecord(me, json); return errors ? problem(422, 'invalid', lang === 'en' ? 'Not valid' : '内容有误', { errors }) : { status: 201, body: recordOf(record, lang, true), headers: { location: `/api/v1/records/${pack.type}/${record.number}`, etag: '"1"' } }; }
      const it = desk.find(decodeURIComponent(path[2]));
      if (!it || (!me.workspace && it.requester.id !== me.id)) return problem(404, 'not_found', lang === 'en' ? 'Not found' : '没有找到');
      return recordRoutes(it, path.slice(3), request, json, me, lang);
    }
    return problem(404, 'not_found', lang === 'en' ? 'Not found' : '没有找到');
  }
}
