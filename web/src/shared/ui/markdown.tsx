import { type Block, blocks, type Inline } from '../lib/markdown';
import css from './markdown.module.css';

/** Words written in Markdown, below a heading of the page: their own headings go down by as many levels as it says. */
export function Markdown({ text, below = 0 }: { text: string; below?: number }) {
  return (
    <div className={css.markdown}>
      {blocks(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one fixed text
        <Drawn key={index} block={block} below={below} />
      ))}
    </div>
  );
}

function Drawn({ block, below }: { block: Block; below: number }) {
  if (block.kind === 'paragraph')
    return (
      <p>
        <Words text={block.text} />
      </p>
    );
  if (block.kind === 'heading') {
    const Heading = `h${Math.min(6, block.level + below)}` as 'h2';
    return (
      <Heading>
        <Words text={block.text} />
      </Heading>
    );
  }
  if (block.kind === 'code') return <pre>{block.text}</pre>;
  if (block.kind === 'table')
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard too
      <div className={css.wide} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {block.head.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells of one fixed text
                <th key={index} scope="col">
                  <Words text={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of one fixed text
              <tr key={index}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells of one fixed text
                  <td key={column}>
                    <Words text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  const List = block.ordered ? 'ol' : 'ul';
  return (
    <List>
      {block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points of one fixed text
        <li key={index}>
          <Words text={item} />
        </li>
      ))}
    </List>
  );
}

function Words({ text }: { text: Inline[] }) {
  return text.map((it, index) => {
    const key = `${index}`;
    if (it.href)
      return (
        <a key={key} href={it.href} target="_blank" rel="noreferrer noopener">
          {it.text}
        </a>
      );
    if (it.strong) return <strong key={key}>{it.text}</strong>;
    return it.code ? <code key={key}>{it.text}</code> : it.text;
  });
}
