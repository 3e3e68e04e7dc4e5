// Presses everything that can be pressed on a page and in what opens there, each thing once however many pages have it.
import { rested } from './walk.mjs';

/** The layers that lie over the page, the highest first, and what can be pressed on each. */
const layers = [
  ['.ant-dropdown:not(.ant-dropdown-hidden)', '[role^=menuitem]'],
  ['.ant-popover:not(.ant-popover-hidden), .ant-popconfirm:not(.ant-popover-hidden)', 'button'],
  ['.ant-modal-wrap, .ant-drawer-open', 'button, summary, [role=tab], [role=radio]'],
  ['body', 'main button, main summary, main [role=tab], header button, nav button'],
];

/** The highest layer that is there, and what on it was not pressed yet; what differs only in a number or a name is one. */
const above = (page, pressed) =>
  page.evaluate(
    ([layers, pressed]) => {
      for (const [level, [over, buttons]] of layers.entries()) {
        const layer = [...document.querySelectorAll(over)].filter((it) => it.checkVisibility()).at(-1);
        if (!layer) continue;
        for (const it of layer.querySelectorAll(buttons)) {
          if (
            !it.checkVisibility() ||
            it.disabled ||
            it.ariaDisabled === 'true' ||
            it.closest('.djs-container')
          )
            continue;
          const said = (it.getAttribute('aria-label') ?? it.textContent).trim();
          const ours = said.replace(/[^⟦⟧\p{Script=Latin} ]/gu, '').trim();
          // The server names some in its own words, those of a pack's actions.
          const { texts, data } = window.said;
          const theirs = texts.has(said) && !data.has(said) ? said : it.className;
          const name = `${it.tagName} ${ours || theirs}`;
          if (pressed.includes(name)) continue;
          for (const old of document.querySelectorAll('[data-next]')) old.removeAttribute('data-next');
          it.setAttribute('data-next', '');
          return { level, name };
        }
        return { level };
      }
    },
    [layers, pressed],
  );

/** `look` sees what each press has led to; `missed` are those that something lay over or that went away. */
export async function pressAll(page, { pressed, missed }, look) {
  const stood = page.url();
  const ground = layers.length - 1;
  let opener;
  for (let closed = false; ; ) {
    const { level, name } = await above(page, pressed);
    if (!name) {
      if (level === ground) return;
      // What opened is put away as people do; only where that does not help is the page opened anew.
      if (closed) await page.anew();
      else await page.keyboard.press('Escape');
      closed = !closed;
      await rested(page);
      continue;
    }
    closed = false;
    pressed.push(name);
    if (level > 0) opener = name;
    // A menu closes when something on it was chosen: it is opened again for the next.
    else if (pressed.includes(opener)) pressed.splice(pressed.indexOf(opener), 1);
    // Anything may be pressed: nothing is written.
    await page.evaluate(() => {
      window.said.readonly = true;
    });
    await page
      .locator('[data-next]')
      .click({ timeout: 1_500 })
      .catch(() => missed.push(name));
    await rested(page);
    // Who chooses another language sees that one.
    const stays = await page.evaluate(() => document.documentElement.lang === 'en-x-pseudo');
    if (stays) await look();
    if (!stays || page.url() !== stood) await page.anew();
  }
}
