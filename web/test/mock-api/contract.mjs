// Writes src/api/generated/openapi.json from the agreed shapes, for as long as the server does
// not yet answer /api/openapi.json itself. Run: node test/mock-api/contract.mjs && npm run generate
import { writeFileSync } from 'node:fs';

const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const text = { type: 'string' };
const flag = { type: 'boolean' };
const int = { type: 'integer' };
const time = { type: 'string', format: 'date-time' };
const any = {};
const map = { type: 'object', additionalProperties: true };
const or = (schema) => ({ anyOf: [schema, { type: 'null' }] });
const many = (schema) => ({ type: 'array', items: schema });
const one = (...values) => ({ type: 'string', enum: values });

/** `name?` is optional; everything else is required. */
function object(properties) {
  const out = { type: 'object', properties: {}, required: [] };
  for (const [key, schema] of Object.entries(properties)) {
    const name = key.replace(/\?$/, '');
    out.properties[name] = schema;
    if (!key.endsWith('?')) out.required.push(name);
  }
  return out;
}
const list = (name) => object({ items: many(ref(name)), next: or(text) });

const R = ref('Ref');
const listItem = {
  id: text, number: text, type: text, title: text, state: text, state_label: text,
  phase: ref('Phase'), impact: or(ref('Level')), urgency: or(ref('Level')), priority: or(text),
  category: or(R), customer: or(R), requester: or(R), reporter: or(R), channel: text,
  team: or(R), assignee: or(R), on_duty: or(R), service: or(R), site: or(R),
  opened_at: time, responded_at: or(time), resolved_at: or(time), closed_at: or(time), updated_at: time,
  reassign_count: int, reopen_count: int, parent: or(object({ number: text, title: text })),
  version: int, pack_version: int,
};

const schemas = {
  Ref: object({ id: text, key: text, label: text }),
  Phase: one('new', 'active', 'waiting', 'resolved', 'closed', 'cancelled'),
  Level: one('high', 'medium', 'low'),
  Problem: object({
    'type?': text, title: text, status: int, code: text, 'detail?': or(text), 'request_id?': or(text),
    'errors?': many(object({ pointer: text, code: text, message: text })),
    'meanwhile?': many(ref('Meanwhile')), 'version?': int,
  }),
  Meanwhile: object({ field: text, 'label?': text, old: any, new: any, actor: or(R), at: time }),
  Info: object({
    name: text, version: text, demo: flag, languages: many(text),
    accounts: many(object({ username: text, password: text, role: text, what: text })),
  }),
  Me: object({
    id: text, key: text, label: text, email: or(text), locale: text, csrf: text, workspace: flag,
    admin: flag, roles: many(text), teams: many(R), site: or(R),
  }),
  SignedIn: object({ user: ref('Me'), csrf: text }),
  Session: object({ id: text, created_at: time, last_seen_at: time, user_agent: or(text), address: or(text), current: flag }),
  SessionList: object({ items: many(ref('Session')) }),
  PackItem: object({ key: text, version: int, label: text }),
  PackList: object({ items: many(ref('PackItem')) }),
  Choice: object({ key: text, label: text }),
  Category: object({ key: text, label: text, children: many(ref('Category')) }),
  Pack: object({
    key: text, version: int, label: text,
    states: many(object({ key: text, phase: ref('Phase'), label: text })),
    form: map, form_ui: map, fields: many(object({ name: text, label: text, kind: text })),
    categories: many(ref('Category')),
    reasons: object({ reassign: many(ref('Choice')), hold: many(ref('Choice')), cancel: many(ref('Choice')) }),
    activities: many(ref('Choice')), priorities: many(ref('Choice')), help: text,
  }),
  RecordItem: object(listItem),
  Record: object({ ...listItem, description: text, fields: map }),
  RecordList: list('RecordItem'),
  NewRecord: object({
    title: text, description: text, 'impact?': ref('Level'), 'urgency?': ref('Level'), 'category?': text,
    'requester?': text, 'service?': text, 'channel?': text, 'fields?': map,
  }),
  Change: object({ field: text, label: text, old: any, new: any, 'old_label?': or(text), 'new_label?': or(text) }),
  Attachment: object({ id: text, name: text, size: int, media_type: text, visibility: ref('Visibility'), by: or(R), at: time }),
  AttachmentList: object({ items: many(ref('Attachment')) }),
  Visibility: one('public', 'internal'),
  TimelineItem: object({
    seq: int, occurred_at: time, recorded_at: time, actor: or(R), 'on_behalf_of?': or(R), channel: text, kind: text,
    visibility: ref('Visibility'), changes: many(ref('Change')), body: or(text), attachments: many(ref('Attachment')),
  }),
  Timeline: list('TimelineItem'),
  NewComment: object({ body: text, visibility: ref('Visibility') }),
  Action: object({ key: text, kind: one('outcome', 'command'), label: text, schema: map, enabled: flag, 'reason?': or(text) }),
  ActionList: object({ items: many(ref('Action')) }),
  ActionBody: object({ fields: map }),
  LinkItem: object({ kind: text, record: object({ number: text, type: text, title: text, phase: ref('Phase') }) }),
  LinkList: object({ items: many(ref('LinkItem')) }),
  Token: object({ element: text, activity: text, label: text, team: or(R), assignee: or(R), since: time }),
  Step: object({ id: text, entered_at: or(time), left_at: or(time), by: or(R), outcome: or(text) }),
  Flow: object({
    xml: text, status: text, tokens: many(ref('Token')),
    path: object({ elements: many(ref('Step')), edges: many(text) }),
  }),
  Task: object({
    id: text,
    record: object({
      id: text, number: text, type: text, title: text, priority: or(text), phase: ref('Phase'), state_label: text, requester: or(R),
    }),
    activity: text, label: text, team: or(R), assignee: or(R), on_duty: or(R), opened_at: time, due_at: or(time), suspended: flag,
  }),
  TaskList: list('Task'),
  User: object({
    id: text, key: text, label: text, 'email?': or(text), 'phone?': or(text), 'site?': or(R), 'department?': or(R),
    'employer?': or(text), 'expires_at?': or(time), 'active?': flag, 'roles?': many(text), 'teams?': many(R),
  }),
  UserList: list('User'),
  Team: object({ id: text, key: text, label: text, 'members_count?': int, 'duty?': or(R) }),
  TeamList: list('Team'),
  RefList: list('Ref'),
  Job: object({
    id: text, kind: text, 'label?': text, state: text, 'progress?': or({ type: 'number' }), 'done?': int, 'total?': or(int), 'failed?': int,
    created_at: time, 'finished_at?': or(time), 'by?': or(R), 'error?': or(text),
  }),
  JobList: list('Job'),
};

const path = (...names) => names.map((name) => ({ name, in: 'path', required: true, schema: text }));
const query = (...names) =>
  names.map((name) => ({ name, in: 'query', required: false, schema: name === 'limit' ? int : name === 'mine' ? flag : text }));
const header = (...names) => names.map((name) => ({ name, in: 'header', required: false, schema: text }));
const json = (name) => ({ content: { 'application/json': { schema: ref(name) } } });
const problem = { description: 'problem', content: { 'application/problem+json': { schema: ref('Problem') } } };

/** operation(parameters, body, status, answer) */
function op(parameters, body, status, answer) {
  return {
    parameters,
    ...(body && { requestBody: { required: true, ...(typeof body === 'string' ? json(body) : body) } }),
    responses: { [status]: { description: 'ok', ...(answer && json(answer)) }, default: problem },
  };
}
const record = '/api/v1/records/{type}/{number}';
const both = path('type', 'number');

const paths = {
  '/api/v1/info': { get: op([], null, 200, 'Info') },
  '/api/v1/session': { post: op([], { content: { 'application/json': { schema: object({ username: text, password: text }) } } }, 200, 'SignedIn'), delete: op([], null, 204) },
  '/api/v1/sessions': { get: op([], null, 200, 'SessionList') },
  '/api/v1/sessions/{id}': { delete: op(path('id'), null, 204) },
  '/api/v1/me': { get: op([], null, 200, 'Me'), patch: op([], { content: { 'application/merge-patch+json': { schema: object({ 'locale?': text }) } } }, 200, 'Me') },
  '/api/v1/packs': { get: op([], null, 200, 'PackList') },
  '/api/v1/packs/{type}': { get: op(path('type'), null, 200, 'Pack') },
  '/api/v1/records/{type}': {
    get: op([...path('type'), ...query('state', 'team', 'assignee', 'priority', 'requester', 'q', 'sort', 'limit', 'cursor')], null, 200, 'RecordList'),
    post: op(path('type'), 'NewRecord', 201, 'Record'),
  },
  [record]: {
    get: op(both, null, 200, 'Record'),
    patch: op([...both, ...header('If-Match')], { content: { 'application/merge-patch+json': { schema: map } } }, 200, 'Record'),
  },
  [`${record}/timeline`]: { get: op([...both, ...query('limit', 'cursor')], null, 200, 'Timeline') },
  [`${record}/comments`]: { post: op(both, 'NewComment', 201, 'TimelineItem') },
  [`${record}/actions`]: { get: op(both, null, 200, 'ActionList') },
  [`${record}/actions/{key}`]: { post: op([...path('type', 'number', 'key'), ...header('If-Match')], 'ActionBody', 200, 'Record') },
  [`${record}/attachments`]: {
    get: op(both, null, 200, 'AttachmentList'),
    post: op(both, { content: { 'multipart/form-data': { schema: object({ file: { type: 'string', format: 'binary' }, 'visibility?': ref('Visibility') }) } } }, 201, 'Attachment'),
  },
  [`${record}/links`]: { get: op(both, null, 200, 'LinkList') },
  [`${record}/flow`]: { get: op(both, null, 200, 'Flow') },
  '/api/v1/tasks': { get: op(query('mine', 'team', 'limit', 'cursor'), null, 200, 'TaskList') },
  '/api/v1/users': { get: op(query('q', 'limit', 'cursor'), null, 200, 'UserList') },
  '/api/v1/teams': { get: op(query('q', 'limit', 'cursor'), null, 200, 'TeamList') },
  '/api/v1/sites': { get: op(query('q', 'limit', 'cursor'), null, 200, 'RefList') },
  '/api/v1/services': { get: op(query('q', 'limit', 'cursor'), null, 200, 'RefList') },
  '/api/v1/jobs': { get: op(query('limit', 'cursor'), null, 200, 'JobList') },
};

const document = { openapi: '3.1.0', info: { title: 'Yuheng', version: '0.1.0' }, paths, components: { schemas } };
writeFileSync(new URL('../../src/api/generated/openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
