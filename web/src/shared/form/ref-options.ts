import type { Ref } from '../../api/types';

/** The reference that a value means: values are natural keys, but a default may be an identity. */
export function referenceOf<T extends Ref>(
  value: string | undefined,
  items: (T | null | undefined)[],
): T | undefined {
  if (!value) return undefined;
  return items.find((it) => it?.key === value) ?? items.find((it) => it?.id === value) ?? undefined;
}

/** An identity says nothing to people; a natural key at least is a name of its own. */
export const isIdentity = (value: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
