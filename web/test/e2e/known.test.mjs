// What is known already is seen while it is reported, looked for, or logged, in whatever words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leave, saying, sound, stage } from './house.mjs';

const words = {
  outage: ['办公区无线网络中断', 'Office wireless network outage'],
  said: ['会议室 WiFi 连不上', 'The wi-fi is down in the meeting room'],
  likely: ['可能是同一件事', 'Perhaps the same'],
  hang: [/^挂到它下面/, /^Hang below it/],
  hung: [/^登记后挂到 .+ 下面。/, /^It will hang below/],
  title: [/^标题/, /^Title/],
  log: ['登记', 'Log it'],
};

// One dot: what is taken with the camera must be a picture.
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const { home, call, as } = stage({
  ready: async ({ call }) => {
    const { number } = await call('POST', '/records/incident', {
      title: 'ap-controller down',
      requester: 'wangfang',
    });
    await call('POST', '/announcements', {
      title: { zh: words.outage[0], en: words.outage[1] },
      severity: 'outage',
      record: number,
    });
  },
});

for (const [lng, width] of [
  ['zh', 390],
  ['en', 1440],
])
  test(`a call about what is known is hung below it by the keys (${lng}, ${width})`, async () => {
    const say = saying(words, lng);
    const page = await as('wangfang', '/w', { lng, width });
    await page.keyboard.press('n');
    const dialog = page.locator('.ant-modal').first();
    await dialog.getByLabel(say.title).fill(`${say.said} ${width}`);
    const likely = dialog.getByRole('region', { name: say.likely });
    await likely.getByText(say.outage).first().waitFor();
    await sound(page);
    await likely.getByRole('button', { name: say.hang }).first().focus();
    await page.keyboard.press('Enter');
    await dialog.getByText(say.hung).waitFor();
    // It is opened and hung as one.
    await dialog.getByRole('button', { name: say.log, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { items } = await call('GET', `/records/incident?q=${encodeURIComponent(`${say.said} ${width}`)}`);
    const made = await call('GET', `/records/incident/${items[0].number}`);
    const parent = await call('GET', `/records/incident/${made.parent.number}`);
    assert.equal(parent.title, 'ap-controller down');
    await leave(page);
  });

for (const lng of ['zh', 'en'])
  test(`one's own requests are found by words in any order, and in other words (${lng})`, async () => {
    const zh = lng === 'zh';
    const title = zh ? '无线打印机离线' : 'The wireless printer is offline';
    await call('POST', '/records/incident', { title, requester: 'lilaoshi', channel: 'phone' });
    const page = await as('lilaoshi', '/', { lng, width: 390 });
    const box = page.getByRole('searchbox').or(page.locator('search input')).first();
    for (const q of zh ? ['打印机 无线', '打印机打不出来'] : ['printer wireless', 'printing does not work']) {
      await box.fill(q);
      await page.getByRole('link', { name: title }).first().waitFor();
    }
    await box.fill(zh ? 'WiFi 连不上' : 'wi-fi is down');
    await page
      .getByRole('article')
      .filter({ hasText: words.outage[zh ? 0 : 1] })
      .first()
      .waitFor();
    await sound(page);
    await leave(page);
  });

test('who comes back is told which photos to choose again', async () => {
  const page = await as('lilaoshi', '/report', { width: 390 });
  await page.getByPlaceholder('例如：三楼打印机无法连接').fill('投影仪没有画面');
  const camera = page.locator('input[type=file][capture]').first();
  await camera.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: dot });
  await page.getByText('photo.png').waitFor();
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await page.reload();
  assert.equal(asked, 1, 'the browser asked before it left');
  await page.getByText('照片和文件要重新选择：photo.png').waitFor();
  await camera.setInputFiles({ name: 'again.png', mimeType: 'image/png', buffer: dot });
  await page.getByText('要重新选择').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '报告问题' }).click();
  await page.waitForURL(/INC-\d{4}-\d{6}/);
  await page.goto(`${home.base}/report`);
  await page.getByPlaceholder('例如：三楼打印机无法连接').waitFor();
  assert.equal(await page.getByText('要重新选择').count(), 0);
  await leave(page);
});

for (const lng of ['zh', 'en'])
  test(`the palette finds people (${lng})`, async () => {
    const person = await call('GET', '/users/zhangwei');
    await call('POST', '/records/incident', {
      title: 'of the person',
      requester: 'zhangwei',
      channel: 'phone',
    });
    const page = await as('wangfang', '/w', { lng });
    await page.keyboard.press('/');
    await page.getByRole('combobox').first().fill('zhangwei');
    await page.getByRole('option', { name: person.label }).first().click();
    await page.waitForURL(/requester=zhangwei/);
    await page.getByText('of the person').first().waitFor();
    await leave(page);
  });

test('a low window shows the journal, not the box below it', async () => {
  const { number } = await call('POST', '/records/incident', { title: '放大到两倍', requester: 'lilaoshi' });
  const page = await as('wangfang', `/w/records/incident/${number}`);
  await page.setViewportSize({ width: 720, height: 450 });
  const tabs = page
    .getByRole('navigation')
    .filter({ has: page.getByRole('link', { name: '流程', exact: true }) });
  await tabs.scrollIntoViewIfNeeded();
  const covered = await tabs.evaluate((it) => {
    const { left, top, width, height } = it.getBoundingClientRect();
    const at = document.elementFromPoint(left + Math.min(40, width / 2), top + height / 2);
    return !it.contains(at);
  });
  assert.equal(covered, false);
  await leave(page);
});

test('the first record of a guided run is found again after a reload', async () => {
  const page = await as('admin', '/setup?step=sample');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  const made = page.getByRole('link', { name: '打开并派单' });
  await made.waitFor();
  const to = await made.getAttribute('href');
  await page.reload();
  await made.waitFor();
  assert.equal(await made.getAttribute('href'), to);
  await leave(page);
});

test('the number to call is there when a call is promised', async () => {
  const person = await call('GET', '/users/lilaoshi');
  const { number } = await call('POST', '/records/incident', { title: '回电试验', requester: 'lilaoshi' });
  const page = await as('wangfang', `/w/records/incident/${number}`);
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '承诺回电' }).click();
  const phone = page.getByRole('dialog', { name: '承诺回电' }).getByLabel('回电号码');
  await phone.waitFor();
  await page.waitForFunction((it) => it.value !== '', await phone.elementHandle());
  assert.equal(await phone.inputValue(), person.phone);
  await leave(page);
});
