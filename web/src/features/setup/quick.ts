// What the steps share: a key for something that has only a name, and complaints of the server beside their fields.
import type { FieldError } from '../../shared/form/schema';

/** A key made of the Latin letters of a name, else of its kind; never one that is taken. */
export function keyFor(name: string, kind: string, taken: string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const base = plain.length > 1 ? plain : kind;
  for (let n = plain.length > 1 ? 1 : taken.length + 1; ; n += 1) {
    const key = n === 1 && plain.length > 1 ? base : `${base}-${n}`;
    if (!taken.includes(key)) return key;
  }
}

export const errorOf = (errors: FieldError[], name: string) => errors.find((it) => it.name === name);
