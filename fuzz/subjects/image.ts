import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import type { Problem } from '../../src/base/problem.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import type { CatalogOptions } from '../../src/layers/building/catalog-options.ts';
import { withFacts } from '../../src/layers/building/with-facts.ts';
import { catalogLayer } from '../../src/layers/catalog-layer.ts';
import { FileMemory } from '../../src/layers/content/file-memory.ts';
import { squash } from '../../src/layers/squash.ts';
import { keepsText } from '../../src/root/system/kept-texts.ts';
import dockerArchive from '../../src/sources/docker-archive.ts';
import type { FileInput } from '../../src/sources/input/input.ts';
import { holdingOfTar, seekableArchive } from '../../src/sources/input/seekable-archive.ts';
import ociArchive from '../../src/sources/oci-archive.ts';
import type { Source, Target } from '../../src/sources/source.ts';
import { gnuLong, tarEntry, tarOf } from '../../test/support/archives/tar-builder.ts';
import { bytesOfElf } from '../../test/support/elf/elf-content.ts';
import { damageBytes, mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { mutateJson, mutateText } from '../mutate-json.ts';
import type { Random } from '../random.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

/** Archives of images whose documents say other things than they should, up to the squashed root. */
export default {
  name: 'image',
  make(random) {
    const isDamaged = random.oneIn(4);
    const bytes = isDamaged ? damageBytes(whole(), [], random) : imageOf(mutatorOf(random));
    return { bytes, origin: '', isDamaged };
  },
  async check({ bytes, isDamaged }) {
    for (const source of [dockerArchive, ociArchive]) {
      const targets = await openedBy(source, bytes);
      for (const target of targets ?? []) {
        const problems = await problemsOf(target);
        if (isDamaged) expectProblem(bytes, target, problems);
      }
    }
  },
} satisfies Subject;

const whole = lazily(() => imageOf((_, document) => document));

type MutateDocument = (name: string, document: unknown) => unknown;

/** One of the documents is changed, seldom all; its digest is made to fit, so that it is read. */
function mutatorOf(random: Random): MutateDocument {
  const chosen = random.pick(['index', 'manifest', 'config', 'docker', 'layer']);
  const all = random.oneIn(6);
  return (name, document) => {
    if (name !== chosen && !all) return document;
    if (Buffer.isBuffer(document)) return mutateBytes(document, [wholeOf(document)], random);
    if (!random.oneIn(8)) return mutateJson(document, random);
    return Buffer.from(mutateText(JSON.stringify(document), random));
  };
}

const endOfTar = 1024;

function imageOf(mutate: MutateDocument): Buffer {
  const blobs = new Map<string, Buffer>();
  const add = (name: string, document: unknown) => {
    const bytes = encoded(mutate(name, document));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(`blobs/${digest.replace(':', '/')}`, bytes);
    return { mediaType: mediaTypes[name] ?? mediaTypes['layer'], digest, size: bytes.length };
  };
  const plain = tarOf(
    tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
    gnuLong('L', 'bin/'.repeat(40)),
    tarEntry({ name: 'bin/x' }, '\x7fELF'),
  );
  const layer = add('layer', gzipSync(plain));
  const config = add('config', {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { User: '1', Entrypoint: ['/bin/x'], Cmd: null, Env: ['A=b'], Labels: { a: 'b' } },
    rootfs: { type: 'layers', diff_ids: [sha256(plain)] },
    history: [{ created_by: 'COPY' }, { empty_layer: true }],
  });
  const manifest = add('manifest', { schemaVersion: 2, config, layers: [layer] });
  const platform = { os: 'linux', architecture: 'amd64' };
  const index = encoded(
    mutate('index', { schemaVersion: 2, manifests: [{ ...manifest, platform }] }),
  );
  const names = { Config: pathOf(config.digest), Layers: [pathOf(layer.digest)] };
  const docker = encoded(mutate('docker', [{ RepoTags: ['app:1'], ...names }]));
  return tarOf(
    tarEntry({ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}'),
    tarEntry({ name: 'index.json' }, index),
    tarEntry({ name: 'manifest.json' }, docker),
    ...[...blobs].map(([name, bytes]) => tarEntry({ name }, bytes)),
  );
}

const mediaTypes: Readonly<Record<string, string>> = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

function encoded(document: unknown): Buffer {
  return Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document) ?? '');
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function openedBy(source: Source, bytes: Buffer): Promise<readonly Target[] | null> {
  try {
    return await source.open(inputOf(bytes), { platform: null, limits: defaultLimits });
  } catch (error) {
    if (error instanceof DamagedInput || error instanceof UsageError) return null;
    throw error;
  }
}

function inputOf(bytes: Buffer): FileInput {
  const file = bufferAccess(bytes);
  const archive = () => seekableArchive({ file: file as never, damage: null }, defaultLimits);
  return {
    kind: 'file',
    name: 'image.tar',
    selector: null,
    file,
    format: 'tar',
    damage: null,
    notices: [],
    mode: 0o644,
    uid: 0,
    gid: 0,
    holds: async () => holdingOfTar((await archive()).file, defaultLimits),
    archive,
  };
}

async function problemsOf(target: Target): Promise<readonly Problem[]> {
  const options: CatalogOptions = {
    limits: defaultLimits,
    keepsText,
    memory: new FileMemory(),
    extract: async (elf) => extract(bytesOfElf(elf), new Set()),
  };
  const walked = await Promise.all(target.layers.map((layer) => catalogLayer(layer, options)));
  const catalogs = walked.map((each) => withFacts(each, new Map()));
  const { problems } = squash(catalogs, defaultLimits);
  return [...target.problems, ...catalogs.flatMap((catalog) => catalog.problems), ...problems];
}

/** Only the end marker may go unnoticed, and in a docker-archive the last blob, which is the manifest of the layout. */
function expectProblem(bytes: Buffer, target: Target, problems: readonly Problem[]): void {
  const size = whole().length;
  const unused = target.scheme === 'docker-archive' ? sizeOfLastEntry(whole()) : 0;
  const needed = size - endOfTar - unused;
  holds(bytes.length >= needed || problems.some(({ kind }) => kind !== 'notice'), () => {
    return `${target.scheme}: an archive cut to ${bytes.length} of ${size} bytes has no problem`;
  });
}

/** With its header. */
function sizeOfLastEntry(archive: Buffer): number {
  const header = archive.lastIndexOf('ustar') - 257;
  return archive.length - endOfTar - header;
}
