// The user guide of `docs/guide`, which is built into the program: cut into chapters at its headings of the second level. A chapter
// is known by its English heading; the other language has the same chapters in the same order, which `scripts/check-help.mjs` holds.
import { queryOptions } from '@tanstack/react-query';
import type { Me } from '../../api/types';
import { adminPagesOf } from '../../shared/lib/admin-pages';
import chapters from './chapters.json';

export type GuideName = 'requester' | 'agent' | 'administrator';

export interface Chapter {
  /** Such as `agent.lists`. */
  key: string;
  guide: GuideName;
  title: string;
  text: string;
}

const files = import.meta.glob<string>('../../../../docs/guide/*/*.md', { query: '?raw', import: 'default' });

const read = (lng: string, name: GuideName) =>
  files[`../../../../docs/guide/${lng}/${name}.md`]?.() ?? Promise.resolve('');

export const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Heading and text of each chapter; links to other files of the repository lead nowhere here, and are their words. */
export function cut(markdown: string): { title: string; text: string }[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      const text = part.slice(end + 1).replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1');
      return { title: part.slice(0, end).trim(), text: text.trim() };
    });
}

/** The guides that are for somebody. */
export function guidesOf(me: Pick<Me, 'workspace' | 'actions'>): GuideName[] {
  const work: GuideName[] = me.workspace ? ['agent'] : [];
  const admin: GuideName[] = adminPagesOf(me).length > 0 ? ['administrator'] : [];
  return ['requester', ...work, ...admin];
}

export const guideQuery = (lng: string, names: GuideName[]) =>
  queryOptions({
    queryKey: ['guide', lng, names],
    queryFn: async () => {
      const guides = names.map(async (guide) => {
        const [own, english] = await Promise.all([read(lng, guide), read('en', guide)]);
        const keys = cut(english).map((it) => slug(it.title));
        return cut(own).map((it, index): Chapter => ({ ...it, guide, key: `${guide}.${keys[index]}` }));
      });
      return (await Promise.all(guides)).flat();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The chapter about a page: by its pattern, or by its address where one pattern has many pages. */
export function chapterOf(pattern: string, path: string): string | undefined {
  const known = chapters as Record<string, string>;
  return known[path.replace(/(.)\/$/, '$1')] ?? known[pattern.replace(/(.)\/$/, '$1')];
}

/** Chapters whose heading or words have all that is asked for; those whose heading has it first. */
export function found(all: Chapter[], q: string): Chapter[] {
  const words = q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const titled = all.filter((it) => has(it.title));
  return [...titled, ...all.filter((it) => !titled.includes(it) && has(`${it.title} ${it.text}`))];
}
