import { expect, it } from 'vitest';
import { asked, insert, spokenTo } from './mentions';

const ref = (key: string, label: string) => ({ id: key, key, label });

it('asks for the name behind the @ before the caret', () => {
  expect(asked('@', 1)).toEqual({ at: 0, q: '' });
  expect(asked('请@王', 3)).toEqual({ at: 1, q: '王' });
  expect(asked('see @li and', 7)).toEqual({ at: 4, q: 'li' });
  expect(asked('see @li and', 11)).toBeUndefined();
  expect(asked('mail a@b', 8)).toBeUndefined();
});
it('puts the name in and goes on behind it', () => {
  expect(insert('请@王看', 3, 1, '王芳')).toEqual({ text: '请@王芳 看', caret: 5 });
});
it('speaks to each once, and not to whoever was taken out', () => {
  const picked = [ref('a', '王芳'), ref('b', '李雷'), ref('a', '王芳')];
  expect(spokenTo('@王芳 看一下', picked).map((it) => it.key)).toEqual(['a']);
});
