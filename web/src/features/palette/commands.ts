import type { RecordItem } from '../../api/types';

export interface Command {
  id: string;
  group: 'found' | 'people' | 'go' | 'do';
  label: string;
  hint?: string;
  record?: RecordItem;
  /** Where a person is found, in a few words. */
  detail?: string;
  run: () => void;
}

/** Commands that contain every word typed, in any order; records and people come from the server already found. */
export function matching(commands: Command[], q: string): Command[] {
  const words = q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(
    (it) =>
      it.record ||
      it.group === 'people' ||
      words.every((word) => `${it.label} ${it.hint ?? ''}`.toLowerCase().includes(word)),
  );
}

/** The end of a number, as people say it, made whole after the pattern of another: 626 → INC-2026-000626. */
export function wholeNumber(q: string, sample: string | undefined): string {
  if (!/^\d{1,6}$/.test(q) || !sample) return q;
  return sample.replace(/\d+$/, (digits) => q.padStart(digits.length, '0'));
}
