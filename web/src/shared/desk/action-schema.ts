import type { Action, Pack } from '../../api/types';
import type { JsonSchema } from '../form/schema';
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

/** What an action sets a time for is still to come. */
function ahead(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, raw]) => [
    name,
    raw.format === 'date-time' ? { ...raw, 'x-ahead': true } : raw,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** What the dialog of an action asks for. */
export function actionSchema(action: Action, pack: Pack | undefined): JsonSchema {
  const schema = enrichAll(action.schema as JsonSchema, pack);
  return action.kind === 'outcome' ? leaveToRules(schema) : ahead(schema);
}
