// Every page, and the states of pages worth a picture.
const records = '/w/records/incident';

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
    path: '/',
    user: 'lilaoshi',
    act: (page) =>
      page
        .locator('main li h3 a')
        .last()
        .click()
        .then(() => page.waitForURL('**/requests/**'))
        .then(() => page.waitForTimeout(600)),
  },
  'request-resolved': { path: '/requests/incident/INC-2026-000400', user: 'admin' },
  sessions: { path: '/sessions', user: 'lilaoshi' },
  'my-work': { path: '/w' },
  'my-work-empty': { path: '/w', user: 'admin' },
  queue: { path: '/w/queue?team=desk' },
  'queue-filtered': { path: '/w/queue?team=desk&priority=p1,p2&state=working' },
  'queue-nothing': { path: '/w/queue?q=zzzz' },
  'queue-peek': {
    path: '/w/queue?team=desk',
    act: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('p');
      await page.locator('aside textarea').waitFor();
      await page.waitForTimeout(400);
    },
  },
  records: { path: `${records}?state=any` },
  record: {
    path: '/w',
    act: (page) =>
      page
        .locator('tr h3 a, tr td a')
        .first()
        .click()
        .then(() => page.waitForURL('**/records/**'))
        .then(() => page.waitForTimeout(600)),
  },
  'record-long': { path: `${records}/INC-2026-000302`, full: true },
  'record-form': { path: `${records}/INC-2026-000412?tab=form`, full: true },
  'record-flow': {
    path: `${records}/INC-2026-000302?tab=flow`,
    act: (page) =>
      page.waitForSelector('.djs-container svg g.djs-shape').then(() => page.waitForTimeout(300)),
  },
  'record-links': { path: `${records}/INC-2026-000302?tab=links` },
  'record-files': { path: `${records}/INC-2026-000302?tab=files` },
  'record-action': {
    path: `${records}/INC-2026-000420`,
    act: async (page) => {
      await page.keyboard.press('a');
      await page.locator('.ant-modal').waitFor();
      await page.waitForTimeout(300);
    },
  },
  'record-missing': { path: `${records}/INC-0`, allow: ['404'] },
  palette: {
    path: '/w',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('[role=listbox]').waitFor();
      await page.keyboard.type('INC-2026-0004');
      await page.waitForTimeout(700);
    },
  },
  keys: {
    path: '/w/queue?team=desk',
    act: (page) =>
      page.keyboard
        .press('?')
        .then(() => page.locator('.ant-modal').waitFor())
        .then(() => page.waitForTimeout(300)),
  },
  log: {
    path: '/w',
    act: (page) =>
      page.keyboard
        .press('n')
        .then(() => page.locator('.ant-modal').waitFor())
        .then(() => page.waitForTimeout(400)),
  },
  account: {
    path: '/w',
    act: (page) =>
      page
        .locator('button[aria-haspopup=menu]')
        .first()
        .click()
        .then(() => page.waitForTimeout(400)),
  },
  'admin-users': { path: '/w/admin/users', user: 'admin' },
  'admin-jobs': { path: '/w/admin/jobs', user: 'admin' },
  'admin-packs': { path: '/w/admin/packs', user: 'admin' },
  'not-found': { path: '/nowhere', user: 'lilaoshi' },
};
