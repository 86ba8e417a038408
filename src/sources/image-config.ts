// supporting: the config of an image
import { type Digest, parseDigest } from './digest.ts';
import { field, type Json, list, required, text, textMap, textOr, texts, truth } from './json.ts';
import { normalise, type Platform } from './platform.ts';
import type { ImageConfig } from './source.ts';

export interface DecodedConfig {
  readonly platform: Platform;
  readonly config: ImageConfig;
  /** One for each layer, oldest first. */
  readonly diffIds: readonly Digest[];
  /** `created_by` of each history entry that made a layer; null where it says nothing. */
  readonly createdBy: readonly (string | null)[];
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
    createdBy: history(document),
  };
}

function runConfig(document: Json): ImageConfig {
  const run = field(document, 'config') ?? { where: `${document.where}.config`, value: {} };
  return {
    created: textOr(document, 'created', null),
    user: textOr(run, 'User', ''),
    entrypoint: texts(run, 'Entrypoint'),
    cmd: texts(run, 'Cmd'),
    env: texts(run, 'Env'),
    workingDirectory: textOr(run, 'WorkingDir', ''),
    labels: Object.fromEntries(textMap(run, 'Labels')),
  };
}

function history(document: Json): (string | null)[] {
  const entries = field(document, 'history');
  if (entries === undefined) return [];
  return list(entries)
    .filter((entry) => {
      const empty = field(entry, 'empty_layer');
      return empty === undefined || !truth(empty);
    })
    .map((entry) => textOr(entry, 'created_by', null));
}
