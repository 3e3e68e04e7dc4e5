import { expect, test } from 'vitest';
import { bannedIn, gapsIn, opened, putIn } from './reply-words';

test('two semicolons before the caret open the templates and go', () => {
  expect(opened('您好;;再见', 4)).toEqual({ text: '您好再见', at: 2 });
  expect(opened('；；', 2)).toEqual({ text: '', at: 0 });
  expect(opened('a;b;', 4)).toBeUndefined();
  expect(opened(';', 1)).toBeUndefined();
});

test('words stand where the caret was', () => {
  expect(putIn('abcd', 1, 3, 'XYZ')).toEqual({ text: 'aXYZd', caret: 4 });
});

test('banned words and gaps are found', () => {
  expect(bannedIn('That Is Not my job', ['not my', '不可能', ' '])).toEqual(['not my']);
  expect(gapsIn('请到〔办公区域〕找〔支持组〕')).toEqual(['〔办公区域〕', '〔支持组〕']);
  expect(gapsIn('〔〕 [x]')).toEqual([]);
});
