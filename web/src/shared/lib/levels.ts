// What the levels of priority are called and how loud they look, as the organisation has it.
import { useQuery } from '@tanstack/react-query';
import { wordsQuery } from './setting-queries';

export interface LevelLook {
  /** The first word of its name: what fits on a mark. */
  short: string;
  label?: string;
  tone: string;
}

const own: Record<string, string> = { p1: 'critical', p2: 'high', p3: 'medium', p4: 'low' };
const shortOf = (label: string) => label.split(/\s/)[0] ?? label;

/** Tells how a level looks. */
export function useLevels(): (key: string) => LevelLook {
  const { data } = useQuery(wordsQuery);
  return (key) => {
    const level = data?.levels.find((it) => it.key === key);
    return {
      short: level?.label ? shortOf(level.label) : key.toUpperCase(),
      label: level?.label ?? undefined,
      tone: level?.tone ?? own[key] ?? 'low',
    };
  };
}
