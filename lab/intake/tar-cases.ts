import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { json, mediaTypes, xzOf, zstdOf } from '../../test/sources/image-builder.ts';
import { base256, paxHeader, tarEntry, tarOf } from '../../test/support/archives/tar-builder.ts';
import { file } from './entries.ts';
import type { Differs, IntakeCase, Place } from './intake-case.ts';
import { imageOf, manifestOf, run, typedImage, write, writeLayout } from './layout.ts';

const zstdType = 'application/vnd.oci.image.layer.v1.tar+zstd';
const unverified: Differs = {
  from: ['podman'],
  because:
    'A config whose `diff_ids` are not those of the layers: podman unpacks it, the others refuse it, and here it is a problem',
};
const gnuTar = ['--sparse', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '-cf', '-'];

/** Dialects of tar, compressions of layers, and configs. */
export const tarCases: readonly IntakeCase[] = [
  ...['0.0', '0.1', '1.0'].map((version) =>
    sparse(`sparse files by GNU tar, PAX ${version}`, 'tar', [
      '--format=pax',
      `--sparse-version=${version}`,
      ...gnuTar,
    ]),
  ),
  sparse('sparse files by GNU tar, its own form', 'tar', ['--format=gnu', ...gnuTar], 'read'),
  sparse('sparse files by bsdtar', 'bsdtar', ['-cf', '-']),
  sparse('files by GNU tar, the format of 1979', 'tar', ['--format=v7', '-cf', '-']),
  sparse(
    'files by GNU tar, a label in front',
    'tar',
    ['--format=gnu', '-V', 'label', '-cf', '-'],
    'said',
  ),
  sparse(
    'files by GNU tar, with lists of directories',
    'tar',
    ['--format=gnu', '--incremental', '-cf', '-'],
    'said',
  ),
  plain('a global header of PAX', ({ elf }) =>
    tarOf(paxHeader({ comment: 'abc', mtime: '1' }, 'g'), file('usr/bin/a', elf('A'))),
  ),
  plain('a size in base 256', ({ elf }) => {
    const body = elf('A');
    const size = base256(BigInt(body.length), 12);
    return tarOf(tarEntry({ name: 'usr/bin/a', size, mode: 0o755 }, body));
  }),
  stored('gzip in several members', (tar) =>
    Buffer.concat([gzipSync(tar.subarray(0, 1536)), gzipSync(tar.subarray(1536))]),
  ),
  stored('gzip with an empty member at its end, as estargz', (tar) =>
    Buffer.concat([gzipSync(tar), stargzFooter]),
  ),
  // containerd opens them where it finds unpigz, and refuses them as the others do where it does not.
  ...['garbage!!', '\0'.repeat(512)].map((behind) => ({
    ...stored(`gzip with ${behind[0] === '\0' ? 'zeros' : 'bytes'} behind it`, (tar) =>
      Buffer.concat([gzipSync(tar), Buffer.from(behind)]),
    ),
    refused: 'read' as const,
  })),
  stored('gzip that its type calls plain', gzipSync, 'application/vnd.oci.image.layer.v1.tar'),
  stored('a plain tar that its type calls gzip', (tar) => tar),
  stored('a plain tar', (tar) => tar, 'application/vnd.oci.image.layer.v1.tar'),
  stored('zstd', (tar) => run('zstd', ['-q', '-c'], tar), zstdType),
  stored(
    'zstd in several frames',
    (tar) => Buffer.concat([zstdOf(tar.subarray(0, 1024)), zstdOf(tar.subarray(1024))]),
    zstdType,
  ),
  stored(
    'zstd with a skippable frame behind it, as zstd:chunked',
    (tar) => Buffer.concat([zstdOf(tar), skippable(64)]),
    zstdType,
  ),
  stored(
    'zstd with a skippable frame in front',
    (tar) => Buffer.concat([skippable(4), zstdOf(tar)]),
    zstdType,
  ),
  stored('xz', xzOf, 'application/vnd.oci.image.layer.v1.tar+xz'),
  {
    ...stored(
      'an encrypted layer',
      (tar) => Buffer.from(tar.map((byte, at) => byte ^ ((at * 7919 + 13) & 0xff))),
      'application/vnd.oci.image.layer.v1.tar+gzip+encrypted',
    ),
    refused: 'said',
  },
  {
    name: 'a layer that is elsewhere (foreign)',
    refused: 'said',
    write: (place) =>
      writeLayout(place, (b) => {
        const manifest = manifestOf(b, b.image({ layers: [layer(place)] }));
        const urls = ['https://example.invalid/layer'];
        const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
        const away = { mediaType, digest: `sha256:${'1'.repeat(64)}`, size: 9, urls };
        return [b.blob(json({ ...manifest, layers: [away] }), mediaTypes.manifest)];
      }),
  },
  configured('a config of diff_ids alone', { os: undefined, architecture: undefined }),
  configured('a config with nulls', { history: null, config: null, variant: null }),
  configured('a config whose history is of another length', {
    history: [{ created_by: 'x' }, { created_by: 'y' }],
  }),
  configured('a config of an empty platform', { architecture: '', os: '' }),
  configured(
    'a config with a text as entry point',
    { config: { Entrypoint: '/usr/bin/a' } },
    { refused: 'said' },
  ),
  ...[null, ['0', '1'], ['0']].map((digits) => {
    const ids = digits === null ? null : digits.map((digit) => `sha256:${digit.repeat(64)}`);
    const name = `a config with other diff_ids: ${digits === null ? 'none' : digits.length}`;
    return configured(name, { rootfs: { type: 'layers', diff_ids: ids } }, { differs: unverified });
  }),
  { name: 'an image without layers', write: (place) => imageOf(place, []) },
];

/** An empty member whose extra field says where the table of contents is (stargz). */
const stargzFooter = Buffer.from(
  `1f8b08040000000000ff1a00534716003030303030303030303030303030303153544152475a010000ffff0000000000000000`,
  'hex',
);

function skippable(size: number): Buffer {
  const head = Buffer.from('502a4d1800000000', 'hex');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, Buffer.alloc(size)]);
}

function layer({ elf }: Place): Buffer {
  return tarOf(file('usr/bin/a', elf('A')), file('usr/bin/b', elf('B')));
}

function plain(name: string, tar: (place: Place) => Buffer): IntakeCase {
  return { name, write: (place) => imageOf(place, [tar(place)]) };
}

function stored(
  name: string,
  compress: (tar: Buffer) => Buffer,
  mediaType = mediaTypes.layer,
): IntakeCase {
  return { name, write: (place) => typedImage(place, [layer(place)], mediaType, compress) };
}

function configured(
  name: string,
  more: Readonly<Record<string, unknown>>,
  expected: Pick<IntakeCase, 'differs' | 'refused'> = {},
): IntakeCase {
  const write: IntakeCase['write'] = (place) =>
    imageOf(place, [layer(place)], { config: { more } });
  return { name, write, ...expected };
}

/** A folder with a file of holes, packed by a real tar. */
function sparse(
  name: string,
  command: string,
  options: readonly string[],
  refused?: IntakeCase['refused'],
): IntakeCase {
  const pack = (place: Place) => {
    const folder = join(place.folder, 'sparse');
    mkdirSync(folder);
    write(join(folder, 'usr/bin/plain'), place.elf('A'));
    const program = join(folder, 'usr/bin/sparse');
    writeFileSync(program, place.elf('S'));
    truncateSync(program, 3 * 1024 * 1024);
    const tar = run(command, ['-C', folder, ...options, 'usr']);
    rmSync(folder, { recursive: true });
    return imageOf(place, [tar]);
  };
  return refused === undefined ? { name, write: pack } : { name, write: pack, refused };
}
