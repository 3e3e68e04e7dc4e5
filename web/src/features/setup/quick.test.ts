import { expect, it } from 'vitest';
import { keyFor } from './quick';

it('makes a key of a name that nobody has', () => {
  expect(keyFor('North Campus', 'site', [])).toBe('north-campus');
  expect(keyFor('North Campus', 'site', ['north-campus'])).toBe('north-campus-2');
  expect(keyFor('\u5317\u533a', 'site', ['site-1'])).toBe('site-2');
  expect(keyFor('\u5317\u533a', 'site', ['a', 'site-2'])).toBe('site-3');
});
