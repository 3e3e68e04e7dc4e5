// The one record type of the mock, in the shapes of GET /api/v1/packs/{type}.
import { categories, say } from './people.mjs';
import { activities } from './flow.mjs';

const t = (zh, en) => ({ zh, en });
export const type = 'incident';
export const label = t('事件', 'Incident');
export const states = {
  logged: ['new', t('待分类', 'Logged')],
  triage: ['new', t('待受理', 'Waiting for acceptance')],
  working: ['active', t('处理中', 'In progress')],
  on_hold: ['waiting', t('已挂起', 'On hold')],
  confirming: ['resolved', t('待确认', 'To be confirmed')],
  done: ['closed', t('已关闭', 'Closed')],
  dropped: ['cancelled', t('已取消', 'Cancelled')],
};
export const priorities = { p1: t('P1 紧急', 'P1 Critical'), p2: t('P2 高', 'P2 High'), p3: t('P3 中', 'P3 Medium'), p4: t('P4 低', 'P4 Low') };
export const reasons = {
  reassign: { wrong_team: t('派错支持组', 'Wrong team'), workload: t('负荷调整', 'Workload'), handover: t('交接班', 'Shift hand-over') },
  hold: { requester: t('等待申报人', 'Waiting for the requester'), vendor: t('等待厂商', 'Waiting for the vendor'), parts: t('等待备件', 'Waiting for parts') },
  cancel: { duplicate: t('重复报告', 'Duplicate'), mistake: t('误报', 'Reported by mistake'), withdrawn: t('申报人撤回', 'Withdrawn by the requester') },
};
export const levels = { high: t('高', 'High'), medium: t('中', 'Medium'), low: t('低', 'Low') };
export const closeCodes = { fixed: t('已修复', 'Fixed'), workaround: t('临时方案', 'Workaround'), no_fault: t('未发现故障', 'No fault found'), user: t('使用指导', 'User guidance') };

export const choice = (map, lang) => Object.entries(map).map(([key, text]) => ({ key, label: say(text, lang) }));
export const oneOf = (map, lang) => Object.entries(map).map(([key, text]) => ({ const: key, title: say(text, lang) }));
const say2 = (zh, en) => (lang) => (lang === 'en' ? en : zh);

const fieldLabels = {
  contact: t('联系方式', 'Contact'), users_affected: t('受影响人数', 'People affected'), occurred_at: t('发生时间', 'Happened at'),
  symptom: t('初步判断', 'First assessment'), core_system: t('核心业务系统', 'Core business system'), score: t('满意度', 'Rating'), solution: t('解决方案', 'Solution'), close_code: t('关闭代码', 'Closing code'),
};
export const common = {
  title: t('标题', 'Title'), description: t('描述', 'Description'), state: t('状态', 'State'), priority: t('优先级', 'Priority'), impact: t('影响', 'Impact'), urgency: t('紧急度', 'Urgency'),
  category: t('分类', 'Category'), team: t('支持组', 'Team'), assignee: t('处理人', 'Assignee'), service: t('服务', 'Service'), site: t('办公区域', 'Site'), requester: t('申报人', 'Requester'), reporter: t('登记人', 'Logged by'), channel: t('来源', 'Channel'),
};
export const labelOf = (field, lang) => say(common[field] ?? fieldLabels[field] ?? field, lang);

export const form = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  properties: {
    contact: { type: 'string', maxLength: 100 },
    occurred_at: { type: 'integer', format: 'instant' },
    users_affected: { type: 'integer', minimum: 1, maximum: 100000 },
    core_system: { type: 'boolean' },
    symptom: { type: 'string', 'x-widget': 'textarea', maxLength: 2000 },
    close_code: { type: 'string', enum: Object.keys(closeCodes) },
    solution: { type: 'string', 'x-widget': 'textarea', maxLength: 4000 },
    score: { type: 'integer', minimum: 1, maximum: 5, 'x-widget': 'rate' },
  },
};
const sections = { report: t('申报信息', 'Report'), impact: t('影响', 'Impact'), solution: t('解决', 'Resolution') };
const hints = { contact: t('电话、房间或其他联系办法', 'Phone, room or another way to reach you') };
const channels = { portal: t('自助门户', 'Portal'), phone: t('电话', 'Phone'), email: t('邮件', 'Mail') };
export const outcomes = { classify: t('完成分类', 'Classify'), resolve: t('解决', 'Resolve'), escalate: t('升级', 'Escalate'), confirm: t('确认已解决', 'Confirm it is solved'), reopen: t('还有问题', 'Still a problem') };

export function pack(lang) {
  const tree = (nodes) => nodes.map((it) => ({ key: it.key, label: say(it.label, lang), children: tree(it.children) }));
  const words = (map) => Object.fromEntries(Object.entries(map).map(([key, text]) => [key, say(text, lang)]));
  return {
    key: type, version: 3, label: say(label, lang),
    states: Object.entries(states).map(([key, [phase, text]]) => ({ key, phase, label: say(text, lang) })),
    form,
    form_ui: {
      open: { portal: ['contact', 'occurred_at', 'category', 'service'], workspace: ['requester', 'contact', 'channel', 'category', 'service', 'users_affected', 'impact', 'urgency'] },
      sections: [
        { key: 'report', fields: ['title', 'description', 'requester', 'reporter', 'contact', 'channel', 'occurred_at', 'symptom'] },
        { key: 'impact', fields: ['category', 'service', 'site', 'users_affected', 'core_system', 'impact', 'urgency', 'priority'] },
        { key: 'solution', fields: ['close_code', 'solution'] },
      ],
    },
    sections: choice(sections, lang), hints: words(hints),
    fields: choice({ ...common, ...fieldLabels }, lang),
    categories: tree(categories),
    reasons: { reassign: choice(reasons.reassign, lang), hold: choice(reasons.hold, lang), cancel: choice(reasons.cancel, lang) },
    activities: choice(activities, lang), outcomes: choice(outcomes, lang), priorities: choice(priorities, lang), impacts: choice(levels, lang), channels: choice(channels, lang),
    values: { impact: words(levels), urgency: words(levels), priority: words(priorities), close_code: words(closeCodes), channel: words(channels) },
    help: say2('先恢复服务，再查原因。每一步都留下记录。', 'Restore the service first, look for the cause later. Leave a note at every step.')(lang),
  };
}
