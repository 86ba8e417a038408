import type { ConfigNode, Position } from './config-node.ts';

/** A name such as `gate.coverage.pie` has no more parts. */
const deepest = 3;

/** Where each setting is written, by its name: `gate.fail-on`, `rules.pie`. */
export function positionsOf(node: ConfigNode): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>();
  let level: readonly (readonly [prefix: string, node: ConfigNode])[] = [['', node]];
  for (let depth = 0; depth < deepest; depth += 1) {
    level = level.flatMap(([prefix, { ...map }]) => {
      if (map.kind !== 'map') return [];
      return map.members.map(({ key, at, value }) => {
        found.set(`${prefix}${key}`, at);
        return [`${prefix}${key}.`, value] as const;
      });
    });
  }
  return found;
}

/** The place of a setting, or of the nearest group around it that has one; null: it is not written there. */
export function placeIn(
  positions: ReadonlyMap<string, Position>,
  setting: string,
): Position | null {
  for (let name = setting; ; name = name.slice(0, name.lastIndexOf('.'))) {
    const at = positions.get(name);
    if (at !== undefined) return at;
    if (!name.includes('.')) return null;
  }
}
