/** The folder of a texts file is its namespace; `shared/i18n` is the common one. */
export function collect(files: Record<string, unknown>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => {
      const folder = path.split('/').at(-2) ?? '';
      return [folder === 'i18n' ? 'common' : folder, texts as Record<string, string>];
    }),
  );
}
