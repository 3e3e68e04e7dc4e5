/** Put the focus into the first field inside an element: what a dialog opens for. */
export function focusFirst(holder: HTMLElement | null) {
  holder
    ?.querySelector<HTMLElement>('input:not([hidden], [type="file"]), textarea, [role="combobox"]')
    ?.focus();
}
