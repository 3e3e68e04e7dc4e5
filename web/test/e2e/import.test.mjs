// Records of another system that were still open land where they stood and are worked to closure in the browser.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { leave, stage } from './house.mjs';

const map = new URL('../../../docs/examples/servicenow-log.map.yaml', import.meta.url).pathname;
const columns =
  'number,incident_state,reassignment_count,reopen_count,caller_id,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,impact,urgency,priority,assignment_group,assigned_to,closed_code,resolved_at,closed_at'.split(
    ',',
  );
const states = [
  'New',
  'Active',
  'Awaiting User Info',
  'Awaiting Problem',
  'Awaiting Vendor',
  'Awaiting Evidence',
  'Resolved',
];

function row(n, state, day) {
  const values = {
    number: `INC${String(n).padStart(7, '0')}`,
    incident_state: state,
    reassignment_count: 0,
    reopen_count: 0,
    caller_id: 'Caller 1',
    opened_at: '1/3/2016 08:00',
    sys_updated_by: 'Updated by 1',
    sys_updated_at: `${day}/3/2016 09:00`,
    contact_type: 'Phone',
    location: 'Location 1',
    category: 'Category 1',
    subcategory: 'Subcategory 1',
    u_symptom: '?',
    impact: '2 - Medium',
    urgency: '2 - Medium',
    priority: '3 - Moderate',
    assignment_group: n % 2 ? 'Group 1' : '?',
    assigned_to: n % 2 ? 'Resolver 1' : '?',
    closed_code: 'code 6',
    resolved_at: state === 'Resolved' ? `${day}/3/2016 09:00` : '?',
    closed_at: '20/4/2016 10:00',
  };
  return columns.map((name) => values[name]).join(',');
}

async function ready({ home, call }) {
  const rows = states.flatMap((state, n) => [
    row(n + 1, 'New', 2),
    row(n + 1, state, 5),
    row(n + 1, 'Closed', 31),
  ]);
  const bad = [row(99, 'Closed', 2).replace('2/3/2016', 'yesterday'), row(98, 'Nonsense', 3)];
  const file = join(home.data, 'log.csv');
  writeFileSync(file, [columns.join(','), ...rows, ...bad].join('\n'));
  const words = ['import', 'records', '--type', 'incident', '--map', map, '--until', '2016-03-30', file];
  assert.match(home.run(...words), /23 read, 7 created, 0 updated, 2 rejected$/);
  assert.match(home.run(...words), /23 read, 0 created, 0 updated, 2 rejected$/);
  await call('POST', '/services', { key: 'desktop', label: { zh: '桌面', en: 'Desktops' } });
  await call('POST', '/users', {
    username: 'worker',
    name: '工程师',
    password: 'yuheng-demo',
    roles: ['desk', 'requester'],
  });
}

const { call, as } = stage({ demo: false, ready });

for (const [n, state] of states.entries()) {
  test(`one that was ${state} is worked to closure`, async () => {
    const key = `INC${String(n + 1).padStart(7, '0')}`;
    const record = await call('GET', `/records/incident/${key}`);
    assert.ok(record.team, 'an open step has a team');
    const page = await as('worker', `/w/records/incident/${record.number}`);
    const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
    if (record.phase === 'waiting') {
      await press('恢复处理');
      await page.getByText('一线处理中').first().waitFor();
    }
    if (record.phase !== 'resolved') {
      await press('解决');
      const dialog = page.getByRole('dialog');
      if (record.phase === 'new') {
        const service = dialog.getByRole('combobox', { name: '受影响服务' });
        await service.click();
        await page.locator('.ant-select-item-option').first().click();
      }
      await dialog.getByLabel('解决方案').fill('已处理。');
      const code = dialog.getByRole('combobox', { name: '关闭代码' });
      await code.click();
      await code.press('Enter');
      await dialog.getByRole('button', { name: '解决', exact: true }).click();
      await page.getByText('已解决，待确认').first().waitFor();
    }
    await call('POST', `/records/incident/${record.number}/actions/confirm`, { fields: {} });
    await page.getByText('已关闭').first().waitFor();
    await leave(page);
  });
}
