import type { TFunction } from 'i18next';
import type { Category, Pack } from '../../api/types';
import type { JsonSchema } from '../../shared/form/schema';

const channels = ['phone', 'mail', 'chat', 'portal'];
const levels = ['high', 'medium', 'low'];
const leaves = (nodes: Category[], path = ''): { const: string; title: string }[] =>
  nodes.flatMap((it) => {
    const title = path ? `${path} / ${it.label}` : it.label;
    return it.children.length > 0 ? leaves(it.children, title) : [{ const: it.key, title }];
  });

/** What a quick log asks, for any record type. */
export function logSchema(
  t: TFunction<'quick-log'>,
  types: { key: string; label: string }[],
  pack: Pack | undefined,
): JsonSchema {
  return {
    type: 'object',
    required: ['title'],
    properties: {
      ...(types.length > 1 && {
        type: {
          type: 'string',
          title: t('type'),
          oneOf: types.map((it) => ({ const: it.key, title: it.label })),
        },
      }),
      requester: { type: 'string', format: 'ref-user', title: t('caller'), description: t('caller_hint') },
      channel: {
        type: 'string',
        title: t('channel'),
        oneOf: channels.map((it) => ({ const: it, title: t(`common:channel.${it}`) })),
      },
      title: { type: 'string', title: t('subject'), maxLength: 200, 'x-wide': true },
      description: { type: 'string', format: 'textarea', title: t('description') },
      service: { type: 'string', format: 'ref-service', title: t('service') },
      category: { type: 'string', title: t('category'), oneOf: leaves(pack?.categories ?? []) },
      urgency: {
        type: 'string',
        title: t('urgency'),
        oneOf: levels.map((it) => ({ const: it, title: t(`common:level.${it}`) })),
      },
    },
  };
}
