// Every page, and the states of pages worth a picture. A path may be found out first: `ask` reads
// the API as the person who is signed in. Who wants the state that `act` leads to waits until the page is still.
const at = (item) => `/w/records/${item.type}/${item.number}`;
const type = async (ask) => (await ask('/api/v1/packs')).items[0].key;
const records = async (ask, filter) => (await ask(`/api/v1/records/${await type(ask)}?${filter}`)).items;
const mine = async (ask) => {
  const tasks = (await ask('/api/v1/tasks?mine=true&limit=50')).items;
  return (tasks.find((it) => it.assignee) ?? tasks[0]).record;
};
/** The record with the longest way through its flow. */
const travelled = async (ask) => {
  const found = await records(ask, 'state=closed&limit=40');
  return found.sort((a, b) => b.reassign_count - a.reassign_count)[0];
};
const modal = async (page, key) => {
  await page.keyboard.press(key);
  await page.locator('.ant-modal').waitFor();
};
/** A record that people follow, urge and have promised to call about; made once, by whoever comes first. */
const busy = async (page, base) => {
  const csrf = (await page.ask('/api/v1/me')).csrf;
  const post = async (path, data) => {
    const answer = await page.context().request.post(`${base}/api/v1${path}`, {
      data,
      headers: { 'x-csrf-token': csrf, origin: base },
    });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json().catch(() => null);
  };
  const { type, number } = await mine(page.ask);
  const here = `/records/${type}/${number}`;
  const record = await page.ask(`/api/v1${here}`);
  const due_at = new Date(Date.now() + 26 * 3_600_000).toISOString();
  if (!record.watchers?.length) {
    await post(`${here}/actions/watch`, { fields: {} });
    await post(`${here}/actions/watch`, { fields: { user: 'zhangwei' } });
    await post(`${here}/actions/promise_call`, {
      fields: { due_at, phone: '8123-4567', note: '确认是否能打印' },
    });
    await post(`${here}/actions/remind`, { fields: { due_at, note: '问厂家进度' } });
  }
  if (!record.fields.urge_count) await post(`${here}/actions/urge`, { fields: { note: '两点要用' } });
  await page.goto(`${base}${at({ type, number })}`);
  await page.locator('header [data-tour=bell]').waitFor();
};
/** The second stop of the tour, beside what it is about. */
const toured = async (page) => {
  await page.locator('.ant-tour:visible').waitFor();
  await page.locator('.ant-tour-next-btn').click();
};
const flowDrawn = (page) => page.locator('.djs-container svg g.djs-shape').first().waitFor();

/** What is under “more” on a record, by its key. */
const extra = (key, user = 'wangfang') => ({
  path: async (ask) => at((await records(ask, 'state=active,new&limit=1'))[0]),
  user,
  act: async (page) => {
    await page.locator('[role=toolbar] button[aria-haspopup=menu]').first().click();
    await page.locator(`.ant-dropdown-menu-item[data-menu-id$="-${key}"]`).click();
    await page.locator('.ant-modal').waitFor();
  },
});
const editor = (page) => page.locator('.ant-modal form').waitFor();
const entries = (kinds) =>
  Object.fromEntries(kinds.map((kind) => [`admin-${kind}`, { path: `/w/admin/${kind}`, user: 'admin' }]));
const setup = (steps) =>
  Object.fromEntries(steps.map((step) => [`setup-${step}`, { path: `/setup?step=${step}`, user: 'admin' }]));

export const pages = {
  'sign-in': { path: '/sign-in', user: null },
  'sign-in-wrong': {
    path: '/sign-in',
    user: null,
    allow: ['401'],
    act: async (page) => {
      await page.locator('input[name=username]').fill('nobody');
      await page.locator('input[name=password]').fill('wrong');
      await page.locator('button[type=submit]').click();
      await page.locator('[role=alert]').waitFor();
    },
  },
  portal: { path: '/', user: 'lilaoshi' },
  'portal-closed': { path: '/?show=closed', user: 'lilaoshi' },
  'portal-search': { path: '/?q=zzzz', user: 'lilaoshi' },
  report: { path: '/report', user: 'lilaoshi' },
  'report-more': {
    path: '/report',
    user: 'lilaoshi',
    full: true,
    act: async (page) => {
      await page.locator('details summary').click();
      await page.locator('form > button[type=submit]').click();
    },
  },
  request: {
    path: async (ask) => {
      const [it] = await records(ask, 'state=active,resolved,closed&limit=1');
      return `/requests/${it.type}/${it.number}`;
    },
    user: 'lilaoshi',
  },
  sessions: { path: '/sessions', user: 'lilaoshi' },
  'my-work': { path: '/w' },
  queue: { path: '/w/queue' },
  'queue-filtered': { path: '/w/queue?priority=p1,p2&state=active' },
  'queue-nothing': { path: '/w/queue?q=zzzz' },
  'queue-peek': {
    path: '/w/queue',
    act: async (page) => {
      for (const key of ['j', 'j', 'p']) await page.keyboard.press(key);
      await page.locator('aside textarea').waitFor();
    },
  },
  records: { path: async (ask) => `/w/records/${await type(ask)}?state=any` },
  record: { path: async (ask) => at(await mine(ask)) },
  'record-long': { path: async (ask) => at(await travelled(ask)), full: true },
  'record-busy': { path: '/w', user: 'wangfang', act: busy, full: true },
  'record-call': {
    path: async (ask) => at(await mine(ask)),
    act: async (page) => {
      await page.locator('[role=toolbar] button[aria-haspopup=menu][aria-label]').click();
      await page.locator('.ant-dropdown-menu-item[data-menu-id$="-promise_call"]').click();
      await page.locator('.ant-modal input').first().waitFor();
    },
  },
  'record-mention': {
    path: async (ask) => at(await mine(ask)),
    act: async (page) => {
      await page.locator('textarea').first().fill('@zhang');
      await page.locator('[role=listbox]').waitFor();
    },
  },
  notices: {
    path: '/w',
    user: 'wangfang',
    act: async (page) => {
      await page.locator('header [data-tour=bell]').click();
      await page.locator('[role=dialog] h2').waitFor();
    },
  },
  'record-form': { path: async (ask) => `${at(await mine(ask))}?tab=form`, full: true },
  'record-flow': { path: async (ask) => `${at(await mine(ask))}?tab=flow`, act: flowDrawn },
  'record-flow-ended': { path: async (ask) => `${at(await travelled(ask))}?tab=flow`, act: flowDrawn },
  'record-links': { path: async (ask) => `${at(await mine(ask))}?tab=links` },
  'record-files': { path: async (ask) => `${at(await mine(ask))}?tab=files` },
  'record-action': { path: async (ask) => at(await mine(ask)), act: (page) => modal(page, 'a') },
  'record-missing': { path: async (ask) => `/w/records/${await type(ask)}/NOTHING-0`, allow: ['404'] },
  palette: {
    path: '/w',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('[role=listbox]').waitFor();
      await page.keyboard.type('无线');
      await page.locator('[role=option]', { hasText: '无线' }).first().waitFor();
    },
  },
  keys: { path: '/w/queue', act: (page) => modal(page, '?') },
  log: { path: '/w', act: (page) => modal(page, 'n') },
  'log-call': {
    path: '/w',
    user: 'wangfang',
    act: async (page) => {
      await modal(page, 'n');
      const caller = page.locator('.ant-modal form [role=combobox]').first();
      await caller.click();
      await caller.fill('lilaoshi');
      await page.locator('.ant-select-item-option:visible', { hasText: '李' }).first().click();
      await page.locator('.ant-modal aside li').first().waitFor();
      await page.locator('.ant-modal input[type=checkbox]').check();
    },
  },
  help: {
    path: '/w/queue',
    act: async (page) => {
      await page.locator('header [data-tour=help]').click();
      await page.locator('.ant-drawer article').waitFor();
    },
  },
  'help-home': { path: '/help', user: 'lilaoshi' },
  'work-help-home': { path: '/w/help' },
  'help-page': { path: '/w/help/agent.work-on-a-record', full: true },
  'help-portal': { path: '/help/requester.confirm-and-rate', user: 'lilaoshi', full: true },
  'help-missing': { path: '/help/requester.nothing', user: 'lilaoshi' },
  'help-chapters': {
    path: '/help/requester.confirm-and-rate',
    user: 'lilaoshi',
    act: async (page) => {
      const button = page.locator('main nav button[aria-expanded]');
      if (await button.isVisible()) await button.click();
    },
  },
  'tour-portal': { path: '/', user: 'lilaoshi', tours: {}, act: toured },
  'tour-work': { path: '/w', tours: {}, act: toured },
  'tour-admin': { path: '/w', user: 'admin', tours: {}, act: toured },
  'report-colleague': {
    path: '/report',
    user: 'lilaoshi',
    act: async (page) => {
      await page.locator('input[type=radio]').nth(1).check();
      await page.locator('form > button[type=submit]').click();
    },
  },
  account: {
    path: '/w',
    act: async (page) => {
      await page.locator('header button[aria-haspopup=menu]').click();
      await page.locator('.ant-dropdown-menu:visible').waitFor();
    },
  },
  ...entries(['users', 'teams', 'departments', 'sites', 'services', 'skills', 'categories', 'roles']),
  ...entries(['templates', 'macros', 'checklists', 'announcements', 'import', 'jobs', 'outbox', 'packs']),
  ...entries(['settings', 'dispatch', 'access', 'audit', 'health']),
  'admin-settings-all': { path: '/w/admin/settings', user: 'admin', full: true },
  'admin-outbox-held': {
    path: '/w/admin/outbox?state=held',
    user: 'admin',
    act: async (page) => {
      await page.locator('main tbody button').nth(1).click();
      await page.locator('.ant-popconfirm:visible').waitFor();
    },
  },
  'admin-table': { path: '/w/admin/packs/incident/tables/dispatch', user: 'admin' },
  'admin-dispatch-tried': {
    path: '/w/admin/dispatch',
    user: 'admin',
    full: true,
    act: async (page) => {
      await page.locator('main button.ant-btn-primary').first().click();
      await page.locator('main tbody tr').first().waitFor();
    },
  },
  'admin-user': { path: '/w/admin/users?open=wangfang', user: 'admin', act: editor },
  'admin-user-new': { path: '/w/admin/users?open=%2B', user: 'admin', act: editor },
  'admin-user-leaves': {
    path: '/w/admin/users?open=wangfang',
    user: 'admin',
    act: async (page) => {
      await editor(page);
      await page.locator('.ant-modal-footer .ant-btn-dangerous').click();
      await page.locator('.ant-modal [role=status]').first().waitFor();
      for (const summary of await page.locator('.ant-modal summary').all()) await summary.click();
      await page.locator('.ant-modal summary').first().scrollIntoViewIfNeeded();
    },
  },
  'admin-team': { path: '/w/admin/teams?open=network-l1', user: 'admin', act: editor },
  'admin-role': { path: '/w/admin/roles?open=manager', user: 'admin', act: editor },
  'admin-macro': { path: '/w/admin/macros?open=take-and-tell', user: 'admin', act: editor },
  'admin-checklist': { path: '/w/admin/checklists?open=security-report', user: 'admin', act: editor },
  'admin-template': { path: '/w/admin/templates?open=vpn-renew', user: 'admin', act: editor },
  'admin-announcement': { path: '/w/admin/announcements?open=%2B', user: 'admin', act: editor },
  'admin-import-tried': {
    path: '/w/admin/import',
    user: 'admin',
    full: true,
    act: async (page) => {
      const text =
        '工号,登录名,姓名,部门,手机\n1001,zeng.yi,曾一,it,13800000001\n1002,xie.er,解二,没有的部门,\n';
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: '人员.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.locator('main tbody').waitFor();
      await page.locator('main li').nth(1).locator('button.ant-btn').last().click();
      await page.locator('main li').nth(2).locator('tbody').waitFor();
    },
  },
  away: { path: '/w/away' },
  'admin-refused': { path: '/w/admin/users' },
  'admin-missing': { path: '/w/admin/nothing', user: 'admin' },
  'work-sessions': { path: '/w/sessions' },
  'queue-controls': {
    path: '/w/queue',
    act: async (page) => {
      const button = page.locator('main button[aria-expanded=false]').first();
      if (await button.isVisible()) await button.click();
    },
  },
  conditions: {
    path: '/w/queue?filter=%7B%22field%22%3A%22service%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%22lan%22%7D',
    act: async (page) => {
      await page.locator('main .ant-badge button').click();
      await page.locator('.ant-drawer').first().waitFor();
    },
  },
  columns: {
    path: '/w/queue',
    act: async (page) => {
      const fold = page.locator('main button[aria-expanded=false]').first();
      if (await fold.isVisible()) await fold.click();
      await page.locator('main [data-action=columns]').click();
      await page.locator('.ant-drawer').first().waitFor();
    },
  },
  bulk: {
    path: '/w/queue',
    act: async (page) => {
      for (const row of [0, 1, 2]) await page.locator('tbody input[type=checkbox]').nth(row).check();
      await page.locator('section output').first().waitFor();
    },
  },
  'bulk-preview': {
    path: '/w/queue',
    user: 'wangfang',
    act: async (page) => {
      for (const row of [0, 1, 2]) await page.locator('tbody input[type=checkbox]').nth(row).check();
      await page.locator('main [data-action=comment]').click();
      await page.locator('.ant-modal textarea').first().fill('8123-4567');
      await page.locator('.ant-modal-footer .ant-btn-primary').click();
      await page.locator('.ant-modal table').waitFor();
    },
  },
  'record-merge': extra('merge'),
  'record-split': extra('split'),
  'record-readers': extra('readers', 'admin'),
  'record-macro': {
    path: async (ask) => at(await mine(ask)),
    act: async (page) => {
      await page.locator('[role=toolbar] button[aria-haspopup=menu]').nth(1).click();
      await page.locator('.ant-dropdown-menu-item:visible').first().click();
      await page.locator('.ant-modal').waitFor();
    },
  },
  kanban: { path: async (ask) => `/w/records/${await type(ask)}?layout=kanban&group=phase` },
  ...setup(['organisation', 'administrator', 'terminology', 'priority_scheme', 'working_hours', 'sites']),
  ...setup(['people', 'teams', 'services', 'categories', 'sample']),
  'not-found': { path: '/nowhere', user: 'lilaoshi' },
};
