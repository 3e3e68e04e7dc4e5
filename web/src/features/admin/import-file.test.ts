import { describe, expect, it } from 'vitest';
import { csvOf } from './import-file';

describe('a table that is saved', () => {
  it('keeps commas, quotes and lines within their cell', () => {
    expect(
      csvOf([
        ['a', 'b,c'],
        ['say "x"', 'two\nlines'],
      ]),
    ).toBe('a,"b,c"\r\n"say ""x""","two\nlines"');
  });
  it('is never run as a formula', () => {
    expect(csvOf([['=1+1', '@x', '-1', 'x-1']])).toBe("'=1+1,'@x,'-1,x-1");
  });
});
