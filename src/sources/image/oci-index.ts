import { DamagedInput, LimitExceeded, MalformedInput, MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Files, readDocument } from '../files/files.ts';
import { field, type Json, list, required, text } from '../json/json.ts';
import { holdsAttestation } from './attestation.ts';
import {
  blobOf,
  type Descriptor,
  decodeDescriptor,
  isIndex,
  isOfNoPlatform,
  readBlob,
} from './oci-descriptor.ts';

/** An image manifest, by its descriptor. */
export interface Listed {
  readonly descriptor: Descriptor;
  /** Of the entry of index.json under which it stands; null when that has none. */
  readonly name: string | null;
  /** Digests of the descriptors on the way from index.json to it, its own last. */
  readonly path: readonly string[];
  /** Set when its manifest, or an index on the way to it, cannot be read. */
  readonly damage: DamagedInput | null;
  /** All of the layout, whatever they are about. */
  readonly attestations: readonly Descriptor[];
}

const maxDescriptors = 10_000;

/**
 * All image manifests, in the order of index.json, those of nested indexes in place; attestations are left out. An index
 * that is met again under one name is not read again. Some runtimes do without the file `oci-layout`. Throws when the
 * layout itself cannot be read.
 */
export async function listImages(
  files: Files,
  limits: Limits,
  layout: 'whole' | 'without-version' = 'whole',
): Promise<readonly Listed[]> {
  if (layout === 'whole' || files.find('oci-layout') !== null) await checkLayout(files, limits);
  const index = await readTop(files, 'index.json', limits);
  const waiting = manifestsOf(index).map((descriptor) =>
    listed(descriptor, nameOf(descriptor), []),
  );
  const images: Listed[] = [];
  const attestations: Descriptor[] = [];
  const visited = new Set<string>();
  for (let count = 0; waiting.length > 0; count += 1) {
    const next = waiting.shift();
    if (next === undefined) continue;
    if (isOfNoPlatform(next.descriptor) && !isIndex(next.descriptor)) {
      const isAttestation = await holdsAttestation(next.descriptor, files, limits);
      if (isAttestation) attestations.push(next.descriptor);
      if (isAttestation && !isNamed(next)) continue;
    }
    const again = JSON.stringify([next.name, next.descriptor.digest.text]);
    if (visited.has(again)) continue;
    visited.add(again);
    const found = isIndex(next.descriptor)
      ? await expand(next, files, limits)
      : checked(next, files);
    if (Array.isArray(found)) waiting.splice(0, 0, ...bounded(found, count + waiting.length));
    else images.push(found);
  }
  return images.map((image) => ({ ...image, attestations }));
}

/** Has a name in index.json itself, by which some runtimes find it whatever platform is stated there. */
export function isNamed({ name, path }: Listed): boolean {
  return name !== null && path.length === 1;
}

function bounded<Item>(found: readonly Item[], already: number): readonly Item[] {
  if (found.length + already <= maxDescriptors) return found;
  throw new LimitExceeded(`index.json lists more than ${maxDescriptors} manifests`);
}

/** The version says how the rest is to be read; there is one so far. */
async function checkLayout(files: Files, limits: Limits): Promise<void> {
  const json = await readTop(files, 'oci-layout', limits);
  const version = text(required(json, 'imageLayoutVersion'));
  if (!version.startsWith('1.')) {
    throw new MalformedInput(
      `oci-layout.imageLayoutVersion is ${JSON.stringify(version.slice(0, 40))}, expected 1.0.0`,
    );
  }
}

async function readTop(files: Files, name: string, limits: Limits): Promise<Json> {
  const file = files.find(name);
  if (file === null) throw new MissingPart(`there is no ${name}, which every OCI layout has`);
  return (await readDocument(file, { digest: null, size: null }, limits)).json;
}

/** As a manifest must not be an index (CVE-2021-41190), an index must not be a manifest. */
function manifestsOf(index: Json): Descriptor[] {
  const other = ['config', 'layers', 'fsLayers'].find((name) => field(index, name) !== undefined);
  if (other !== undefined)
    throw new MalformedInput(`${index.where} has ${other}, expected an index of manifests`);
  const manifests = list(required(index, 'manifests'));
  return bounded(manifests, 0).map(decodeDescriptor);
}

function listed(descriptor: Descriptor, name: string | null, above: readonly string[]): Listed {
  return {
    descriptor,
    name,
    path: [...above, descriptor.digest.text],
    damage: null,
    attestations: [],
  };
}

/** containerd keeps the whole name apart from the tag. */
function nameOf({ annotations }: Descriptor): string | null {
  return (
    annotations.get('io.containerd.image.name') ??
    annotations.get('org.opencontainers.image.ref.name') ??
    null
  );
}

function checked(image: Listed, files: Files): Listed {
  const { digest } = image.descriptor;
  try {
    if (blobOf(files, image.descriptor) !== null) return image;
    throw new MissingPart(
      `the manifest ${digest.text} is not here, expected as its index names it`,
    );
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { ...image, damage: error };
  }
}

/** Those listed in it, or itself when it cannot be read. */
async function expand(index: Listed, files: Files, limits: Limits): Promise<Listed[] | Listed> {
  const { descriptor, name, path } = index;
  try {
    if (path.length > limits.maxIndexNesting)
      throw new LimitExceeded(`indexes are nested deeper than ${limits.maxIndexNesting} levels`);
    const { json } = await readBlob(files, descriptor, limits);
    return manifestsOf(json).map((inner) => listed(inner, name, path));
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { ...index, damage: error };
  }
}
