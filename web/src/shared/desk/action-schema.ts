import type { Action, Pack } from '../../api/types';
import { fieldsOf, type JsonSchema } from '../form/schema';
import { enrichAll } from './pack-form';

// Who takes the next step is found by the rules of the pack, unless somebody names one.
const byRule = ['team', 'assignee'];

function leaveToRules(schema: JsonSchema): JsonSchema {
  const required = schema.required ?? [];
  const properties = Object.entries(schema.properties ?? {}).map(([name, { default: present, ...rest }]) => {
    if (!byRule.includes(name))
      return [name, { ...rest, ...(present === undefined ? {} : { default: present }) }];
    return [name, { ...rest, 'x-by-rule': !required.includes(name) }];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** Whoever sends work back says why: the only text that such a form offers is asked for. */
function askForWords(schema: JsonSchema): JsonSchema {
  if ((schema.required ?? []).length > 0) return schema;
  const words = fieldsOf(schema).find((it) => it.kind === 'textarea');
  if (!words) return schema;
  // The words of another time are no answer to this one.
  const { default: _earlier, ...asked } = schema.properties?.[words.name] ?? {};
  return { ...schema, required: [words.name], properties: { ...schema.properties, [words.name]: asked } };
}

/** What the dialog of an action asks for; `words` where an outcome without a word helps nobody. */
export function actionSchema(action: Action, pack: Pack | undefined, words = false): JsonSchema {
  const schema = enrichAll(action.schema as JsonSchema, pack);
  if (action.kind !== 'outcome') return schema;
  const asked = leaveToRules(schema);
  return words ? askForWords(asked) : asked;
}
