import type { EntryWalk } from '../../archive/entry.ts';
import { listed } from '../../base/amount.ts';
import { DamagedInput, UnsupportedFormat } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import { printableName } from '../../base/text.ts';
import type { Digest } from '../bytes/digest.ts';
import { reportingBehind } from '../bytes/report-behind.ts';
import {
  holdStoredLayer,
  holdStreamedLayer,
  isStoredAs,
  walkStoredLayer,
  walkStreamedLayer,
} from '../bytes/stored-layer.ts';
import type { StoredFile } from '../files/files.ts';
import type { HeldLayer, Layer, Promised, Target } from '../source.ts';
import { findBase, unknownBase, withBase } from './base/base-image.ts';
import type { FoundBase } from './base/by-history.ts';
import type { DecodedConfig } from './image-config.ts';
import { platformText } from './platform.ts';

export interface Image {
  readonly name: string;
  readonly scheme: string;
  readonly digest: Digest;
  readonly config: DecodedConfig;
  readonly layers: readonly LayerFile[];
  readonly problems: readonly Problem[];
  /** Of its manifest and of what lists it. */
  readonly annotations: ReadonlyMap<string, string>;
  /** What the documents around it say about its base; null: nothing. */
  readonly around: FoundBase | null;
}

/** A layer as a manifest names it. */
export interface LayerFile {
  /** As the manifest names it. */
  readonly name: string;
  readonly digest: Digest | null;
  /** Promised by a descriptor; null where nothing promises it. */
  readonly size: number | null;
  /** null: absent. */
  readonly file: StoredFile | null;
  /** As the manifest states it; absent: its form states none. */
  readonly mediaType?: string;
  /** Where else it is, as the manifest states it. */
  readonly urls?: readonly string[];
}

export function imageTarget(image: Image, limits: Limits): Target {
  const { config, layers } = image;
  const { diffIds, createdBy } = config;
  const problems = [...image.problems, ...layers.filter(isAbsent).map(missing)];
  if (diffIds.length !== layers.length) problems.push(miscounted(image));
  const matched = diffIds.length === layers.length ? diffIds : [];
  const commands = createdBy.length === layers.length ? createdBy : [];
  const base = findBase({ ...image, ...config, diffIds: matched.map(({ text }) => text) });
  const target: Target = {
    name: image.name,
    scheme: image.scheme,
    kind: 'image',
    digest: image.digest.text,
    platform: platformText(config.platform),
    config: config.config,
    layers: layers.map((layer, at) =>
      layerOf(
        layer,
        {
          diffId: matched[at] ?? null,
          createdBy: commands[at] ?? null,
          origin: null,
        },
        limits,
      ),
    ),
    problems,
  };
  // A history with other layers than the image says nothing about it.
  const isByHistory = base.how === 'builder' || base.how === 'command';
  return isByHistory && commands.length === 0
    ? withBase(target, unknownBase(base))
    : withBase(target, base);
}

/** Stands in the report for an image of which not even manifest and config can be read. */
export function unreadableImage(
  name: string,
  scheme: string,
  digest: Digest | null,
  error: unknown,
): Target {
  if (!(error instanceof DamagedInput)) throw error;
  return {
    name,
    scheme,
    kind: 'image',
    digest: digest?.text ?? null,
    platform: null,
    config: null,
    layers: [],
    problems: [problemOf(error, digest?.text ?? name)],
  };
}

function layerOf(
  layer: LayerFile,
  {
    diffId,
    createdBy,
    origin,
  }: Pick<Layer, 'createdBy' | 'origin'> & {
    readonly diffId: Digest | null;
  },
  limits: Limits,
): Layer {
  const { digest, size, file } = layer;
  const promised = { digest, size, diffId };
  return {
    digest: digest?.text ?? null,
    diffId: diffId?.text ?? null,
    size: file?.size ?? null,
    createdBy,
    origin,
    isThere: async () => file !== null && (await holdsAll(file, size)),
    isAsPromised: async () =>
      file !== null && (file.access === 'stream' || (await isStoredAs(file.open, promised))),
    entries: (report) => {
      if (file === null) return nothing();
      const walk = walkLayerFile(file, promised, reportingBehind(limits, report));
      return isEncrypted(layer) ? decrypted(walk, layer) : walk;
    },
    hold: async () => (file === null || isEncrypted(layer) ? null : holdLayerFile(file, promised)),
  };
}

/** The reader reports a blob that cannot be opened. */
async function holdsAll(file: StoredFile, promised: number | null): Promise<boolean> {
  if (file.access === 'stream') return true;
  try {
    const blob = await file.open();
    blob.close();
    return blob.size === (promised ?? file.size);
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}

function walkLayerFile(file: StoredFile, promised: Promised, limits: Limits): EntryWalk {
  const walk = file.access === 'stream' ? walkStreamedLayer : walkStoredLayer;
  return walk(file.open, promised, limits);
}

function holdLayerFile(file: StoredFile, promised: Promised): Promise<HeldLayer | null> {
  const hold = file.access === 'stream' ? holdStreamedLayer : holdStoredLayer;
  return hold(file.open, promised);
}

/** ocicrypt adds this to the type of a layer. */
function isEncrypted({ mediaType = '' }: LayerFile): boolean {
  return /\+encrypted$/.test(mediaType);
}

/** A type may be wrong, so it is the reason only where the layer cannot be read. */
async function* decrypted(walk: EntryWalk, { mediaType, digest, name }: LayerFile): EntryWalk {
  try {
    yield* walk;
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    throw new UnsupportedFormat(
      `the layer ${digest?.text ?? name} is encrypted (${mediaType}), and cannot be read without its key`,
    );
  }
}

function isAbsent(layer: LayerFile): boolean {
  return layer.file === null;
}

function missing({ name, digest, urls = [] }: LayerFile): Problem {
  const why =
    urls.length === 0
      ? 'expected as the manifest names it'
      : `since it is distributed by its own addresses alone: ${listed(urls.map(printableName))}`;
  return {
    kind: 'missing',
    where: digest?.text ?? name,
    message: `the layer ${name} is not here, ${why}`,
  };
}

function miscounted({ config, layers, digest }: Image): Problem {
  const message = `the manifest names ${layers.length} layers, but the config has ${config.diffIds.length} diff_ids: they cannot be verified`;
  return { kind: 'damaged', where: digest.text, message };
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}
