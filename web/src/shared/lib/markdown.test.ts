import { describe, expect, it } from 'vitest';
import { blocks, inline } from './markdown';

describe('blocks', () => {
  it('reads headings without their marks, paragraphs and lists', () => {
    const text =
      '# Title\n\nOne line\nand another.\n\n## Step {#step}\n\n- first\n  goes on\n- second\n\n1. one\n2. two';
    expect(blocks(text)).toEqual([
      { kind: 'heading', level: 1, text: [{ text: 'Title' }] },
      { kind: 'paragraph', text: [{ text: 'One line and another.' }] },
      { kind: 'heading', level: 2, text: [{ text: 'Step' }] },
      { kind: 'list', ordered: false, items: [[{ text: 'first goes on' }], [{ text: 'second' }]] },
      { kind: 'list', ordered: true, items: [[{ text: 'one' }], [{ text: 'two' }]] },
    ]);
  });
  it('reads tables and code as they stand', () => {
    const text =
      'Before\n\n| Key | What |\n|---|---|\n| `n` | **log** |\n\n```\na | b\n# no heading\n```\nAfter';
    expect(blocks(text)).toEqual([
      { kind: 'paragraph', text: [{ text: 'Before' }] },
      {
        kind: 'table',
        head: [[{ text: 'Key' }], [{ text: 'What' }]],
        rows: [[[{ text: 'n', code: true }], [{ text: 'log', strong: true }]]],
      },
      { kind: 'code', text: 'a | b\n# no heading' },
      { kind: 'paragraph', text: [{ text: 'After' }] },
    ]);
  });
  it('puts no space between Chinese lines', () => {
    expect(blocks('按规则得出，\n紧急度')).toEqual([
      { kind: 'paragraph', text: [{ text: '按规则得出，紧急度' }] },
    ]);
  });
});

describe('inline', () => {
  it('reads bold, code and links to the web', () => {
    expect(inline('**Now** run `it`, see [here](https://example.org/a).')).toEqual([
      { text: 'Now', strong: true },
      { text: ' run ' },
      { text: 'it', code: true },
      { text: ', see ' },
      { text: 'here', href: 'https://example.org/a' },
      { text: '.' },
    ]);
  });
  it('leaves HTML and other addresses as text', () => {
    const text = '<img src=x onerror=alert(1)> [x](javascript:alert(1))';
    expect(inline(text)).toEqual([{ text }]);
  });
});
