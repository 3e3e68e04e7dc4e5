/** Browser and system out of a user-agent text; the whole text stays on hover. */
export function deviceOf(agent: string | null | undefined): string | undefined {
  if (!agent) return undefined;
  const browser = /Edg\//.exec(agent)
    ? 'Edge'
    : /Firefox\//.exec(agent)
      ? 'Firefox'
      : /Chrome\//.exec(agent)
        ? 'Chrome'
        : /Safari\//.exec(agent)
          ? 'Safari'
          : undefined;
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0].replace('Mac OS X', 'macOS');
  return [browser, system].filter(Boolean).join(' · ') || agent.slice(0, 40);
}
