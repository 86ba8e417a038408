import { amount } from '../../../base/amount.ts';
import { UsageError } from '../../../base/errors.ts';
import type { BaseImage } from '../../../base/image-config.ts';
import type { OpenSource, SourceOptions, Target } from '../../source.ts';
import { withBase } from './base-image.ts';

/** What `--base` names, as plain data. */
export type NamedBase =
  | { readonly by: 'count'; readonly asked: string; readonly layers: number }
  /** Of the last layer that came with it, as it is stored or uncompressed. */
  | { readonly by: 'digest'; readonly asked: string; readonly digest: string }
  | {
      readonly by: 'image';
      readonly asked: string;
      /** Digests of the uncompressed layers of each image that the name leads to, one for a platform. */
      readonly images: readonly (readonly string[])[];
    };

/** Throws UsageError for what is neither a number, a digest nor an image, and DamagedInput for one that cannot be read. */
export async function readNamedBase(
  asked: string,
  options: SourceOptions,
  open: (reference: string, options: SourceOptions) => Promise<OpenSource>,
): Promise<NamedBase> {
  if (/^\d{1,4}$/.test(asked)) return { by: 'count', asked, layers: Number(asked) };
  if (/^sha\d+:[0-9a-f]+$/.test(asked)) return { by: 'digest', asked, digest: asked };
  const { targets, close } = await open(asked, { ...options, platform: 'all' });
  try {
    const images = targets
      .map(({ layers }) => layers.map(({ diffId }) => diffId))
      .filter((ids): ids is string[] => ids.length > 0 && ids.every((id) => id !== null));
    if (images.length > 0) return { by: 'image', asked, images };
    throw new UsageError(`--base is ${asked}, which is not an image with layers`);
  } finally {
    await close();
  }
}

/** The target with the layers of that base. Throws UsageError where it is not built on it. */
export function onNamedBase(target: Target, named: NamedBase): Target {
  if (target.kind !== 'image')
    throw new UsageError(`--base is for images, and ${target.name} is not one`);
  const count = layersOf(target, named);
  if (count === null)
    throw new UsageError(`${target.name} is not built on ${named.asked}: ${whyNot(target, named)}`);
  const name = named.by === 'image' ? named.asked : (target.base?.name ?? null);
  const digest = target.base?.digest ?? null;
  const base: BaseImage = {
    ...{ layers: count, name, digest },
    ...{ how: 'named', because: `--base ${named.asked} says so` },
  };
  return withBase(target, base);
}

function layersOf({ layers }: Target, named: NamedBase): number | null {
  switch (named.by) {
    case 'count':
      return named.layers <= layers.length ? named.layers : null;
    case 'digest': {
      const at = layers.findIndex(
        ({ digest, diffId }) => digest === named.digest || diffId === named.digest,
      );
      return at < 0 ? null : at + 1;
    }
    default: {
      const lengths = named.images
        .filter((image) => image.every((id, at) => id === layers[at]?.diffId))
        .map(({ length }) => length);
      return lengths.length === 0 ? null : Math.max(...lengths);
    }
  }
}

function whyNot({ layers }: Target, named: NamedBase): string {
  if (named.by === 'count') return `it has ${amount(layers.length, 'layer')}`;
  if (named.by === 'digest') return 'none of its layers has that digest';
  return 'its first layers are others';
}
