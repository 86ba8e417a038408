// supporting: the config of an image
import { type Digest, parseDigest } from './digest.ts';
import {
  field,
  type Json,
  keysOf,
  list,
  required,
  text,
  textMap,
  textOr,
  texts,
  truth,
} from './json.ts';
import { normalise, type Platform } from './platform.ts';
import type { ImageConfig } from './source.ts';

export interface DecodedConfig {
  readonly platform: Platform;
  readonly config: ImageConfig;
  /** One for each layer, oldest first. */
  readonly diffIds: readonly Digest[];
  /** `created_by` of each history entry that made a layer; null where it says nothing. */
  readonly createdBy: readonly (string | null)[];
  /** How many of the layers came with the base image; null where the history does not tell. */
  readonly baseLayers: number | null;
}

/** OCI image-spec config.md; Docker's own is the same. Throws MalformedArchive, which names the field. */
export function decodeConfig(document: Json): DecodedConfig {
  const rootfs = required(document, 'rootfs');
  const os = textOr(document, 'os', 'linux');
  const architecture = textOr(document, 'architecture', 'unknown');
  return {
    platform: normalise(os, architecture, textOr(document, 'variant', '')),
    config: runConfig(document),
    diffIds: list(required(rootfs, 'diff_ids')).map((json) => parseDigest(text(json), json.where)),
    ...history(document),
  };
}

function runConfig(document: Json): ImageConfig {
  const run = field(document, 'config') ?? {
    ...document,
    where: `${document.where}.config`,
    value: {},
  };
  return {
    created: textOr(document, 'created', null),
    user: textOr(run, 'User', ''),
    entrypoint: texts(run, 'Entrypoint'),
    cmd: texts(run, 'Cmd'),
    env: texts(run, 'Env'),
    workingDirectory: textOr(run, 'WorkingDir', ''),
    ...volumesOf(run),
    labels: Object.fromEntries(textMap(run, 'Labels')),
  };
}

function volumesOf(run: Json): Pick<ImageConfig, 'volumes'> {
  const volumes = keysOf(run, 'Volumes');
  return volumes.length === 0 ? {} : { volumes };
}

function history(document: Json): Pick<DecodedConfig, 'createdBy' | 'baseLayers'> {
  const entries = field(document, 'history');
  const steps = (entries === undefined ? [] : list(entries)).map((entry) => {
    const empty = field(entry, 'empty_layer');
    const isEmpty = empty !== undefined && truth(empty);
    return { isEmpty, createdBy: textOr(entry, 'created_by', null) };
  });
  const layers = steps.filter(({ isEmpty }) => !isEmpty);
  const own = texts(field(document, 'config') ?? document, 'Cmd');
  return {
    createdBy: layers.map(({ createdBy }) => createdBy),
    baseLayers: baseLayers(steps, own),
  };
}

/**
 * A Dockerfile ends with its CMD, so layers after a CMD were added to an image that was finished before: the last CMD
 * with a layer after it ends the base image. Docker writes `/bin/sh -c #(nop)  CMD ["sh"]`, BuildKit `CMD ["sh"]`. Whoever writes
 * CMD before COPY does not end a base: the command that the image itself has may be its own, and so it ends none.
 */
function baseLayers(
  steps: readonly { readonly isEmpty: boolean; readonly createdBy: string | null }[],
  own: readonly string[],
): number | null {
  const lastLayer = steps.findLastIndex(({ isEmpty }) => !isEmpty);
  const end = steps
    .slice(0, Math.max(lastLayer, 0))
    .findLastIndex(
      ({ isEmpty, createdBy }) =>
        isEmpty &&
        /^(\/bin\/sh -c #\(nop\)\s+)?CMD\b/.test(createdBy ?? '') &&
        wordsOf(createdBy ?? '') !== wordsOf(own.join(' ')),
    );
  return end < 0 ? null : steps.slice(0, end).filter(({ isEmpty }) => !isEmpty).length;
}

/** A command without the ways to write one: quotes, brackets, commas, and the shell around it. */
function wordsOf(command: string): string {
  return command
    .replace(/^(\/bin\/sh -c #\(nop\)\s+)?CMD\b/, '')
    .replace(/[[\]",]/g, ' ')
    .replace(/^\s*\/bin\/(?:ba)?sh\s+-c\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
