import { beginningOf } from '../../archive/beginning.ts';
import { compressionOf } from '../../archive/decompress.ts';
import { blockSize, decodeTarHeader } from '../../archive/tar/tar-header.ts';
import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Files, StoredFile } from '../files/files.ts';
import { field, type Json, list, textOr } from '../json/json.ts';
import { blobOf, type Descriptor, decodeDescriptor } from './oci-descriptor.ts';

// Registries and layouts hold signatures, SBOMs, charts and caches in the form of images. A type alone proves nothing, since runtimes
// ignore most of them: podman 4.3 runs what stands in an index under any type, and both it and containerd 1.6 unpack a tar
// whatever type its layer states, and whatever artifactType its manifest has.

/** A manifest that no runtime takes for an image. */
export class ForeignManifest extends MalformedInput {
  /** `a signature of cosign`, or a media type. */
  readonly what: string;

  constructor(message: string, what: string) {
    super(message);
    this.what = what;
  }
}

/**
 * A document of a type of its own that cannot be read as a manifest or config is none. An index also lists layers so, where it is a
 * build cache.
 */
export function orForeign(
  error: unknown,
  { mediaType, digest }: Descriptor,
  expected: 'manifest' | 'config',
): unknown {
  const isUnread = error instanceof MalformedInput || error instanceof LimitExceeded;
  if (!isUnread || types[expected].has(mediaType)) return error;
  return new ForeignManifest(
    `${digest.text} is not an image: its type is ${mediaType}, and it cannot be read as the ${expected} of one`,
    nameOf(mediaType),
  );
}

/**
 * Throws ForeignManifest if neither podman nor containerd could run it: its config is of another type and has no rootfs
 * (podman runs a config of the right type without one), or its layers are of other types, and none of them is a tar.
 */
export async function refuseArtifact(
  manifest: Json,
  config: { readonly json: Json; readonly type: string },
  files: Files,
): Promise<void> {
  const artifactType = textOr(manifest, 'artifactType', null);
  const refuse = (type: string, why: string): never => {
    throw new ForeignManifest(
      `${manifest.where} is not an image: ${why}`,
      nameOf(artifactType ?? type),
    );
  };
  const hasRootfs = field(config.json, 'rootfs') !== undefined;
  if (!hasRootfs && !types.config.has(config.type))
    refuse(config.type, `its config is of type ${config.type}, and has no rootfs`);
  const layers = field(manifest, 'layers');
  const descriptors = layers === undefined ? [] : list(layers).map(decodeDescriptor);
  const [first] = descriptors;
  if (first === undefined || descriptors.some(({ mediaType }) => layerType.test(mediaType))) return;
  for (const each of descriptors) if (await mayBeTar(blobOf(files, each))) return;
  refuse(first.mediaType, `its layers are of type ${first.mediaType}, and none of them is a tar`);
}

const types: Readonly<Record<'manifest' | 'config', ReadonlySet<string>>> = {
  manifest: new Set([
    '',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.distribution.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ]),
  config: new Set([
    '',
    'application/vnd.oci.image.config.v1+json',
    'application/vnd.docker.container.image.v1+json',
  ]),
};

const layerType = /^$|^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./;

/** By its first bytes. Absent: nobody can say. */
async function mayBeTar(file: StoredFile | null): Promise<boolean> {
  if (file === null) return true;
  const blob = await file.open();
  try {
    const length = Math.min(blob.size, blockSize);
    const first = await beginningOf(blob.stream(0, length), length);
    if (compressionOf(first) !== 'none') return true;
    const block = Buffer.concat([first, Buffer.alloc(blockSize)]).subarray(0, blockSize);
    decodeTarHeader(block, 0);
    return true;
  } catch (error) {
    if (error instanceof MalformedInput) return false;
    throw error;
  } finally {
    blob.close();
  }
}

/** What people know some types as. */
const names: readonly (readonly [type: RegExp, name: string])[] = [
  [/^application\/vnd\.dev\.cosign\.simplesigning\./, 'a signature of cosign'],
  [/^application\/vnd\.(?:cncf\.notary|dev\.sigstore)\./, 'a signature'],
  [/^application\/vnd\.in-toto/, 'a statement of in-toto'],
  [/spdx|cyclonedx|syft/, 'an SBOM'],
  [/^application\/vnd\.buildkit\.cacheconfig\./, 'a build cache of BuildKit'],
  [/^application\/vnd\.amazon\.soci\./, 'an index of SOCI'],
  [/^application\/vnd\.cncf\.helm\./, 'a Helm chart'],
  [layerType, 'a layer'],
];

function nameOf(type: string): string {
  return names.find(([pattern]) => type !== '' && pattern.test(type))?.[1] ?? (type || 'no type');
}
