import { MalformedInput, MissingPart, UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Digest, digestFrom } from '../bytes/digest.ts';
import { type Files, readDocument } from '../files/files.ts';
import { type Json, list, required, text, texts } from '../json/json.ts';

/** One image of the archive. */
export interface DockerImage {
  /** Name of its config in the archive. */
  readonly config: string;
  /** `repo:tag`; several names of one image are one element. */
  readonly tags: readonly string[];
  /** Names in the archive, oldest first. */
  readonly layers: readonly string[];
}

const manifestName = 'manifest.json';

/** Throws MissingPart, MalformedInput; UsageError for archives of Docker before 1.10, which have no manifest. */
export async function readDockerManifest(
  files: Files,
  limits: Limits,
): Promise<readonly DockerImage[]> {
  const file = files.find(manifestName);
  if (file === null) {
    if (files.find('repositories') === null)
      throw new MissingPart(`the archive holds no ${manifestName}`);
    throw new UsageError(
      `the archive holds only a repositories file, as Docker wrote before version 1.10, and no ${manifestName}: load it into a current Docker and save it again`,
    );
  }
  const { json } = await readDocument(file, { digest: null, size: null }, limits);
  const images = list(json).map(decodeImage);
  if (images.length === 0) throw new MalformedInput(`${manifestName} lists no image`);
  return images;
}

function decodeImage(json: Json): DockerImage {
  return {
    config: text(required(json, 'Config')),
    tags: texts(json, 'RepoTags'),
    layers: texts(json, 'Layers'),
  };
}

/**
 * The digest that a name in the archive promises: `blobs/sha256/…` since Docker 25, `….json` and `sha256:…` before and
 * by other writers, for configs alone. A layer `….tar` promises nothing: some writers name it by diffID, some by blob.
 */
export function promisedByName(name: string, part: 'config' | 'layer'): Digest | null {
  const blob = /^blobs\/(sha256)\/([0-9a-f]{64})$|^blobs\/(sha512)\/([0-9a-f]{128})$/.exec(name);
  if (blob?.[2] !== undefined) return digestFrom(blob[2], 'sha256');
  if (blob?.[4] !== undefined) return digestFrom(blob[4], 'sha512');
  const config = part === 'config' ? /^(?:sha256:)?([0-9a-f]{64})(?:\.json)?$/.exec(name) : null;
  return config?.[1] === undefined ? null : digestFrom(config[1], 'sha256');
}

/** `alpine`, `alpine:latest` and `docker.io/library/alpine:latest` name one image. */
export function sameName(one: string, other: string): boolean {
  return familiar(one) === familiar(other);
}

function familiar(name: string): string {
  const short = name
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/^localhost\//, '');
  return short.slice(short.lastIndexOf('/') + 1).includes(':') ? short : `${short}:latest`;
}
