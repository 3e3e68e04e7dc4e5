import { describe, expect, it } from 'vitest';
import type { Pack } from '../../api/types';
import { enrichAll, flatten, packLayout, packSchema, valueLabel } from '../../shared/desk/pack-form';
import { fieldsOf } from '../../shared/form/schema';
import { difference, editSchema } from './form-model';

const choice = (key: string, label: string) => ({ key, label });
const pack = {
  fields: [choice('title', 'Title'), choice('scope', 'Scope'), choice('category', 'Category')],
  form: {
    properties: {
      scope: { type: 'string', enum: ['one', 'all'] },
      since: { type: 'integer', format: 'instant' },
      hidden: { type: 'string' },
    },
  },
  form_ui: {
    sections: [
      { key: 'first', fields: ['scope', 'title', 'state', 'category'] },
      { key: 'second', fields: ['since'] },
    ],
  },
  values: { scope: { one: 'One person', all: 'Everyone' }, impact: { high: 'High' } },
  sections: [choice('first', 'First')],
  hints: { scope: 'How many' },
  categories: [
    { key: 'net', label: 'Network', children: [{ key: 'net/wifi', label: 'Wireless', children: [] }] },
  ],
  channels: [],
  impacts: [choice('high', 'High')],
  states: [],
} as unknown as Pack;

describe('the form of a pack', () => {
  it('has the fields of its sections that may be edited, then the rest, with names and choices', () => {
    const fields = fieldsOf(editSchema(pack));
    expect(fields.map((it) => [it.name, it.title, it.kind])).toEqual([
      ['scope', 'Scope', 'choice'],
      ['title', 'Title', 'text'],
      ['category', 'Category', 'choice'],
      ['since', 'since', 'instant'],
      ['hidden', 'hidden', 'text'],
    ]);
    expect(fields[0]).toMatchObject({
      help: 'How many',
      options: [
        { value: 'one', label: 'One person' },
        { value: 'all', label: 'Everyone' },
      ],
    });
    expect(packLayout(pack).sections?.map((it) => it.label)).toEqual(['First', undefined]);
  });
  it('offers categories wherever a schema refers to one', () => {
    const schema = enrichAll({ properties: { category: { type: 'string', 'x-ref': 'category' } } }, pack);
    expect(fieldsOf(schema)[0]).toMatchObject({ kind: 'choice', title: 'Category' });
    expect(flatten(pack.categories).map((it) => it.title)).toEqual(['Network', 'Network / Wireless']);
  });
  it('leaves out what it does not know', () =>
    expect(Object.keys(packSchema(pack, ['nonsense', 'title']).properties ?? {})).toEqual(['title']));
  it('says values in words', () => {
    expect(valueLabel(pack, 'scope', 'all')).toBe('Everyone');
    expect(valueLabel(pack, 'category', 'net/wifi')).toBe('Network / Wireless');
    expect(valueLabel(pack, 'urgency', 'high')).toBe('High');
    expect(valueLabel(pack, 'service', { key: 's', label: 'Mail' })).toBe('Mail');
    expect(valueLabel(pack, 'scope', null)).toBe('—');
  });
});

describe('difference', () => {
  it('is a merge patch: changed values, null for what was emptied, own fields apart', () => {
    expect(
      difference(
        { title: 'a', service: 'net', scope: 'one' },
        { title: 'b', service: undefined, scope: 'all' },
      ),
    ).toEqual({
      count: 3,
      fields: { title: 'b', service: null, scope: 'all' },
      body: { title: 'b', service: null, fields: { scope: 'all' } },
    });
  });
  it('does not take an empty text for a change of nothing', () => {
    expect(difference({}, { title: '', scope: undefined }).count).toBe(0);
  });
});
