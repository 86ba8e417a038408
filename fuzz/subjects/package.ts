import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/archive/decompress.ts';
import { bufferAccess } from '../../src/archive/random-access.ts';
import { DamagedInput, UsageError } from '../../src/errors.ts';
import { extract } from '../../src/extract-facts.ts';
import { catalogLayer } from '../../src/layers/catalog-layer.ts';
import { FileMemory } from '../../src/layers/file-memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { keepsText } from '../../src/root/kept-texts.ts';
import apk from '../../src/sources/apk.ts';
import ar from '../../src/sources/ar.ts';
import cpio from '../../src/sources/cpio.ts';
import deb from '../../src/sources/deb.ts';
import { formatOf } from '../../src/sources/file-format.ts';
import type { FileInput } from '../../src/sources/input.ts';
import rpm from '../../src/sources/rpm.ts';
import { holdingOfArchive, seekableArchive } from '../../src/sources/seekable-archive.ts';
import type { Source } from '../../src/sources/source.ts';
import zip from '../../src/sources/zip.ts';
import { arOf, cpioOf, rpmOf, zipOf } from '../../test/support/archive-builder.ts';
import { buildElf } from '../../test/support/elf-builder.ts';
import { tarEntry, tarOf } from '../../test/support/tar-builder.ts';
import { damageBytes, mutateBytes, type Part, wholeOf } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

/** Packages of every format, by the source that opens each: their headers, directories and what is packed in them. */
export default {
  name: 'package',
  weight: 8,
  make(random) {
    const origin = random.pick(origins);
    const bytes = sound()[origin].bytes;
    const isDamaged = random.oneIn(3);
    return isDamaged
      ? { bytes: damageBytes(bytes, [], random), origin, isDamaged }
      : { bytes: mutateBytes(bytes, partsOf(bytes), random), origin, isDamaged };
  },
  async check({ bytes, origin, isDamaged }) {
    for (const [name, { source }] of Object.entries(sound())) {
      if (origin !== '' && name !== origin) continue;
      const found = await contentOf(source, bytes);
      if (!isDamaged || found === null || found.problems > 0) continue;
      const whole = await contentOf(source, sound()[origin as Origin].bytes);
      const most = whole?.entries ?? [];
      const want = endless.has(origin) ? most.slice(0, found.entries.length) : most;
      holds(isDeepStrictEqual(found.entries, want), () => {
        return `${origin}: ${bytes.length} bytes have no problem, and entries ${JSON.stringify(found.entries)}`;
      });
    }
  },
} satisfies Subject;

/** Nothing tells where these end: a cut between two members cannot be seen. */
const endless: ReadonlySet<string> = new Set(['ar', 'apk']);

const origins = ['ar', 'apk', 'cpio', 'deb', 'rpm', 'zip', 'zip64'] as const;
type Origin = (typeof origins)[number];

interface Sound {
  readonly source: Source;
  readonly bytes: Buffer;
}

const sound = lazily((): Readonly<Record<Origin, Sound>> => {
  const program = buildElf({ interpreter: '/lib/ld-musl-x86_64.so.1' }).buffer;
  const files = tarOf(
    tarEntry({ name: 'usr/bin/x', mode: 0o755 }, program),
    tarEntry({ name: 'usr/bin/y', flag: '2', linkName: 'x' }),
    tarEntry({ name: 'usr/share/text' }, 'text'),
  );
  const control = tarOf(tarEntry({ name: './control' }, 'Package: x\nVersion: 1\n'));
  // Only the last part of an apk has an end marker.
  const info = tarEntry({ name: '.PKGINFO' }, 'pkgname = x\npkgver = 1-r0\n');
  const members = [
    { name: 'usr/bin/x', body: program },
    { name: 'x-1.dist-info/METADATA', body: 'Name: x\nVersion: 1\n' },
  ];
  const newc = cpioOf(members.map(({ name, body }) => ({ name, body: Buffer.from(body) })));
  return {
    ar: {
      source: ar,
      bytes: arOf([
        { name: '/', body: 'index' },
        { name: 'x.o/', body: program },
      ]),
    },
    apk: { source: apk, bytes: Buffer.concat([gzipSync(info), gzipSync(files)]) },
    cpio: { source: cpio, bytes: newc },
    deb: {
      source: deb,
      bytes: arOf([
        { name: 'debian-binary', body: '2.0\n' },
        { name: 'control.tar.gz', body: gzipSync(control) },
        { name: 'data.tar.gz', body: gzipSync(files) },
      ]),
    },
    rpm: {
      source: rpm,
      bytes: rpmOf(
        [
          [1000, 'x'],
          [1001, '1'],
          [1002, '2'],
          [1022, 'x86_64'],
          [1124, 'cpio'],
          [1125, 'gzip'],
        ],
        gzipSync(newc),
      ),
    },
    zip: { source: zip, bytes: zipOf(members) },
    zip64: {
      source: zip,
      bytes: zipOf(
        members.map((member) => ({ ...member, wide: true })),
        true,
      ),
    },
  };
});

/** Headers stand at the beginning of most formats, and at the end of zip; the rest is anywhere. */
function partsOf(bytes: Buffer): readonly Part[] {
  const magics = [
    'PK\x01\x02',
    'PK\x03\x04',
    'PK\x05\x06',
    'PK\x06\x06',
    '070701',
    '\x8e\xad\xe8',
    '`\n',
  ];
  const places = magics.flatMap((magic) => placesOf(bytes, Buffer.from(magic, 'latin1')));
  const headers = places.map((offset) => {
    const start = Math.max(0, offset - 58);
    return { name: 'header', offset: start, size: Math.min(170, bytes.length - start) };
  });
  return [...headers, ...headers, wholeOf(bytes)];
}

function placesOf(bytes: Buffer, magic: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) places.push(at);
  return places;
}

/** null: the source refuses it. */
async function contentOf(source: Source, bytes: Buffer) {
  const options = { platform: null, limits: defaultLimits };
  try {
    const [target] = await source.open(inputOf(bytes), options);
    const [layer] = target?.layers ?? [];
    if (target === undefined || layer === undefined) return null;
    const catalog = await catalogLayer(layer, {
      limits: defaultLimits,
      keepsText,
      memory: new FileMemory(),
      extract: async ({ bytes }) => extract(await bytes.read(0, bytes.size), new Set()),
    });
    const entries = catalog.entries.map(({ path, type, size, elf }) => [path, type, size, elf]);
    return { entries, problems: target.problems.length + catalog.problems.length };
  } catch (error) {
    if (error instanceof DamagedInput || error instanceof UsageError) return null;
    throw error;
  }
}

function inputOf(bytes: Buffer): FileInput {
  const file = bufferAccess(bytes);
  const archive = async () => {
    const plain: Buffer[] = [];
    let damage: DamagedInput | null = null;
    try {
      for await (const piece of decompress(file.stream(0, file.size), defaultLimits))
        plain.push(Buffer.from(piece));
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      damage = error;
    }
    // An open file has a descriptor as well, which nothing here asks for.
    const whole = bufferAccess(Buffer.concat(plain)) as never;
    return seekableArchive({ file: whole, damage }, defaultLimits);
  };
  return {
    kind: 'file',
    name: 'package',
    selector: null,
    file,
    damage: null,
    format: formatOf(bytes.subarray(0, 512)),
    mode: 0o644,
    uid: 0,
    gid: 0,
    holds: async () => holdingOfArchive(await archive()),
    archive,
  };
}
