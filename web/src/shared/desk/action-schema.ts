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

/** What the dialog of an action asks for. */
export function actionSchema(action: Action, pack: Pack | undefined): JsonSchema {
  const schema = enrichAll(action.schema as JsonSchema, pack);
  return action.kind === 'outcome' ? leaveToRules(schema) : schema;
}
