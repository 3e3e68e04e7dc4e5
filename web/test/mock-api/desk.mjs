// The records of the mock and what can be done with them: a few lines where the real server has engines.
import { activities, pathOf } from './flow.mjs';
import * as pack from './pack.mjs';
import { allCategories, complaints, say, services, sites, teams, users } from './people.mjs';

const minute = 60_000;
let seed = 7;
const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const pick = (list) => list[Math.floor(random() * list.length)];
const iso = (at) => new Date(at).toISOString();
const matrix = { high: { high: 'p1', medium: 'p2', low: 'p3' }, medium: { high: 'p2', medium: 'p3', low: 'p4' }, low: { high: 'p3', medium: 'p4', low: 'p4' } };

export const records = [];
export const listeners = new Set();
const announce = (record) => { for (const tell of listeners) tell({ topic: 'record', id: record.id, version: record.version }); };
export const find = (number) => records.find((it) => it.number === number);
export const team = (key) => teams.find((it) => it.key === key || it.id === key);
export const user = (key) => users.find((it) => it.key === key || it.id === key);

/** One journal entry; the record's version is the number of its last entry. */
export function note(record, actor, entry, at = Date.now()) {
  const item = { seq: record.timeline.length + 1, occurred_at: iso(at), recorded_at: iso(at), actor, on_behalf_of: null, channel: entry.channel ?? 'web', kind: entry.kind, visibility: entry.visibility ?? 'public', changes: entry.changes ?? [], decisions: entry.decisions ?? [], timer: entry.timer, body: entry.body ?? null, reason: entry.reason ?? null, attachments: entry.attachments ?? [] };
  record.timeline.push(item);
  record.version = item.seq;
  record.updated_at = iso(at);
  announce(record);
  return item;
}
const shown = (field, value) => {
  if (value == null) return null;
  if (typeof value === 'object') return value.label;
  const map = { state: Object.fromEntries(Object.entries(pack.states).map(([k, [, l]]) => [k, l])), priority: pack.priorities, impact: pack.levels, urgency: pack.levels, close_code: pack.closeCodes }[field];
  return map?.[value] ?? String(value);
};
/** Set common or own fields and return the changes for the journal. */
export function set(record, values) {
  const changes = [];
  for (const [field, value] of Object.entries(values)) {
    const own = !(field in record);
    const before = own ? record.fields[field] : record[field];
    if ((before?.id ?? before ?? null) === (value?.id ?? value ?? null)) continue;
    if (own) record.fields[field] = value; else record[field] = value;
    changes.push({ field, old: before?.key ?? before ?? null, new: value?.key ?? value ?? null, old_label: shown(field, before), new_label: shown(field, value) });
  }
  if (('impact' in values || 'urgency' in values) && record.impact && record.urgency) {
    const priority = matrix[record.impact][record.urgency];
    if (priority !== record.priority) changes.push(...set(record, { priority }));
  }
  return changes;
}
function move(record, activity, by, outcome, at = Date.now()) {
  const last = record.steps.at(-1);
  if (last && !last.left_at) Object.assign(last, { left_at: iso(at), by, outcome });
  if (activity) record.steps.push({ id: activity, entered_at: iso(at), left_at: null, by: null, outcome: null });
  record.activity = activity;
}

export function open(fields, actor, channel, at = Date.now()) {
  const number = `INC-2026-${String(records.length + 1).padStart(6, '0')}`;
  const requester = fields.requester ?? actor;
  const record = {
    id: `019b0000-0000-7000-8000-${String(records.length + 1).padStart(12, '0')}`, number, type: pack.type, title: fields.title, description: fields.description ?? '',
    state: 'logged', impact: fields.impact ?? null, urgency: fields.urgency ?? null, priority: 'p3', category: fields.category ?? null, customer: null, requester, reporter: actor, channel,
    team: team('desk'), assignee: null, service: fields.service ?? null, site: fields.site ?? requester.site, opened_at: iso(at), responded_at: null, resolved_at: null, closed_at: null, updated_at: iso(at),
    reassign_count: 0, reopen_count: 0, parent: null, fields: fields.fields ?? {}, version: 1, pack_version: 3, timeline: [], steps: [], links: [], attachments: [], activity: null, held: null,
  };
  records.push(record);
  move(record, 'Classify', null, null, at);
  note(record, actor, { kind: 'opened', channel, body: null }, at);
  return record;
}

const live = (it) => !['done', 'dropped'].includes(it.state);
const choices = (map) => (lang) => ({ type: 'string', oneOf: pack.oneOf(map, lang) });
const tr = (zh, en) => ({ zh, en });
const fieldTitle = { team: tr('支持组', 'Team'), assignee: tr('处理人', 'Assignee'), reason: tr('原因', 'Reason'), note: tr('说明', 'Note'), category: tr('分类', 'Category'), impact: tr('影响', 'Impact'), urgency: tr('紧急度', 'Urgency'), handover: tr('交接说明', 'Hand-over note'), solution: tr('解决方案', 'Solution'), close_code: tr('关闭代码', 'Closing code'), to: tr('单号', 'Record number'), kind: tr('关系', 'Relation'), score: tr('评分', 'Score'), comment: tr('意见', 'Comment'), body: tr('内容', 'Text') };
const kinds = { duplicate: tr('重复于', 'Duplicate of'), related: tr('相关', 'Related to'), parent: tr('上级是', 'Child of'), child: tr('下级是', 'Parent of') };
const area = () => ({ type: 'string', 'x-widget': 'textarea' });

/** key, kind, label, properties, required, when it is open to the person, why not. */
const rules = [
  ['classify', 'outcome', tr('完成分类', 'Classify'), { category: (l) => ({ type: 'string', oneOf: allCategories.map((c) => ({ const: c.key, title: say(c.label, l) })) }), impact: choices(pack.levels), urgency: choices(pack.levels), note: area }, ['category', 'impact', 'urgency'], (r, m) => m.workspace && r.activity === 'Classify'],
  ['resolve', 'outcome', tr('解决', 'Resolve'), { close_code: choices(pack.closeCodes), solution: area }, ['close_code', 'solution'], (r, m) => m.workspace && ['L1', 'L2', 'L3'].includes(r.activity), (r) => (r.held ? tr('已挂起，请先恢复', 'On hold: resume it first') : r.assignee ? null : tr('还没有人受理', 'Nobody has accepted it yet'))],
  ['escalate', 'outcome', tr('升级', 'Escalate'), { team: () => ({ type: 'string', 'x-ref': 'team' }), handover: area }, ['team', 'handover'], (r, m) => m.workspace && ['L1', 'L2'].includes(r.activity), (r) => (r.held ? tr('已挂起，请先恢复', 'On hold: resume it first') : null)],
  ['confirm', 'outcome', tr('确认已解决', 'Confirm it is solved'), {}, [], (r) => r.activity === 'Confirm', (r, m) => (m.id === r.requester.id || m.workspace ? null : tr('由申报人确认', 'The requester confirms'))],
  ['reopen', 'outcome', tr('还有问题', 'Still a problem'), { note: area }, ['note'], (r) => r.activity === 'Confirm'],
  ['accept', 'command', tr('受理', 'Accept'), {}, [], (r, m) => m.workspace && live(r) && r.activity !== 'Confirm', (r, m) => (r.assignee?.id === m.id ? tr('已由您受理', 'You have already accepted it') : null)],
  ['assign', 'command', tr('转派', 'Assign'), { team: () => ({ type: 'string', 'x-ref': 'team' }), assignee: () => ({ type: 'string', 'x-ref': 'user' }), reason: choices(pack.reasons.reassign), note: area }, ['team', 'reason'], (r, m) => m.workspace && live(r)],
  ['hold', 'command', tr('挂起', 'Hold'), { reason: choices(pack.reasons.hold), note: area }, ['reason'], (r, m) => m.workspace && live(r) && !r.held && r.activity !== 'Confirm', (r) => (r.assignee ? null : tr('还没有人受理', 'Nobody has accepted it yet'))],
  ['resume', 'command', tr('恢复处理', 'Resume'), {}, [], (r, m) => m.workspace && r.held],
  ['comment', 'command', tr('补充说明', 'Comment'), { body: area }, ['body'], (r, m) => live(r) || m.workspace],
  ['link', 'command', tr('关联', 'Link'), { to: () => ({ type: 'string', minLength: 3 }), kind: choices(kinds) }, ['to', 'kind'], (_, m) => m.workspace],
  ['cancel', 'command', tr('取消', 'Cancel'), { reason: choices(pack.reasons.cancel) }, ['reason'], (r) => live(r), (r) => (r.activity === 'Confirm' ? tr('已解决，等待确认', 'Already solved, waiting for confirmation') : null)],
  ['rate', 'command', tr('评价', 'Rate'), { score: () => ({ type: 'integer', minimum: 1, maximum: 5 }), comment: area }, ['score'], (r, m) => m.id === r.requester.id, (r) => (r.fields.score ? tr('已评价', 'Already rated') : ['confirming', 'done'].includes(r.state) ? null : tr('解决后可以评价', 'You can rate it once it is solved'))],
];

export function actions(record, me, lang) {
  return rules.filter(([, , , , , when]) => when(record, me)).map(([key, kind, label, properties, required, , why]) => {
    const reason = say(why?.(record, me) ?? null, lang);
    const schema = { type: 'object', required, properties: Object.fromEntries(Object.entries(properties).map(([name, make]) => [name, { title: say(fieldTitle[name], lang), ...make(lang) }])) };
    return { key, kind, label: say(label, lang), schema, enabled: !reason, reason };
  });
}

const kindOf = { accept: 'accepted', assign: 'assigned', hold: 'held', resume: 'resumed', comment: 'commented', link: 'linked', cancel: 'cancelled', rate: 'rated' };

/** Carry out an action that `actions` offered. */
export function act(record, key, fields, me, at = Date.now()) {
  const entry = { kind: kindOf[key] ?? 'completed', reason: kindOf[key] ? (fields.reason ?? null) : key, body: fields.note ?? fields.handover ?? fields.comment ?? fields.solution ?? null, changes: [], visibility: ['assign', 'escalate', 'hold', 'link'].includes(key) ? 'internal' : 'public' };
  const change = (values) => entry.changes.push(...set(record, values));
  if (key === 'classify') { change({ category: allCategories.find((c) => c.key === fields.category), impact: fields.impact, urgency: fields.urgency, state: 'triage' }); move(record, 'L1', me, 'classify', at); }
  if (key === 'accept') { change({ assignee: me, state: 'working' }); record.responded_at ??= iso(at); if (record.activity === 'Classify') move(record, 'L1', me, 'classify', at); }
  if (key === 'assign') { change({ team: team(fields.team), assignee: user(fields.assignee) ?? null, state: fields.assignee ? 'working' : 'triage' }); record.reassign_count += 1; }
  if (key === 'escalate') { change({ team: team(fields.team), assignee: null, state: 'triage' }); move(record, record.activity === 'L1' ? 'L2' : 'L3', me, 'escalate', at); record.reassign_count += 1; }
  if (key === 'resolve') { change({ close_code: fields.close_code, solution: fields.solution, state: 'confirming' }); record.resolved_at = iso(at); move(record, 'Confirm', me, 'resolve', at); }
  if (key === 'confirm') { change({ state: 'done' }); record.closed_at = iso(at); move(record, 'End', me, 'confirm', at); record.steps.at(-1).left_at = iso(at); record.activity = null; }
  if (key === 'reopen') { change({ state: 'working' }); record.resolved_at = null; record.reopen_count += 1; move(record, 'L1', me, 'reopen', at); }
  if (key === 'hold') { record.held = record.state; change({ state: 'on_hold' }); }
  if (key === 'resume') { change({ state: record.held }); record.held = null; }
  if (key === 'cancel') { change({ state: 'dropped' }); move(record, null, me, 'cancel', at); record.closed_at = iso(at); }
  if (key === 'rate') record.fields.score = fields.score;
  if (key === 'link') record.links.push({ kind: fields.kind, number: fields.to });
  note(record, me, entry, at);
}

export const flowOf = (record) => ({
  status: live(record) ? 'running' : 'ended', path: pathOf(record.steps),
  tokens: record.activity && live(record) ? [{ element: record.activity, activity: record.activity, label: activities[record.activity], team: record.activity === 'Confirm' ? null : record.team, assignee: record.activity === 'Confirm' ? record.requester : record.assignee, since: record.steps.at(-1).entered_at }] : [],
});

/** Some months of work, the last of it minutes ago. */
export function seedRecords(count = 420) {
  const people = users.filter((it) => !it.workspace && it.active);
  const now = Date.now();
  for (let i = 0; i < count; i += 1) {
    const [title, category, service, description] = complaints[i % complaints.length];
    const age = ((count - i) ** 1.7) * 3 * minute + random() * 20 * minute;
    const at = now - age;
    const requester = i % 9 === 4 ? user('lilaoshi') : pick(people);
    const lang = requester.locale;
    const record = open({ title: say(title, lang), description: say(description, lang), requester, service: services.find((it) => it.key === service), fields: i % 3 ? { contact: `${8000 + (i % 900)}` } : {} }, i % 3 ? requester : user('wangfang'), ['portal', 'phone', 'email'][i % 3], at);
    const step = (n) => Math.min(at + n * Math.max(age * 0.07, 2 * minute), now - 30_000);
    const done = i < count - 60 ? 9 : i % 8;
    const desk = pick(teams[0].members.filter((it) => it.key !== 'admin'));
    if (done >= 1) act(record, 'classify', { category, impact: pick(['high', 'medium', 'low', 'low']), urgency: pick(['high', 'medium', 'low', 'medium']) }, desk, step(1));
    if (done >= 2) act(record, 'accept', {}, desk, step(2));
    if (done >= 3) note(record, desk, { kind: 'commented', body: '您好，我们正在检查，稍后给您答复。' }, step(3));
    if (done >= 4 && i % 3 === 1) {
      const second = team(['net-l2', 'app-l2', 'sys-l2'][i % 3]);
      act(record, 'escalate', { team: second.key, handover: '一线已排除终端和接入端口，请检查上游设备。' }, desk, step(4));
      if (done >= 5) act(record, 'accept', {}, pick(second.members), step(5));
    }
    const owner = record.assignee ?? desk;
    if (done === 5 && record.assignee) act(record, 'hold', { reason: 'vendor', note: '已联系厂商，等待回复。' }, owner, step(6));
    if (done >= 6 && record.assignee) note(record, owner, { kind: 'commented', visibility: 'internal', body: '日志中有大量重传，怀疑上联光模块。\n参考 https://wiki.example.com/net/optics' }, step(6));
    if (done >= 7) act(record, 'resolve', { close_code: 'fixed', solution: '更换故障部件后恢复正常，已观察 30 分钟。' }, owner, step(7));
    if (done >= 9) act(record, 'confirm', {}, requester, step(9));
    if (done >= 9 && i % 4 === 0) act(record, 'rate', { score: 4 + (i % 2), comment: '处理很快，谢谢。' }, requester, step(10));
  }
  const ours = records.findLast((it) => it.title === '核心交换机丢包' && it.activity === 'L2');
  if (ours) ours.links.push({ kind: 'related', number: records.at(-9).number });
}
void sites;
