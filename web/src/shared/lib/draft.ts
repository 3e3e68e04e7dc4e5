// Words that were typed and not sent yet; they survive a closed tab.

export function readDraft<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`yuheng.draft.${name}`) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

/** Keep it, or forget it when there is nothing worth keeping. */
export function keepDraft(name: string, value: unknown) {
  try {
    if (value) localStorage.setItem(`yuheng.draft.${name}`, JSON.stringify(value));
    else localStorage.removeItem(`yuheng.draft.${name}`);
  } catch {
    // Without storage the text lives as long as the page.
  }
}
