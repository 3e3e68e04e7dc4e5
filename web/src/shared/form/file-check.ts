/** What the server takes; it says so itself. */
export interface Taken {
  max_bytes: number;
  endings: string[];
}

export type Refusal = 'file_empty' | 'file_too_large' | 'file_kind';

export const endingOf = (name: string) =>
  (name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '').toLowerCase();

/** Why the server would refuse a file; nothing while it is not known what it takes. */
export function refusalOf(file: Pick<File, 'name' | 'size'>, taken: Taken | undefined): Refusal | undefined {
  if (file.size === 0) return 'file_empty';
  if (!taken) return undefined;
  if (file.size > taken.max_bytes) return 'file_too_large';
  return taken.endings.includes(endingOf(file.name)) ? undefined : 'file_kind';
}
