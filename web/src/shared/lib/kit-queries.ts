// What agents have at hand on one record: reply templates, macros, checklists.
import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Checklist, Macro, MacroPreview, ReplyTemplate, ReplyTemplates } from '../../api/types';
import { keys } from './queries';

const most = 1000;
const pathOf = (type: string, number: string) => ({ path: { type, number } });

/** The templates that fit, filled in a language, else in the requester's; words are read anew when the list is opened. */
export const templatesQuery = (type: string, number: string, language?: string) =>
  queryOptions({
    queryKey: ['templates', type, number, language],
    queryFn: async () => {
      const items: ReplyTemplate[] = [];
      let page: ReplyTemplates | undefined;
      do {
        const query = { limit: 200, language, cursor: page?.next ?? undefined };
        page = await call<ReplyTemplates>(
          api.GET('/api/v1/records/{type}/{number}/templates', {
            params: { ...pathOf(type, number), query },
          }),
        );
        items.push(...page.items);
      } while (page.next && items.length < most);
      return { items, language: page.language, banned: page.banned_phrases };
    },
    staleTime: 60_000,
  });

export const macrosQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'macros'],
    queryFn: () =>
      call<{ items: Macro[] }>(
        api.GET('/api/v1/records/{type}/{number}/macros', { params: pathOf(type, number) }),
      ),
  });

export const macroPreviewQuery = (type: string, number: string, key: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'macros', key],
    queryFn: () =>
      call<MacroPreview>(
        api.POST('/api/v1/records/{type}/{number}/macros/{key}/preview', {
          params: { path: { type, number, key } },
        }),
      ),
  });

export const checklistsQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'checklists'],
    queryFn: () =>
      call<{ items: Checklist[] }>(
        api.GET('/api/v1/records/{type}/{number}/checklists', { params: pathOf(type, number) }),
      ),
  });
