import { compare } from '../../base/compare.ts';
import type { Config } from './config.ts';
import { positionText } from './config-node.ts';
import { type ConfigLayer, sourceIn } from './layers.ts';
import { listSettings } from './settings-list.ts';

/** A value, and where it is set: `hullcheck.yaml:3:1`. */
export interface PlacedValue {
  readonly value: unknown;
  readonly place: string;
}

export interface ChangedSetting {
  readonly name: string;
  readonly before: PlacedValue | null;
  readonly after: PlacedValue | null;
}

/**
 * Effective settings that differ, by name; of lists, items that one of the two lacks. Settings are equal wherever they are set. An
 * item that only moved in its list is not listed, though of overrides the last one wins.
 */
export function changedSettings(
  before: readonly ConfigLayer[],
  after: readonly ConfigLayer[],
): readonly ChangedSetting[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const single = [...new Set([...was.single.keys(), ...is.single.keys()])].flatMap((name) => {
    const [old, fresh] = [was.single.get(name) ?? null, is.single.get(name) ?? null];
    return textOf(old) === textOf(fresh) ? [] : [{ name, before: old, after: fresh }];
  });
  const gone = only(was.items, is.items).map(({ name, ...old }) => ({
    name,
    before: old,
    after: null,
  }));
  const added = only(is.items, was.items).map(({ name, ...fresh }) => ({
    name,
    before: null,
    after: fresh,
  }));
  return [...single, ...gone, ...added].toSorted((a, b) => compare(a.name, b.name));
}

interface Item extends PlacedValue {
  readonly name: string;
}

interface Values {
  readonly single: ReadonlyMap<string, PlacedValue>;
  readonly items: readonly Item[];
}

/** Settings whose lists add up, and of which each item stands for itself. */
const lists = ['exclude', 'overrides', 'waivers', 'dependencies', 'yours', 'locked'] as const;

function valuesOf(layers: readonly ConfigLayer[]): Values {
  const single = listSettings(layers)
    .filter(({ name }) => !ofFiles.has(name) && !lists.some((list) => list === name))
    .map(({ name, value, layer }) => [name, { value, place: sourceIn(layer, name) }] as const);
  const items = layers.flatMap((layer) =>
    lists.flatMap((name) =>
      itemsOf(layer.config, name).map(({ value, place }) => ({
        name,
        value,
        place: place ?? sourceIn(layer, name),
      })),
    ),
  );
  return { single: new Map(single), items };
}

/** They say where settings come from, and decide nothing themselves. */
const ofFiles: ReadonlySet<string> = new Set(['$schema', 'extends', 'root']);

function itemsOf(config: Config, name: (typeof lists)[number]) {
  if (name === 'exclude' || name === 'overrides')
    return (config[name] ?? []).map((value) => ({ value, place: null }));
  return (config[name] ?? []).map(({ at, value }) => ({ value, place: positionText(at) }));
}

/** Items of one list that the other lacks; of equal ones as many as there are more. */
function only(here: readonly Item[], there: readonly Item[]): readonly Item[] {
  const left = new Map<string, number>();
  for (const item of there) left.set(keyOf(item), (left.get(keyOf(item)) ?? 0) + 1);
  return here.filter((item) => {
    const count = left.get(keyOf(item)) ?? 0;
    left.set(keyOf(item), count - 1);
    return count <= 0;
  });
}

function keyOf({ name, value }: Item): string {
  return `${name} ${JSON.stringify(value)}`;
}

function textOf(placed: PlacedValue | null): string {
  return placed === null ? '' : (JSON.stringify(placed.value) ?? '');
}
