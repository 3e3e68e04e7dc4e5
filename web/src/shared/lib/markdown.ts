// The little Markdown that helps and guides are written in: headings, paragraphs, lists, tables, bold, code and links. It becomes
// data that React draws; HTML in it stays text.

export interface Inline {
  text: string;
  strong?: boolean;
  code?: boolean;
  href?: string;
}
export type Block =
  | { kind: 'heading'; level: number; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'code'; text: string };

const heading = /^(#{1,6})\s+(.*?)\s*(?:\{#[\w-]+\})?\s*#*$/;
const item = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/;
const marked = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;
const wide = /[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF\u3000-\u303F]/;

export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(marked)) {
    if (match.index > from) out.push({ text: text.slice(from, match.index) });
    const [whole, strong, code, label, href] = match;
    if (strong) out.push({ text: strong, strong: true });
    else if (code) out.push({ text: code, code: true });
    else out.push({ text: label ?? '', href });
    from = match.index + whole.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}

/** Lines of one paragraph. Between Chinese signs the break of a line is no space. */
function joined(lines: string[]): string {
  return lines.reduce((text, line) => {
    const tight = wide.test(text.at(-1) ?? '') && wide.test(line[0] ?? '');
    return text === '' ? line : `${text}${tight ? '' : ' '}${line}`;
  }, '');
}

/** The cells of a row of a table, or nothing where the line is none. */
function cells(line: string): string[] | undefined {
  const row = /^\s*\|(.*)\|\s*$/.exec(line)?.[1];
  return row?.split('|').map((it) => it.trim());
}

function table(rows: string[][]): Block {
  const [head = [], ...rest] = rows.filter((row) => !row.every((it) => /^:?-+:?$/.test(it)));
  return { kind: 'table', head: head.map(inline), rows: rest.map((row) => row.map(inline)) };
}

export function blocks(markdown: string): Block[] {
  const out: Block[] = [];
  let rows: string[][] = [];
  let code: string[] | undefined;
  let lines: string[] = [];
  let items: string[][] | undefined;
  let ordered = false;
  const flush = () => {
    if (rows.length > 0) out.push(table(rows));
    rows = [];
    if (items) out.push({ kind: 'list', ordered, items: items.map((it) => inline(joined(it))) });
    else if (lines.length > 0) out.push({ kind: 'paragraph', text: inline(joined(lines)) });
    items = undefined;
    lines = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    if (line.trimStart().startsWith('```')) {
      flush();
      if (code) out.push({ kind: 'code', text: code.join('\n') });
      code = code ? undefined : [];
      continue;
    }
    if (code) {
      code.push(line);
      continue;
    }
    const row = cells(line);
    if (row) {
      if (rows.length === 0) flush();
      rows.push(row);
      continue;
    }
    const head = heading.exec(line);
    const point = item.exec(line);
    if (rows.length > 0) flush();
    if (head) {
      flush();
      out.push({ kind: 'heading', level: head[1]?.length ?? 1, text: inline(head[2] ?? '') });
    } else if (point) {
      const numbered = point[1] === undefined;
      if (!items || ordered !== numbered) flush();
      ordered = numbered;
      items ??= [];
      items.push([point[2] ?? '']);
    } else if (line.trim() === '') flush();
    else if (items) items.at(-1)?.push(line.trim());
    else lines.push(line.trim());
  }
  flush();
  if (code) out.push({ kind: 'code', text: code.join('\n') });
  return out;
}
