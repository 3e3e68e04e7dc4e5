// What can be written of an announcement, as a schema that the common editor draws.
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { api, call } from '../../api/client';
import type { Announcement, AnnouncementList } from '../../api/types';
import type { JsonSchema, Values } from '../../shared/form/schema';

export const allAnnouncementsQuery = infiniteQueryOptions({
  queryKey: ['announcements', 'all'],
  queryFn: ({ pageParam }) =>
    call<AnnouncementList>(
      api.GET('/api/v1/announcements', { params: { query: { show: 'all', limit: 50, cursor: pageParam } } }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

const audiences = ['sites', 'departments', 'teams', 'services'] as const;

export function schemaOf(t: TFunction<'admin'>): JsonSchema {
  const words = (title: string): JsonSchema => ({
    type: 'string',
    title,
    maxLength: 5000,
    'x-widget': 'textarea',
    'x-wide': true,
  });
  const refs = (title: string, to: string, description?: string): JsonSchema => ({
    type: 'array',
    title,
    description,
    items: { 'x-ref': to },
    'x-wide': true,
  });
  const line = (title: string): JsonSchema => ({ type: 'string', title, maxLength: 120 });
  return {
    type: 'object',
    properties: {
      title_zh: line(t('title_zh')),
      title_en: line(t('title_en')),
      body_zh: words(t('body_zh')),
      body_en: words(t('body_en')),
      severity: {
        type: 'string',
        title: t('severity'),
        enum: ['info', 'warning', 'outage'],
        'x-labels': [
          t('announcements:severity_info'),
          t('announcements:severity_warning'),
          t('announcements:severity_outage'),
        ],
      },
      record: { type: 'string', title: t('announcement_record'), description: t('announcement_record_help') },
      from: {
        type: 'string',
        format: 'date-time',
        title: t('announcement_from'),
        description: t('from_help'),
      },
      until: {
        type: 'string',
        format: 'date-time',
        title: t('announcement_until'),
        description: t('until_help'),
      },
      services: refs(t('announcement_services'), 'service', t('announcement_services_help')),
      for_sites: refs(t('for_sites'), 'site', t('audience_help')),
      for_departments: refs(t('for_departments'), 'department'),
      for_teams: refs(t('for_teams'), 'team'),
      for_services: refs(t('for_services'), 'service', t('for_services_help')),
    },
    required: ['severity'],
    // One language is enough: Chinese is asked for where English says nothing.
    if: { required: ['title_en'] },
    else: { required: ['title_zh'] },
  };
}

const keys = (list: { key: string }[] | undefined) => list?.map((it) => it.key) ?? [];

/** An announcement as the editor holds it: languages apart, references as keys. */
export function valuesOf(of: Announcement): Values {
  return {
    title_zh: of.titles.zh ?? '',
    title_en: of.titles.en ?? '',
    body_zh: of.bodies.zh ?? '',
    body_en: of.bodies.en ?? '',
    severity: of.severity,
    record: of.record?.number,
    from: of.from,
    until: of.until,
    services: keys(of.services),
    ...Object.fromEntries(audiences.map((it) => [`for_${it}`, keys(of.audience?.[it])])),
  };
}

/** What the server takes: languages together, and the audience as one; nobody named is everybody. */
export function bodyOf(changes: Values, given: Values): Values {
  const body: Values = {};
  const touched = (name: string) => changes[name] !== undefined;
  for (const field of ['title', 'body']) {
    const words = ['zh', 'en'].filter((lang) => touched(`${field}_${lang}`));
    if (words.length > 0)
      body[field] = Object.fromEntries(words.map((lang) => [lang, changes[`${field}_${lang}`] || null]));
  }
  for (const field of ['severity', 'record', 'from', 'until', 'services'])
    if (touched(field)) body[field] = changes[field];
  if (audiences.some((it) => touched(`for_${it}`))) {
    const now = audiences.map((it) => [it, changes[`for_${it}`] ?? given[`for_${it}`] ?? []] as const);
    const named = now.filter(([, list]) => Array.isArray(list) && list.length > 0);
    body.audience = named.length > 0 ? Object.fromEntries(named) : null;
  }
  return body;
}
