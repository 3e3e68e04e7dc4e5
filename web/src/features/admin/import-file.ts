// Files that come in and tables that go out: what the import wizard sends and saves.
import { api, call } from '../../api/client';
import type { ImportPreview, JobRow, Page } from '../../api/types';

export const importKinds = [
  'users',
  'departments',
  'teams',
  'sites',
  'services',
  'skills',
  'categories',
] as const;
export type ImportKind = (typeof importKinds)[number];

function formOf(parts: Record<string, string | boolean | File>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts))
    form.append(name, value instanceof File ? value : String(value));
  return form;
}

const sent = (form: FormData) => ({ body: form as never, bodySerializer: (it: unknown) => it as never });

export const previewImport = (kind: ImportKind, file: File) =>
  call<ImportPreview>(api.POST('/api/v1/imports/preview', sent(formOf({ kind, file }))));

export interface Wanted {
  kind: ImportKind;
  file: File;
  map: Record<string, string>;
  mode: string;
  deactivate_missing: boolean;
  dry_run: boolean;
}

export const startImport = ({ map, ...wanted }: Wanted) =>
  call<{ id: string }>(api.POST('/api/v1/imports', sent(formOf({ ...wanted, map: JSON.stringify(map) }))));

/** Every row that the job has told so far. */
export async function rowsOf(id: string): Promise<JobRow[]> {
  const rows: JobRow[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<JobRow> = await call<Page<JobRow>>(
      api.GET('/api/v1/jobs/{id}/rows', { params: { path: { id }, query: { limit: 200, cursor } } }),
    );
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  return rows;
}

/** Saves a text as a file; the mark in front tells spreadsheets that it is UTF-8. */
export function saveText(name: string, text: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`\ufeff${text.replace(/^\ufeff/, '')}`], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export async function saveTemplate(kind: ImportKind) {
  const text = await call<string>(
    api.GET('/api/v1/imports/template', { params: { query: { kind } }, parseAs: 'text' }),
  );
  saveText(`${kind}.csv`, text);
}

/** A cell of CSV: quoted where it must be, and never what a spreadsheet would run as a formula. */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export const csvOf = (lines: string[][]) => lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n');
