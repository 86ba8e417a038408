import { gzipSync } from 'node:zlib';
import {
  type Descriptor,
  json,
  type LayoutBuilder,
  mediaTypes,
  onPlatform,
  zstdOf,
} from '../../test/sources/image-builder.ts';
import { tarOf } from '../../test/support/archives/tar-builder.ts';
import { file } from './entries.ts';
import type { IntakeCase, Place } from './intake-case.ts';
import { manifestOf, writeLayout } from './layout.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an index, or a layout, has next to the image. Each image has one program, so that what is judged shows which was taken. */
export const indexCases: readonly IntakeCase[] = [
  layout('a signature next to the image (cosign save)', (b, image) => [image('A'), signature(b)]),
  layout('a signature next to an index', (b, image) => [
    index(b, [image('A', onPlatform('amd64')), arm64(image, 'B')]),
    signature(b),
  ]),
  layout('a named signature (oras copy, skopeo sync)', (b, image) => [
    image('A'),
    { ...signature(b), annotations: { 'org.opencontainers.image.ref.name': 'sha256-1.sig' } },
  ]),
  layout('an SBOM next to its image (oras copy -r)', (b, image) => {
    const subject = image('A');
    return [subject, artifact(b, { subject, artifactType: 'application/spdx+json' })];
  }),
  layout('an SBOM whose descriptor has its type', (b, image) => [
    image('A'),
    { ...artifact(b, {}), artifactType: 'application/spdx+json' },
  ]),
  said('an artifact alone (Helm)', (b) => [
    artifact(b, {}, 'application/vnd.cncf.helm.config.v1+json'),
  ]),
  said('an artifact manifest of OCI 1.1, first draft', (b) => {
    const mediaType = 'application/vnd.oci.artifact.manifest.v1+json';
    const blobs = [b.blob(Buffer.from('hi'), 'x/y')];
    return [b.blob(json({ mediaType, artifactType: 'x/y', blobs }), mediaType)];
  }),
  layout('an attestation of BuildKit', (b, image) => {
    const subject = image('A', onPlatform('amd64'));
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': subject.digest,
    };
    return [index(b, [subject, { ...artifact(b, {}), ...unknownPlatform, annotations }])];
  }),
  layout('an attestation with a type of its own', (b, image) => {
    const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';
    const other = { ...artifact(b, { artifactType }), artifactType, ...unknownPlatform };
    return [index(b, [image('A', onPlatform('amd64')), other])];
  }),
  layout('gzip and zstd for one platform (podman push --add-compression)', (b, image, place) => [
    index(b, [image('A', onPlatform('amd64')), zstdTwin(b, place)]),
  ]),
  layout('zstd before gzip for one platform', (b, image, place) => [
    index(b, [zstdTwin(b, place), image('A', onPlatform('amd64'))]),
  ]),
  layout('an image and its twin for nydus', (b, image) => [
    index(b, [image('A', onPlatform('amd64')), image('B', featured('nydus.remoteimage.v1'))]),
  ]),
  layout('a twin for nydus in front', (b, image) => [
    index(b, [image('B', featured('nydus.remoteimage.v1')), image('A', onPlatform('amd64'))]),
  ]),
  layout('an image and its index of SOCI', (b, image) => {
    const subject = image('A', onPlatform('amd64'));
    const artifactType = 'application/vnd.amazon.soci.index.v2+json';
    const annotations = { 'com.amazon.soci.image-manifest-digest': subject.digest };
    const soci = { ...artifact(b, { artifactType }), artifactType, annotations };
    return [index(b, [subject, { ...soci, ...onPlatform('amd64') }])];
  }),
  layout('two images for one platform', (b, image) => [
    index(b, [image('A', onPlatform('amd64')), image('B', onPlatform('amd64'))]),
  ]),
  ...['linux/arm/v7', 'linux/arm/v6', 'linux/arm64', 'linux/arm64/v8'].map((platform) =>
    on(platform, layout('v6 and v5 of Arm, and 64 bits', armImages)),
  ),
  said('v6 and v5 of Arm, and 64 bits, on this machine', armImages),
  ...['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v3'].map((platform) =>
    on(
      platform,
      layout('x86-64 and its v2', (b, image) => [
        index(b, [image('A', onPlatform('amd64')), image('B', onPlatform('amd64', 'v2'))]),
      ]),
    ),
  ),
  on('linux/amd64/v3', layout('v2 and v3 of x86-64', levels)),
  said('v2 and v3 of x86-64, on this machine', levels),
  ...['linux/arm64', 'linux/arm64/v8'].map((platform) =>
    on(
      platform,
      layout('64 bits of Arm, with a variant and without', (b, image) => [
        index(b, [image('A', onPlatform('arm64', 'v8')), image('B', onPlatform('arm64'))]),
      ]),
    ),
  ),
  ...['linux/arm/v7', 'linux/arm/v6'].map((platform) =>
    on(
      platform,
      layout('32 bits of Arm, without a variant and with', (b, image) => [
        index(b, [image('A', onPlatform('arm')), image('B', onPlatform('arm', 'v6'))]),
      ]),
    ),
  ),
  layout('an entry without a platform', (b, image) => [index(b, [image('A'), arm64(image, 'B')])]),
  layout('entries without a platform', (b, image) => [index(b, [image('A'), image('B')])]),
  layout('an index in an index', (b, image) => [
    index(b, [index(b, [image('A', onPlatform('amd64'))])]),
  ]),
  said('versions of Windows', (b, image) => [
    index(b, [windows(image, 'A', '10.0.17763.1'), windows(image, 'B', '10.0.20348.1')]),
  ]),
  said('a cache of BuildKit', (b, _, place) => {
    const cache = b.blob(json({ layers: [] }), 'application/vnd.buildkit.cacheconfig.v0');
    const layer = b.blob(gzipSync(tarWith(place, 'A')), mediaTypes.layer);
    return [index(b, [layer, cache])];
  }),
  {
    ...layout('an image whose descriptor has no type', (_, image) => [
      { ...image('A'), mediaType: undefined },
    ]),
    refused: 'read',
  },
  said('an index whose descriptor has no type', (b, image) => [
    { ...index(b, [image('A', onPlatform('amd64'))]), mediaType: undefined },
  ]),
  layout('an index without a type of its own', (b, image) => [
    b.blob(
      json({ schemaVersion: 2, manifests: [image('A', onPlatform('amd64'))] }),
      mediaTypes.index,
    ),
  ]),
  layout('a platform whose content is not there (docker save)', (b, image) => {
    const away = arm64(image, 'B');
    b.files.delete(`blobs/${away.digest.replace(':', '/')}`);
    return [index(b, [away, image('A', onPlatform('amd64'))])];
  }),
  said('a manifest of schema 1', (b) => {
    const manifest = { schemaVersion: 1, name: 'x', tag: 'y', architecture: 'amd64' };
    const bytes = json({ ...manifest, fsLayers: [], history: [] });
    return [b.blob(bytes, 'application/vnd.docker.distribution.manifest.v1+prettyjws')];
  }),
];

type Image = (letter: string, more?: Fields) => Descriptor;
type Build = (b: LayoutBuilder, image: Image, place: Place) => readonly Descriptor[];

function layout(name: string, build: Build): IntakeCase {
  return {
    name,
    write: (place) =>
      writeLayout(place, (b) => build(b, (letter, more) => imageOf(b, place, letter, more), place)),
  };
}

function said(name: string, build: Build): IntakeCase {
  return { ...layout(name, build), refused: 'said' };
}

function on(platform: string, given: IntakeCase): IntakeCase {
  return { ...given, name: `${given.name}, for ${platform}`, platform };
}

function imageOf(b: LayoutBuilder, place: Place, letter: string, more: Fields = {}): Descriptor {
  const { platform } = more;
  const named = Object(platform);
  const config = { os: named.os ?? 'linux', ...(named.variant ? { variant: named.variant } : {}) };
  const architecture = named.architecture ?? 'amd64';
  return b.image({ architecture, layers: [tarWith(place, letter)], more: config }, more);
}

function tarWith({ elf }: Place, letter: string): Buffer {
  return tarOf(file('usr/bin/a', elf(letter)));
}

function index(b: LayoutBuilder, manifests: readonly Descriptor[]): Descriptor {
  const mediaType = mediaTypes.index;
  return b.blob(json({ schemaVersion: 2, mediaType, manifests }), mediaType);
}

const unknownPlatform = { platform: { os: 'unknown', architecture: 'unknown' } };

function artifact(
  b: LayoutBuilder,
  more: Fields,
  configType = 'application/vnd.oci.empty.v1+json',
): Descriptor {
  const config = b.blob(Buffer.from('{}'), configType);
  const layers = [b.blob(json({ spdx: JSON.stringify(more) }), 'application/spdx+json')];
  return b.blob(json({ schemaVersion: 2, config, layers, ...more }), mediaTypes.manifest);
}

/** As cosign writes it: an image in all but its layer. */
function signature(b: LayoutBuilder): Descriptor {
  const diffIds = [`sha256:${'2'.repeat(64)}`];
  const { config } = manifestOf(b, b.image({ layers: [], diffIds }));
  const payload = json({ critical: { type: 'cosign container image signature' } });
  const layers = [b.blob(payload, 'application/vnd.dev.cosign.simplesigning.v1+json')];
  return b.blob(json({ schemaVersion: 2, config, layers }), mediaTypes.manifest);
}

/** The same content as image A, compressed by zstd. */
function zstdTwin(b: LayoutBuilder, place: Place): Descriptor {
  const tar = tarWith(place, 'A');
  const { config } = manifestOf(b, b.image({ layers: [tar] }));
  const layers = [b.blob(zstdOf(tar), 'application/vnd.oci.image.layer.v1.tar+zstd')];
  const annotations = { 'io.github.containers.compression.zstd': 'true' };
  const more = { ...onPlatform('amd64'), annotations };
  return b.blob(json({ schemaVersion: 2, config, layers }), mediaTypes.manifest, more);
}

function featured(feature: string): Fields {
  return { platform: { os: 'linux', architecture: 'amd64', 'os.features': [feature] } };
}

function arm64(image: Image, letter: string): Descriptor {
  return image(letter, onPlatform('arm64'));
}

function armImages(b: LayoutBuilder, image: Image): readonly Descriptor[] {
  const v6 = image('A', onPlatform('arm', 'v6'));
  const v5 = image('B', onPlatform('arm', 'v5'));
  return [index(b, [v6, v5, image('C', onPlatform('arm64', 'v8'))])];
}

function levels(b: LayoutBuilder, image: Image): readonly Descriptor[] {
  return [index(b, [image('A', onPlatform('amd64', 'v2')), image('B', onPlatform('amd64', 'v3'))])];
}

function windows(image: Image, letter: string, version: string): Descriptor {
  return image(letter, {
    platform: { os: 'windows', architecture: 'amd64', 'os.version': version },
  });
}
