import type { ImageConfig } from '../../base/image-config.ts';
import { type Digest, parseDigest } from '../bytes/digest.ts';
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
} from '../json/json.ts';
import type { HistoryEntry } from './base/by-history.ts';
import { normalise, type Platform } from './platform.ts';

export interface DecodedConfig {
  readonly platform: Platform;
  readonly config: ImageConfig;
  /** One for each layer, oldest first. */
  readonly diffIds: readonly Digest[];
  /** `created_by` of each history entry that made a layer; null where it says nothing. */
  readonly createdBy: readonly (string | null)[];
  /** Oldest first, also those that made no layer. */
  readonly history: readonly HistoryEntry[];
}

/** OCI image-spec config.md; Docker's own is the same. Throws MalformedInput, which names the field. */
export function decodeConfig(document: Json): DecodedConfig {
  const rootfs = required(document, 'rootfs');
  // Of an image without layers some builders leave them out.
  const diffIds = field(rootfs, 'diff_ids');
  const os = textOr(document, 'os', 'linux');
  const architecture = textOr(document, 'architecture', 'unknown');
  return {
    platform: normalise(os, architecture, textOr(document, 'variant', '')),
    config: runConfig(document),
    diffIds: (diffIds === undefined ? [] : list(diffIds)).map((json) =>
      parseDigest(text(json), json.where),
    ),
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
    ...healthcheckOf(run),
    labels: Object.fromEntries(textMap(run, 'Labels')),
  };
}

function volumesOf(run: Json): Pick<ImageConfig, 'volumes'> {
  const volumes = keysOf(run, 'Volumes');
  return volumes.length === 0 ? {} : { volumes };
}

/**
 * `["CMD", "curl", ...]`, `["CMD-SHELL", "curl ..."]` or `["NONE"]`. OCI has no such field, and its runtimes ignore it:
 * a wrong one is not damage.
 */
function healthcheckOf(run: Json): Pick<ImageConfig, 'healthcheck'> {
  const healthcheck = field(run, 'Healthcheck');
  const isObject = typeof healthcheck?.value === 'object' && healthcheck.value !== null;
  const test = isObject && !Array.isArray(healthcheck.value) ? field(healthcheck, 'Test') : null;
  const words = Array.isArray(test?.value)
    ? test.value.filter((each) => typeof each === 'string')
    : [];
  const [kind, ...command] = words.map((word) => word.toWellFormed());
  return (kind === 'CMD' || kind === 'CMD-SHELL') && command.length > 0
    ? { healthcheck: command }
    : {};
}

function history(document: Json): Pick<DecodedConfig, 'createdBy' | 'history'> {
  const entries = field(document, 'history');
  const steps = (entries === undefined ? [] : list(entries)).map((entry) => {
    const empty = field(entry, 'empty_layer');
    const isEmpty = empty !== undefined && truth(empty);
    const createdBy = textOr(entry, 'created_by', null);
    return { isEmpty, createdBy, comment: textOr(entry, 'comment', null) };
  });
  const layers = steps.filter(({ isEmpty }) => !isEmpty);
  return { createdBy: layers.map(({ createdBy }) => createdBy), history: steps };
}
