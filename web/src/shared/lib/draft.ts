// Words that were typed and not sent yet; they survive a closed tab.

export function readDraft<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`yuheng.draft.${name}`) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

/** Whoever signs out leaves no words behind for the next one at this screen. */
export function dropDrafts() {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith('yuheng.draft.')) localStorage.removeItem(key);
  } catch {
    // Without storage there is nothing to drop.
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
