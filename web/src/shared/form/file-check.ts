/** The server takes files up to this size. */
export const maxFileBytes = 25 * 1024 * 1024;

export type Refusal = 'file_empty' | 'file_too_large';

export const refusalOf = (file: Pick<File, 'size'>): Refusal | undefined =>
  file.size === 0 ? 'file_empty' : file.size > maxFileBytes ? 'file_too_large' : undefined;
