import { type RefObject, useEffect } from 'react';

/** Put the focus into the first field inside an element: what a dialog opens for. */
export function focusFirst(holder: HTMLElement | null) {
  holder
    ?.querySelector<HTMLElement>('input:not([hidden], [type="file"]), textarea, [role="combobox"]')
    ?.focus();
}

/** Bring the first field with an error into view, with the focus in it; false where there is none. */
export function focusError(holder: HTMLElement | null): boolean {
  const field = holder?.querySelector<HTMLElement>('[data-error="true"]');
  if (!field) return false;
  field.scrollIntoView?.({ block: 'center' });
  const input = field.querySelector<HTMLElement>(
    'input:not([hidden], [type="file"]), textarea, [role="combobox"], [role="radio"], button',
  );
  input?.focus({ preventScroll: true });
  return true;
}

/** The same each time a form is found wrong: once the errors are drawn. */
export function useErrorFocus(form: RefObject<HTMLElement | null>, errors: readonly unknown[]) {
  useEffect(() => {
    if (errors.length > 0) focusError(form.current);
  }, [form, errors]);
}
