import { DamagedInput } from '../../../base/errors.ts';
import type { BaseImage, ImageConfig } from '../../../base/image-config.ts';
import { field, parseJson, textOr } from '../../json/json.ts';
import type { Target } from '../../source.ts';
import { byBuilder, byCommand, type FoundBase, type HistoryEntry } from './by-history.ts';

export interface BaseClues {
  readonly config: ImageConfig;
  readonly history: readonly HistoryEntry[];
  /** Of the uncompressed layers, oldest first. */
  readonly diffIds: readonly string[];
  /** Of the manifest. */
  readonly annotations: ReadonlyMap<string, string>;
  /** From the documents around the image, if they have it. */
  readonly around?: FoundBase | null;
}

const nameKey = 'org.opencontainers.image.base.name';
const digestKey = 'org.opencontainers.image.base.digest';

/**
 * Evidence in the order of what it is worth: a record of the build, what the platform of a build wrote, the marks of builders
 * in the history, and at last a CMD that is not the command of the image itself.
 */
export function findBase(clues: BaseClues): BaseImage {
  const { config, history, annotations, around } = clues;
  const label = new Map(Object.entries(config.labels));
  const names = {
    name: annotations.get(nameKey) || label.get(nameKey) || null,
    digest: baseDigest(clues),
  };
  const builder = byBuilder(history);
  const command = byCommand(history, config.cmd);
  const found = around ?? byRunImage(label, clues) ?? furtherOf(builder, command);
  if (found === null) return { ...names, layers: null, how: null, because: whyNot(names) };
  const { layers, how, because } = found;
  return { ...names, name: found.name ?? names.name, layers, how, because };
}

/** A distribution begins what other images are built on: a later CMD ends one of those. */
function furtherOf(builder: FoundBase | null, command: FoundBase | null): FoundBase | null {
  if (builder === null || command === null) return builder ?? command;
  return builder.isAtLeast === true && command.layers > builder.layers ? command : builder;
}

/** What is said of the base is kept, but for the number of its layers. */
export function unknownBase({ name, digest }: BaseImage): BaseImage {
  return { name, digest, layers: null, how: null, because: whyNot({ name, digest }) };
}

/** Each layer belongs to the base or to the image's author, where that is known. */
export function withBase(target: Target, base: BaseImage): Target {
  const { layers: count } = base;
  const layers = target.layers.map((layer, at) => ({
    ...layer,
    origin: count === null ? null : at < count ? ('base' as const) : ('own' as const),
  }));
  return { ...target, base, layers };
}

/** As an annotation or a label names it. */
export function baseDigest({
  annotations,
  config,
}: Pick<BaseClues, 'annotations' | 'config'>): string | null {
  return annotations.get(digestKey) || config.labels[digestKey] || null;
}

/** Buildpacks name the last layer of the image that a built one runs on. */
function byRunImage(label: ReadonlyMap<string, string>, { diffIds }: BaseClues): FoundBase | null {
  const text = label.get('io.buildpacks.lifecycle.metadata');
  const top = text === undefined ? null : topLayerOf(text);
  const at = top === null ? -1 : diffIds.indexOf(top.layer);
  if (top === null || at < 0 || at === diffIds.length - 1) return null;
  const name = top.name === '' ? {} : { name: top.name };
  return {
    layers: at + 1,
    how: 'label',
    because: 'the label of buildpacks names its last layer',
    ...name,
  };
}

function topLayerOf(text: string): { readonly layer: string; readonly name: string } | null {
  try {
    const runImage = field(parseJson(Buffer.from(text), 'the label of buildpacks'), 'runImage');
    const textIn = (name: string) => (runImage === undefined ? null : textOr(runImage, name, null));
    const layer = textIn('topLayer');
    return layer === null ? null : { layer, name: textIn('image') ?? textIn('reference') ?? '' };
  } catch (error) {
    // Anybody's text: no evidence.
    if (!(error instanceof DamagedInput)) throw error;
    return null;
  }
}

function whyNot({ name, digest }: Pick<BaseImage, 'name' | 'digest'>): string {
  const what = name ?? digest;
  return what === null
    ? 'nothing in the image records it; set it with --base'
    : `it is said to be ${what}, and nothing records how many layers that has; set it with --base`;
}
