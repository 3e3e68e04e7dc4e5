// What was typed for an action and not sent yet: kept as the words of a reply are, for each record and action.
import { blank, fieldsOf, initial, type JsonSchema, type Values } from '../form/schema';

export const actionDraft = (record: { type: string; number: string }, action: string) =>
  `action.${record.type}.${record.number}.${action}`;

const words = new Set(['text', 'textarea']);

/** What is kept, where somebody has typed words of their own: the rest is chosen again in no time. Secrets never are. */
export function worthKeeping(schema: JsonSchema, values: Values): Values | null {
  const fields = fieldsOf(schema, values).filter((it) => it.kind !== 'secret' && !it.readOnly);
  const before = initial(schema);
  const typed = fields.some(
    (it) => words.has(it.kind) && !blank(values[it.name]) && values[it.name] !== before[it.name],
  );
  if (!typed) return null;
  const filled = fields.filter((it) => !blank(values[it.name]));
  return Object.fromEntries(filled.map((it) => [it.name, values[it.name]]));
}

/** What was kept, as far as the action still asks for it; none where nothing is left of it. */
export function restored(schema: JsonSchema, kept: Values | null): Values | undefined {
  return (kept && worthKeeping(schema, kept)) ?? undefined;
}
