import { UsageError } from '../../base/errors.ts';
import type { Config } from './config.ts';
import { effectiveOf } from './effective.ts';
import { enforceLocks } from './enforce-locks.ts';
import { entriesOf, layersFor } from './images.ts';
import type { ConfigLayer } from './layers.ts';

/** Entries of different settings whose combinations are compared with locks. */
const mostDifferent = 64;

/**
 * What is locked can be loosened for no image either: an entry belongs to the layer that its file is. Two entries decide a
 * setting of an image, the one of the locked layer and the one of the last layer that sets it, so each two are compared.
 */
export function enforceLocksOnImages(layers: readonly ConfigLayer[]): void {
  const effective = (some: readonly ConfigLayer[]): Config => effectiveOf(some).config;
  enforceLocks(layers, effective);
  if (!layers.some(({ config }) => (config.locked ?? []).length > 0)) return;
  const entries = differentOf(layers);
  for (const [index, one] of entries.entries())
    for (const other of entries.slice(index))
      enforceLocks(
        layersFor(layers, (entry) => entry === one || entry === other),
        effective,
      );
}

/** Of entries with the same settings in one layer, the first. */
export function differentOf(layers: readonly ConfigLayer[]) {
  const found = layers.flatMap(({ config }) => {
    const bySettings = new Map(
      entriesOf([config])
        .toReversed()
        .map((entry) => {
          const { image, ...settings } = entry.value;
          return [JSON.stringify(settings), entry] as const;
        }),
    );
    return [...bySettings.values()];
  });
  if (found.length > mostDifferent)
    throw new UsageError(
      `there are ${found.length} entries of images: with different settings, expected at most ${mostDifferent} where settings are locked`,
    );
  return found;
}
