import type { Match, Unclear } from './matches.ts';

/** Each once, where a later step did not find out which is which. */
export function stillUnclear(
  unclear: readonly Unclear[],
  alone: readonly Pick<Match, 'old' | 'fresh'>[],
): readonly Unclear[] {
  const [olds, freshs] = [alone.map(({ old }) => old), alone.map(({ fresh }) => fresh)];
  const left = { old: new Set(olds), fresh: new Set(freshs) };
  const found = new Map<string, Unclear>();
  for (const { name, ...each } of unclear) {
    const [old, fresh] = (['old', 'fresh'] as const).map((side) =>
      each[side].filter((index) => left[side].has(index)),
    );
    if (old === undefined || fresh === undefined || old.length * fresh.length === 0) continue;
    const key = `${old.join()} ${fresh.join()}`;
    if (!found.has(key)) found.set(key, { name, old, fresh });
  }
  return [...found.values()];
}
