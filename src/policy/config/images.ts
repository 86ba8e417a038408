import type { Config, ImageConfig } from './config.ts';
import { positionText } from './config-node.ts';
import { type ConfigLayer, mergeLayers } from './layers.ts';
import type { Placed } from './node-shapes.ts';

type Entry = Placed<ImageConfig>;

/** The layers as they are for some images: what their entries set stands behind what their own layer sets, and below the next. */
export function layersFor(
  layers: readonly ConfigLayer[],
  isMeant: (entry: Entry) => boolean,
): readonly ConfigLayer[] {
  return layers.map((layer) => {
    const entries = (layer.config.images ?? []).filter(isMeant);
    if (entries.length === 0) return layer;
    const entryOf = (setting: string) => entries.findLast(({ value }) => sets(value, setting));
    const originOf = (setting: string) => {
      const entry = entryOf(setting);
      return entry === undefined ? layer.originOf(setting) : placeText(entry);
    };
    const placeOf = (setting: string) => {
      const entry = entryOf(setting);
      return entry === undefined ? layer.placeOf(setting) : positionText(entry.at);
    };
    return {
      ...layer,
      config: configFor(layer.config, entries),
      originOf,
      placeOf,
    };
  });
}

/** The same of plain data. */
export function configFor(config: Config, entries: readonly Entry[]): Config {
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
  return positionText(at).replace(/:\d+$/, '');
}

function sets(settings: ImageConfig, setting: string): boolean {
  let value: unknown = settings;
  for (const name of setting.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = Reflect.get(value, name);
  }
  return true;
}
