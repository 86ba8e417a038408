import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Descriptor, json, layerOf, mediaTypes, sha256 } from '../sources/image-builder.ts';
import { estargz } from './estargz.ts';

/** By own writers: what Debian's versions of skopeo and podman cannot make. */
export const ownForms = [
  ...['gzip-twin', 'zstd-first', 'estargz', 'attested', 'referred', 'platforms', 'nested-index'],
];

/** Pushes them next to what is there under the tags `oci` and `oci-zstd`. `base`: `http://HOST/v2/NAME`. */
export function pushOwnForms(base: string): Promise<void> {
  async function document(version: string) {
    const accept = [mediaTypes.manifest, mediaTypes.index].join(', ');
    const answer = await fetch(`${base}/manifests/${version}`, { headers: { accept } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const mediaType = answer.headers.get('content-type') ?? '';
    return { bytes, descriptor: { mediaType, digest: sha256(bytes), size: bytes.length } };
  }

  async function blob(digest: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(`${base}/blobs/${digest}`)).arrayBuffer());
  }

  async function putBlob(bytes: Buffer, mediaType: string): Promise<Descriptor> {
    const digest = sha256(bytes);
    const upload = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(upload.headers.get('location') ?? '', base);
    place.searchParams.set('digest', digest);
    const { status } = await fetch(place, { method: 'PUT', body: new Uint8Array(bytes) });
    assert.equal(status, 201);
    return { mediaType, digest, size: bytes.length };
  }

  /** `tag`; null: by its digest alone. */
  async function putDocument(
    value: object,
    mediaType: string,
    tag: string | null,
  ): Promise<Descriptor> {
    const bytes = json({ schemaVersion: 2, mediaType, ...value });
    const digest = sha256(bytes);
    const headers = { 'content-type': mediaType };
    const place = `${base}/manifests/${tag ?? digest}`;
    const answer = await fetch(place, { method: 'PUT', headers, body: new Uint8Array(bytes) });
    assert.equal(answer.status, 201, await answer.text());
    return { mediaType, digest, size: bytes.length };
  }

  const putIndex = (tag: string | null, ...manifests: readonly object[]) =>
    putDocument({ manifests }, mediaTypes.index, tag);

  async function pushAll(): Promise<void> {
    const gzip = await document('oci');
    const zstd = await document('oci-zstd');
    const platform = { os: 'linux', architecture: 'amd64' };
    const image = { ...gzip.descriptor, platform };
    const marked = {
      ...{ ...zstd.descriptor, platform },
      annotations: { 'io.github.containers.compression.zstd': 'true' },
    };
    await putIndex('gzip-twin', image, marked);
    await putIndex('zstd-first', marked, image);
    const other = await otherPlatform();
    await putIndex('platforms', other, image);
    await putIndex('nested-index', await putIndex(null, image));
    await pushStargz(JSON.parse(gzip.bytes.toString()));
    await putIndex('attested', image, await attestation(image.digest));
    await pushReferrers(gzip.descriptor);
  }

  async function otherPlatform() {
    const tar = await layerOf('usr/bin/other');
    const config = json({
      ...{ os: 'linux', architecture: 'arm64' },
      rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
    });
    const parts = {
      config: await putBlob(config, mediaTypes.config),
      layers: [await putBlob(gzipSync(tar), mediaTypes.layer)],
    };
    const descriptor = await putDocument(parts, mediaTypes.manifest, null);
    return { ...descriptor, platform: { os: 'linux', architecture: 'arm64' } };
  }

  /** A table of contents becomes a file of each layer, so the layers have other diffIDs. */
  async function pushStargz({ config, layers }: Manifest): Promise<void> {
    const made = [];
    const diffIds: string[] = [];
    for (const { digest } of layers) {
      const stored = estargz(gunzipSync(await blob(digest)));
      diffIds.push(sha256(gunzipSync(stored)));
      made.push(await putBlob(stored, mediaTypes.layer));
    }
    const old = JSON.parse((await blob(config.digest)).toString());
    const fresh = json({ ...old, rootfs: { type: 'layers', diff_ids: diffIds } });
    const parts = { config: await putBlob(fresh, mediaTypes.config), layers: made };
    await putDocument(parts, mediaTypes.manifest, 'estargz');
  }

  /** As BuildKit puts it next to an image. */
  async function attestation(digest: string) {
    const statement = { _type: 'https://in-toto.io/Statement/v0.1', subject: [], predicate: {} };
    const type = 'application/vnd.in-toto+json';
    const layer = await putBlob(json(statement), type);
    const config = json({
      ...{ os: 'unknown', architecture: 'unknown' },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    });
    const parts = { config: await putBlob(config, mediaTypes.config), layers: [layer] };
    return {
      ...(await putDocument(parts, mediaTypes.manifest, null)),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': digest,
      },
    };
  }

  /** A signature by its tag as cosign pushes it, and an SBOM that refers to the image, in its index as well. */
  async function pushReferrers(image: Descriptor): Promise<void> {
    const empty = await putBlob(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
    const signed = await putBlob(
      json({ critical: { image: { 'docker-manifest-digest': image.digest } } }),
      'application/vnd.dev.cosign.simplesigning.v1+json',
    );
    const config = await putBlob(
      json({ architecture: '', os: '', rootfs: { type: 'layers', diff_ids: [signed.digest] } }),
      mediaTypes.config,
    );
    const tag = `${image.digest.replace(':', '-')}.sig`;
    await putDocument({ config, layers: [signed] }, mediaTypes.manifest, tag);
    const sbom = await putBlob(json({ spdxVersion: 'SPDX-2.3' }), 'application/spdx+json');
    const artifactType = 'application/spdx+json';
    const referrer = await putDocument(
      { artifactType, config: empty, layers: [sbom], subject: image },
      mediaTypes.manifest,
      null,
    );
    await putIndex('referred', { ...referrer, artifactType }, image);
  }

  return pushAll();
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}
