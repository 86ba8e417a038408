import type { Config, ImageConfig } from './config.ts';
import { effectiveOf } from './effective.ts';
import { type Found, loosened, placeOf } from './enforce-locks.ts';
import { differentOf } from './image-locks.ts';
import { entriesOf, layersFor, placeText } from './images.ts';
import { type ConfigLayer, mergeLayers } from './layers.ts';
import { locksOf } from './locks.ts';
import type { Placed } from './node-shapes.ts';
import { withoutSetting } from './without-setting.ts';

/** What a layer is to others: its locks make others give way, or it is a policy that gives way itself. */
export type Standing = 'upper' | 'yields' | 'stays';

export interface GivenWay<Layer extends ConfigLayer> {
  readonly layers: readonly Layer[];
  /** Sentences, with both places: settings that have no effect. */
  readonly dropped: readonly string[];
}

/**
 * Two versions of one policy: the older one of a repository lies above the newer one of the job, and where it is looser its settings
 * have no effect, so that the newer one can be rolled out. It only removes what loosens a lock: what is left is enforced as ever.
 */
export function giveWay<Layer extends ConfigLayer>(
  layers: readonly Layer[],
  standingOf: (layer: Layer) => Standing,
): GivenWay<Layer> {
  let now = layers;
  const dropped: string[] = [];
  for (const [at, layer] of layers.entries()) {
    if (standingOf(layer) !== 'yields') continue;
    const uppers = layers.slice(0, at).flatMap((each, index) => {
      return standingOf(each) === 'upper' && each.config.locked !== undefined ? [index] : [];
    });
    // By itself, then with the files below: by a share that they require, more owners are looser.
    for (const end of [at + 1, layers.length]) {
      for (let round = 0; round < mostRounds; round += 1) {
        const step = without(now.slice(0, end), at, uppers);
        if (step === null) break;
        now = now.map((each, index) => (index === at ? { ...each, config: step.config } : each));
        dropped.push(...step.dropped);
      }
    }
  }
  return { layers: now, dropped: [...new Set(dropped)] };
}

/** Each takes something out: a configuration that needs more of them is refused as it is. */
const mostRounds = 256;

interface Step {
  readonly config: Config;
  readonly dropped: readonly string[];
}

/** The layer at `at` without what it loosens, of all images or of some; null: there is nothing to take out. */
function without(
  layers: readonly ConfigLayer[],
  at: number,
  uppers: readonly number[],
): Step | null {
  const layer = layers[at];
  if (layer === undefined) return null;
  const below = [mergeLayers(layers.slice(0, at))];
  const found = loosenedBy(layers, uppers);
  const ofAll = takenOut(layer.config, found, below, (setting) => placeOf(setting, layer));
  if (ofAll !== null) return ofAll;
  if (!layers.some(({ config }) => config.images !== undefined)) return null;
  const entries = differentOf(layers);
  for (const one of entries.filter((each) => layer.config.images?.includes(each)))
    for (const other of entries) {
      const meant = layersFor(layers, (entry) => entry === one || entry === other);
      const step = withoutInEntry(layer.config, one, below, loosenedBy(meant, uppers));
      if (step !== null) return step;
    }
  return null;
}

function loosenedBy(layers: readonly ConfigLayer[], uppers: readonly number[]): readonly Found[] {
  const now = effectiveOf(layers).config;
  return uppers.flatMap((upper) => {
    const layer = layers[upper];
    if (layer === undefined) return [];
    return loosened(locksOf([layer]), effectiveOf(layers.slice(0, upper + 1)).config, now);
  });
}

function takenOut<Settings extends Config>(
  settings: Settings,
  found: readonly Found[],
  below: readonly Config[],
  placeIn: (setting: string) => string,
): { readonly config: Settings; readonly dropped: readonly string[] } | null {
  let config = settings;
  const dropped: string[] = [];
  for (const each of found) {
    const left = withoutSetting(config, each.setting);
    if (left === config) continue;
    const isKnown = isRepeated(config, below, each.setting);
    config = left;
    if (!isKnown) dropped.push(sentenceOf(each, placeIn(each.setting)));
  }
  return config === settings ? null : { config, dropped };
}

/** Two versions of a policy have most in common, and what is repeated needs no word: items of a list, overrides, entries. */
function isRepeated(own: Config, below: readonly Config[], setting: string): boolean {
  const others = below.flatMap((each) => textsOf(each, setting));
  const texts = textsOf(own, setting);
  return texts.length > 0 && texts.every((text) => others.includes(text));
}

/** What a configuration says of a setting, item by item, without places. */
function textsOf(config: Config, setting: string): readonly string[] {
  const rule = /^overrides\.(.*)$/.exec(setting)?.[1];
  if (rule !== undefined)
    return (config.overrides ?? []).flatMap(({ rules, ...where }) => {
      const level = Object.entries(rules).find(([name]) => name === rule)?.[1];
      return level === undefined ? [] : [JSON.stringify([where, level])];
    });
  let value: unknown = config;
  for (const name of setting.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(textOf);
}

/** Without the place that some items have. */
function textOf(item: unknown): string {
  const isPlaced = typeof item === 'object' && item !== null && 'at' in item && 'value' in item;
  return JSON.stringify(isPlaced ? item.value : item);
}

function withoutInEntry(
  config: Config,
  entry: Placed<ImageConfig>,
  below: readonly Config[],
  found: readonly Found[],
): Step | null {
  const images = config.images ?? [];
  const { image, ...settings } = entry.value;
  const same = entriesOf(below).filter(({ value }) => textOf(value.image) === textOf(image));
  const others = same.map(({ value }): Config => ({ ...value, images: [] }));
  const left = takenOut<Omit<ImageConfig, 'image'>>(settings, found, others, () =>
    placeText(entry),
  );
  if (left === null) return null;
  const value = { image, ...left.config };
  return {
    config: {
      ...config,
      images: images.map((each) => (each === entry ? { ...each, value } : each)),
    },
    dropped: left.dropped,
  };
}

function sentenceOf({ setting, lockedAt, value, lock }: Found, place: string): string {
  const at = lockedAt === null ? '' : ` at ${lockedAt}`;
  const shown = value === '' ? setting : `${setting} ${value}`;
  return `${shown} of ${place} has no effect: ${lock.place} locks ${setting}${at}, and a policy that a file extends gives way to it`;
}
