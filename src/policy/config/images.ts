import type { Config, ImageConfig } from './config.ts';
import { lineText, positionText } from './config-node.ts';
import { type Kept, keptBy, withoutLooser } from './kept-entries.ts';
import { type ConfigLayer, mergeLayers } from './layers.ts';
import type { Placed } from './node-shapes.ts';

type Entry = Placed<ImageConfig>;

/** The layers as they are for some images: what their entries set stands behind what their own layer sets, and below the next. */
export function layersFor(
  layers: readonly ConfigLayer[],
  isMeant: (entry: Entry) => boolean,
): readonly ConfigLayer[] {
  const configs = configsFor(
    layers.map(({ config }) => config),
    isMeant,
  );
  return layers.map((layer, at) => {
    const entries = (layer.config.images ?? []).filter(isMeant);
    const config = configs[at] ?? layer.config;
    if (entries.length === 0) return { ...layer, config };
    const entryFor = (setting: string) => entries.findLast(({ value }) => sets(value, setting));
    const originOf = (setting: string) => {
      const entry = entryFor(setting);
      return entry === undefined ? layer.originOf(setting) : placeText(entry);
    };
    const placeOf = (setting: string) => {
      const entry = entryFor(setting);
      return entry === undefined ? layer.placeOf(setting) : positionText(entry.at);
    };
    const entryOf = (setting: string) => {
      const entry = entryFor(setting);
      return entry === undefined ? null : `${entry.value.image.join(', ')} (${placeText(entry)})`;
    };
    return { ...layer, config, originOf, placeOf, entryOf };
  });
}

/** The same of plain data. An entry of a file that locks settings is loosened by no setting of all images above it. */
export function configsFor(
  configs: readonly Config[],
  isMeant: (entry: Entry) => boolean,
): readonly Config[] {
  const found: Config[] = [];
  const kept: Kept[] = [];
  let hasEntries = false;
  for (const config of configs) {
    const entries = (config.images ?? []).filter(isMeant);
    hasEntries ||= entries.length > 0;
    found.push(configFor(kept.reduce(withoutLooser, config), entries));
    const more = hasEntries ? keptBy(found) : null;
    if (more !== null) kept.push(more);
  }
  return found;
}

function configFor(config: Config, entries: readonly Entry[]): Config {
  if (entries.length === 0) return config;
  return mergeLayers(
    [config, ...entries.map(({ value: { image, ...settings } }): Config => settings)].map(
      (each) => ({ config: each }),
    ),
  );
}

export function entriesOf(configs: readonly Config[]): readonly Entry[] {
  return configs.flatMap(({ images }) => images ?? []);
}

/** `hullcheck.yaml:12`. */
export function placeText({ at }: Entry): string {
  return lineText(at);
}

function sets(settings: ImageConfig, setting: string): boolean {
  let value: unknown = settings;
  for (const name of setting.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = Reflect.get(value, name);
  }
  return true;
}
