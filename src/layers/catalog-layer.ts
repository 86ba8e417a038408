import type { Entry } from '../archive/entry.ts';
import { DamagedInput, DigestMismatch, MalformedInput } from '../base/errors.ts';
import { problemOf } from '../base/problem-of.ts';
import type { Layer } from '../sources/source.ts';
import { CatalogBuilder } from './building/catalog-builder.ts';
import type { CatalogOptions } from './building/catalog-options.ts';
import { type EntryList, KeptEntries } from './building/entry-list.ts';
import { type Whiteout, whiteoutOf } from './building/whiteout.ts';
import type { WalkedLayer } from './catalog.ts';

/**
 * Walks a layer once. Files are extracted while the walk goes on. Damage and exceeded limits become problems, and what
 * was read until then is kept.
 */
export async function catalogLayer(
  layer: Pick<Layer, 'digest' | 'diffId' | 'entries'>,
  options: CatalogOptions,
  entries: EntryList = new KeptEntries(),
): Promise<WalkedLayer> {
  // Of an image something is promised. Elsewhere the names of whiteouts are names as all others, and programs have them.
  const isOfImage = layer.digest !== null || layer.diffId !== null;
  const catalog = new CatalogBuilder(options, entries, isOfImage ? whiteoutOf : plainName);
  const name = layer.digest ?? layer.diffId ?? 'layer';
  const walk = layer
    .entries((problem) => catalog.report({ ...problem, where: problem.where || name }))
    [Symbol.asyncIterator]();
  try {
    for (let step = await walk.next(); !step.done; step = await walk.next()) {
      try {
        await catalog.add(step.value);
      } catch (error) {
        throw error instanceof MalformedInput ? await causeOf(error, walk) : error;
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    catalog.report(problemOf(error, name));
  } finally {
    await walk.return?.();
  }
  return catalog.finish();
}

function plainName(): Whiteout {
  return { kind: 'none' };
}

/** The walk that follows a damaged body ends, and knows whether the layer's bytes are the wrong ones altogether. */
async function causeOf(damage: MalformedInput, walk: AsyncIterator<Entry>): Promise<unknown> {
  try {
    await walk.next();
    return damage;
  } catch (error) {
    return error instanceof DigestMismatch || !(error instanceof DamagedInput) ? error : damage;
  }
}
