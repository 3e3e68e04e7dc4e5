import { describe, expect, it } from 'vitest';
import { chapterOf, cut, found, guidesOf, slug } from './guide';

describe('the guide', () => {
  it('is cut at headings of the second level, and links into the repository become words', () => {
    const text =
      '# Title\n\nHead\n\n## One thing\n\nSee [it](../a.md) and [there](https://example.org).\n\n### Part\n\nx\n\n## Two\n\ny\n';
    expect(cut(text)).toEqual([
      { title: 'One thing', text: 'See it and [there](https://example.org).\n\n### Part\n\nx' },
      { title: 'Two', text: 'y' },
    ]);
    expect(slug('Begin with "My work"')).toBe('begin-with-my-work');
  });
  it('knows the chapter of a page by its pattern or its address', () => {
    expect(chapterOf('/w/records/$type', '/w/records/x')).toBe('agent.lists');
    expect(chapterOf('/w/admin/$kind', '/w/admin/teams')).toBe('administrator.teams');
    expect(chapterOf('/w/', '/w')).toBe('agent.begin-with-my-work');
    expect(chapterOf('/nowhere', '/nowhere')).toBeUndefined();
  });
  it('shows everybody what is for them', () => {
    expect(guidesOf({ workspace: false, actions: [] })).toEqual(['requester']);
    expect(guidesOf({ workspace: true, actions: ['workspace'] })).toEqual(['requester', 'agent']);
    expect(guidesOf({ workspace: true, actions: ['*'] })).toEqual(['requester', 'agent', 'administrator']);
  });
  it('finds by headings before words', () => {
    const chapter = (title: string, text: string) => ({ key: title, guide: 'agent' as const, title, text });
    const all = [chapter('Lists', 'press keys'), chapter('Keys', 'x'), chapter('Other', 'y')];
    expect(found(all, 'KEYS').map((it) => it.title)).toEqual(['Keys', 'Lists']);
  });
});
