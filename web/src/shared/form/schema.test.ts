import { describe, expect, it } from 'vitest';
import { check, fieldsOf, filled, fromPointers, initial, type JsonSchema, kindOf, resolve } from './schema';

const schema: JsonSchema = {
  type: 'object',
  required: ['reason'],
  properties: {
    reason: {
      type: 'string',
      title: 'Reason',
      oneOf: [
        { const: 'a', title: 'A' },
        { const: 'b', title: 'B' },
      ],
    },
    note: { type: 'string', format: 'textarea', maxLength: 10 },
    core: { type: 'boolean' },
    people: { type: ['integer', 'null'], minimum: 1, maximum: 50 },
  },
  if: { properties: { core: { const: true } }, required: ['core'] },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { required: ['people'] },
};

describe('kindOf', () => {
  it.each<[JsonSchema, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', format: 'textarea' }, 'textarea'],
    [{ type: 'string', maxLength: 4000 }, 'textarea'],
    [{ type: 'string', 'x-widget': 'textarea' }, 'textarea'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'date-time' }, 'datetime'],
    [{ type: 'number' }, 'number'],
    [{ type: ['integer', 'null'] }, 'integer'],
    [{ type: 'integer', minimum: 1, maximum: 5 }, 'rating'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'string', enum: ['x'] }, 'choice'],
    [{ anyOf: [{ type: 'string', enum: ['x'] }, { type: 'null' }] }, 'choice'],
    [{ type: 'array', items: { type: 'string', enum: ['x'] } }, 'choices'],
    [{ type: 'string', format: 'ref-user' }, 'users'],
    [{ type: 'string', 'x-ref': 'teams' }, 'teams'],
    [{ type: 'string', 'x-widget': 'ref-site' }, 'sites'],
    [{ type: 'string', format: 'ref-service' }, 'services'],
  ])('%j is %s', (it, kind) => expect(kindOf(it)).toBe(kind));
});

describe('fieldsOf', () => {
  it('reads titles, options and what is required', () => {
    const [reason, note] = fieldsOf(schema);
    expect(reason).toMatchObject({
      title: 'Reason',
      required: true,
      options: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    });
    expect(note).toMatchObject({ title: 'note', required: false, kind: 'textarea' });
  });
  it('names enum values by x-labels', () => {
    const [it] = fieldsOf({ properties: { a: { enum: ['x', 'y'], 'x-labels': { x: 'X!' } } } });
    expect(it?.options).toEqual([
      { value: 'x', label: 'X!' },
      { value: 'y', label: 'y' },
    ]);
  });
  it('follows if and then', () => {
    expect(resolve(schema, { core: true }).required).toEqual(['reason', 'people']);
    expect(resolve(schema, { core: false }).required).toEqual(['reason']);
    expect(resolve(schema, {}).required).toEqual(['reason']);
  });
});

describe('check', () => {
  it('finds what is missing, also what a condition demands', () => {
    expect(check(schema, { core: true })).toEqual([
      { name: 'reason', key: 'required' },
      { name: 'people', key: 'required' },
    ]);
  });
  it('treats blanks as missing', () =>
    expect(check({ required: ['t'], properties: { t: { type: 'string' } } }, { t: '  ' })).toHaveLength(1));
  it('counts characters, not bytes', () => {
    expect(check(schema, { reason: 'a', note: '一二三四五六七八九十' })).toEqual([]);
    expect(check(schema, { reason: 'a', note: '一二三四五六七八九十十' })).toEqual([
      { name: 'note', key: 'max_length', count: 10 },
    ]);
  });
  it('holds numbers to their bounds', () => {
    expect(check(schema, { reason: 'a', people: 51 })[0]).toMatchObject({ key: 'maximum', count: 50 });
    expect(check(schema, { reason: 'a', people: 1.5 })[0]).toMatchObject({ key: 'integer' });
  });
});

describe('values', () => {
  it('starts from given values, with references as their keys', () => {
    const refs: JsonSchema = {
      properties: { team: { type: 'string' }, note: { type: 'string', default: 'x' } },
    };
    expect(initial(refs, { team: { id: '1', key: 'net', label: 'Net' } })).toEqual({
      team: 'net',
      note: 'x',
    });
  });
  it('sends what is filled, trimmed, and nothing the schema does not know', () => {
    expect(filled(schema, { reason: ' a ', note: '', other: 1, people: 3 })).toEqual({
      reason: 'a',
      people: 3,
    });
  });
  it('takes the complaints of the server by pointer', () => {
    expect(fromPointers([{ pointer: '/fields/reason', message: 'no' }])).toEqual([
      { name: 'reason', key: 'said', said: 'no' },
    ]);
  });
});
