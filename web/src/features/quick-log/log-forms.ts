import type { Pack } from '../../api/types';
import { packSchema } from '../../shared/desk/pack-form';
import type { JsonSchema } from '../../shared/form/schema';

// What a call needs at once; the other fields of the pack's opening form stand behind “more”.
const first = ['channel', 'title', 'description', 'category', 'service'];

export interface LogForms {
  main: JsonSchema;
  more: JsonSchema;
  /** What has to be said besides when it is solved at once. */
  solution: JsonSchema;
}

const writable = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, it]) => [name, { ...it, readOnly: false }]),
  ),
});

/** The forms of a call, and which of their fields are needed when it is solved at once. */
export function formsOf(pack: Pack, solved: boolean): LogForms {
  const asked = pack.form_ui.open?.workspace ?? [];
  const rest = asked.filter((it) => it !== 'requester' && !first.includes(it));
  const needed = solved ? (pack.form_ui.open?.at_once?.fields ?? []) : [];
  const besides = needed.filter((it) => !first.includes(it) && !rest.includes(it));
  return {
    main: packSchema(pack, first, ['title', ...needed]),
    more: packSchema(pack, rest, needed),
    solution: writable(packSchema(pack, besides, besides)),
  };
}
