/**
 * For what appears under the pointer where a button was just pressed: the second half of a double click is no answer to it.
 * Keys, and whoever looks first, are not held up.
 */
export const single = (run: () => void) => (event?: { detail?: number }) => {
  if ((event?.detail ?? 0) <= 1) run();
};
