import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { EntryWalk } from '../../src/archive/entry.ts';
import { tarEntries } from '../../src/archive/tar/tar-stream.ts';
import { DigestMismatch } from '../../src/base/errors.ts';
import { notKnown } from '../../src/base/fact.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import type { PlacedElf } from '../../src/extraction/elf-content.ts';
import type { Extraction } from '../../src/extraction/extraction.ts';
import { extractors } from '../../src/facts/index.ts';
import type { WalkedLayer } from '../../src/layers/catalog.ts';
import { catalogLayer } from '../../src/layers/catalog-layer.ts';
import { FileMemory } from '../../src/layers/content/file-memory.ts';
import { spoolWhereRoom } from '../../src/sources/bytes/spool.ts';
import type { Layer } from '../../src/sources/source.ts';
import { paxHeader, tarEntry, tarHeader, tarOf } from '../support/archives/tar-builder.ts';
import { piecesOf } from '../support/archives/walks.ts';
import { bytesOfElf } from '../support/elf/elf-content.ts';

function layerOf(walk: (limits: Limits) => EntryWalk, limits: Limits): Layer {
  return {
    digest: 'sha256:blob',
    diffId: null,
    size: null,
    createdBy: null,
    origin: null,
    isThere: async () => true,
    entries: () => walk(limits),
  };
}

const noFacts = Object.fromEntries(
  Object.keys(extractors).map((name) => [name, notKnown('not looked at')]),
);

/** Stands for the extractor: what the catalog needs of it is the digest. */
async function fakeExtraction(content: PlacedElf): Promise<Extraction> {
  const elf = bytesOfElf(content);
  const sha256 = createHash('sha256').update(elf).digest('hex');
  const linking = notKnown('not looked at');
  // Facts are not read here; their type has a field for each extractor.
  const facts = noFacts as unknown as Extraction['facts'];
  const others = { md5: '', sha1: '' };
  return { sha256, others, size: elf.length, facts, linking };
}

function catalog(
  tar: Buffer,
  limits: Partial<Limits> = {},
  extract = fakeExtraction,
): Promise<WalkedLayer> {
  const all = { ...defaultLimits, ...limits };
  const layer = layerOf((given) => tarEntries(piecesOf(tar, 100_000), given), all);
  return catalogLayer(layer, {
    memory: new FileMemory(),
    limits: all,
    extract,
    keepsText: (path) => path.startsWith('/etc/'),
  });
}

function problemsOf({ problems }: WalkedLayer): string[] {
  return problems.map(({ kind, where, message }) => `${kind} ${where}: ${message}`);
}

const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(3000, 1)]);
const sha256 = createHash('sha256').update(elf).digest('hex');

test('ELF files are extracted, texts kept, first lines noted, and all else skipped', async () => {
  const capability = Buffer.from([1, 0, 0, 2, 0, 255]);
  const result = await catalog(
    tarOf(
      tarEntry({ name: './', flag: '5', mode: 0o755 }),
      paxHeader({ 'SCHILY.xattr.security.capability': capability }),
      tarEntry({ name: './bin/ping', mode: 0o4755, uid: 1, gid: 2 }, elf),
      tarEntry({ name: './bin/copy' }, elf),
      tarEntry({ name: './bin/run' }, '#!/bin/sh -e\nexit\n'),
      tarEntry({ name: './etc/os-release' }, 'ID=alpine\n'),
      tarEntry({ name: './etc/empty' }),
      tarEntry({ name: './usr/large' }, 'x'.repeat(300_000)),
      tarEntry({ name: './bin/sh', flag: '2', linkName: '/bin/busybox' }),
      tarEntry({ name: './bin/hard', flag: '1', linkName: './bin//ping' }),
      tarEntry({ name: './dev/null', flag: '3' }),
    ),
  );
  assert.deepEqual(problemsOf(result), []);
  assert.deepEqual(
    result.entries.map(({ path, type, size, elf: hash, shebang, linkTarget }) => [
      path,
      type,
      size,
      hash,
      shebang,
      linkTarget,
    ]),
    [
      ['/', 'directory', 0, null, null, ''],
      ['/bin/ping', 'file', elf.length, sha256, null, ''],
      ['/bin/copy', 'file', elf.length, sha256, null, ''],
      ['/bin/run', 'file', 18, null, '/bin/sh -e', ''],
      ['/etc/os-release', 'file', 10, null, null, ''],
      ['/etc/empty', 'file', 0, null, null, ''],
      ['/usr/large', 'file', 300_000, null, null, ''],
      ['/bin/sh', 'symlink', 0, null, null, '/bin/busybox'],
      ['/bin/hard', 'hardlink', 0, null, null, '/bin/ping'],
      ['/dev/null', 'character-device', 0, null, null, ''],
    ],
  );
  const { mode, uid, gid, capability: kept } = result.entries[1] ?? assert.fail();
  assert.deepEqual({ mode, uid, gid, kept }, { mode: 0o4755, uid: 1, gid: 2, kept: capability });
  assert.deepEqual(
    [...result.texts].map(([path, text]) => [path, text.toString()]),
    [
      ['/etc/os-release', 'ID=alpine\n'],
      ['/etc/empty', ''],
    ],
  );
});

test('a first line is at most 256 bytes and need not end', async () => {
  const result = await catalog(
    tarOf(
      tarEntry({ name: 'a' }, `#!${'x'.repeat(500)}`),
      tarEntry({ name: 'b' }, '#!'),
      tarEntry({ name: 'c' }, '#'),
    ),
  );
  assert.deepEqual(
    result.entries.map(({ shebang }) => shebang),
    ['x'.repeat(256), '', null],
  );
});

test('the last of a name decides whether a text is kept', async () => {
  const result = await catalog(
    tarOf(tarEntry({ name: 'etc/x' }, 'old'), tarEntry({ name: 'etc/x' }, elf)),
  );
  assert.equal(result.texts.size, 0);
});

test('whiteouts stand for what they hide', async () => {
  const names = ['a/.wh.b', 'a/.wh..wh..opq', '.wh..wh.aufs', 'a/.wh.'];
  const result = await catalog(tarOf(...names.map((name) => tarEntry({ name }))));
  assert.deepEqual(
    result.entries.map(({ path, type }) => [path, type]),
    [
      ['/a/b', 'whiteout'],
      ['/a', 'opaque'],
      ['/a/.wh.', 'file'],
    ],
  );
});

test('outside of images the names of whiteouts are those of files', async () => {
  const names = ['a/.wh.b', 'a/.wh..wh..opq', '.wh..wh.aufs'];
  const tar = tarOf(...names.map((name) => tarEntry({ name }, elf)));
  const layer = {
    ...layerOf((given) => tarEntries(piecesOf(tar, 1000), given), defaultLimits),
    digest: null,
  };
  const result = await catalogLayer(layer, {
    memory: new FileMemory(),
    limits: defaultLimits,
    extract: fakeExtraction,
    keepsText: () => false,
  });
  assert.deepEqual(
    result.entries.map(({ path, type, elf: found }) => [path, type, found]),
    names.map((name) => [`/${name}`, 'file', sha256]),
  );
});

const oddities: readonly {
  readonly name: string;
  readonly tar: Buffer;
  readonly limits?: Partial<Limits>;
  readonly want: readonly string[];
  readonly paths: readonly string[];
}[] = [
  {
    name: 'paths that would leave the root are clamped to it',
    tar: tarOf(
      tarEntry({ name: '../../etc/passwd' }, elf),
      tarEntry({ name: '/etc/shadow' }),
      tarEntry({ name: 'h', flag: '1', linkName: '../../h' }),
      tarEntry({ name: 'a/.wh...' }),
    ),
    want: [
      'notice /etc/passwd: path "../../etc/passwd" leaves the root: read as "/etc/passwd", where container runtimes put it',
      'notice /a/.wh...: whiteout of its own directory or the one above: left out',
    ],
    paths: ['/etc/passwd', '/etc/shadow', '/h'],
  },
  {
    name: 'a path that is too long is not scanned',
    tar: tarOf(
      paxHeader({ path: `b/${'é'.repeat(20)}` }),
      tarEntry({ name: 'x' }),
      tarEntry({ name: 'a' }),
    ),
    limits: { maxPathLength: 41 },
    want: [`limit /b/${'é'.repeat(20)}: path is longer than 41 bytes: left out`],
    paths: ['/a'],
  },
  {
    name: 'an ELF file that is too large is not read',
    tar: tarOf(tarEntry({ name: 'a' }, elf), tarEntry({ name: 'b' }, 'x'.repeat(5000))),
    limits: { maxFileSize: 3000 },
    want: ['limit /a: file has 3004 bytes, the limit is 3000'],
    paths: ['/a', '/b'],
  },
  {
    name: 'a text that is too large is not kept',
    tar: tarOf(tarEntry({ name: 'etc/a' }, 'text')),
    limits: { maxTextSize: 3 },
    want: ['limit /etc/a: file has 4 bytes, the limit is 3'],
    paths: ['/etc/a'],
  },
  {
    name: 'more entries than allowed are not read',
    tar: tarOf(tarEntry({ name: 'a' }), tarEntry({ name: 'b' }), tarEntry({ name: 'c' })),
    limits: { maxEntries: 2 },
    want: ['limit sha256:blob: archive has more than 2 entries'],
    paths: ['/a', '/b'],
  },
  {
    name: 'a sparse file of star is not judged',
    tar: tarOf(tarHeader({ name: 's', flag: 'S', size: 0 }), tarEntry({ name: 'a' })),
    want: [
      'unsupported /s: unknown type of entry or sparse file, or one that an overlay file system redirects: its content cannot be read',
    ],
    paths: ['/s', '/a'],
  },
  {
    name: 'what stands before the damage is kept',
    tar: Buffer.concat([
      tarEntry({ name: 'a' }, elf),
      tarEntry({ name: 'b' }, elf).subarray(0, 1000),
    ]),
    want: ['damaged sha256:blob: archive ends inside the body of "b" at byte 4584'],
    paths: ['/a'],
  },
];

for (const { name, tar, limits, want, paths } of oddities) {
  test(name, async () => {
    const result = await catalog(tar, limits);
    assert.deepEqual(problemsOf(result), want);
    assert.deepEqual(
      result.entries.map(({ path }) => path),
      paths,
    );
  });
}

test('a digest that is wrong at the end is reported after all entries', async () => {
  async function* source() {
    yield tarOf(tarEntry({ name: 'a' }, elf));
    throw new DigestMismatch('layer is sha256:x, expected sha256:y');
  }
  const layer = layerOf((limits) => tarEntries(source(), limits), defaultLimits);
  const result = await catalogLayer(layer, {
    memory: new FileMemory(),
    limits: defaultLimits,
    extract: fakeExtraction,
    keepsText: () => false,
  });
  assert.deepEqual(problemsOf(result), [
    'digest-mismatch sha256:blob: layer is sha256:x, expected sha256:y',
  ]);
  assert.equal(result.entries[0]?.elf, sha256);
});

test('extractions run in parallel, over at most 16 MiB', async () => {
  const large = Buffer.alloc(5 * 1024 * 1024);
  elf.copy(large);
  let running = 0;
  let most = 0;
  // Each waits for the third: a busy machine may be late, and none of them ends before.
  let open = () => {};
  const three = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slowly = async (content: PlacedElf) => {
    running += 1;
    most = Math.max(most, running);
    if (running === 3) open();
    await three;
    await wait(20);
    running -= 1;
    return { ...(await fakeExtraction(content)), sha256: String(content.place.length) };
  };
  const one = tarEntry({ name: 'large' }, large);
  const result = await catalog(tarOf(one, one, one, one, one), {}, slowly);
  assert.equal(most, 3);
  assert.equal(
    result.entries.every((entry) => entry.elf === String(large.length)),
    true,
  );
});

test('an ELF file that is too large for the memory that others leave goes to a file where there is room', async () => {
  const large = Buffer.alloc(17 * 1024 * 1024);
  elf.copy(large);
  const tar = tarOf(tarEntry({ name: 'small' }, elf), tarEntry({ name: 'large' }, large));
  const kinds: string[] = [];
  const extract = (content: PlacedElf) => {
    kinds.push(content.place.kind);
    return fakeExtraction(content);
  };
  const layerIn = (bytes: Buffer) =>
    layerOf((given) => tarEntries(piecesOf(bytes, 1_000_000), given), defaultLimits);
  const options = {
    memory: new FileMemory(),
    limits: defaultLimits,
    extract,
    keepsText: () => false,
  };
  const whole = createHash('sha256').update(large).digest('hex');
  for (const spool of [spoolWhereRoom, async () => null]) {
    const { entries, problems } = await catalogLayer(layerIn(tar), { ...options, spool });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      entries.map((entry) => entry.elf),
      [sha256, whole],
    );
  }
  assert.deepEqual(kinds, ['memory', 'file', 'memory', 'memory']);
  const cut = await catalogLayer(layerIn(tar.subarray(0, 10_000_000)), {
    ...options,
    spool: spoolWhereRoom,
  });
  assert.deepEqual(problemsOf(cut), [
    'damaged sha256:blob: archive ends inside the body of "large" at byte 10000000',
  ]);
});

test('a bug of the extractor is not swallowed', async () => {
  const bug = new TypeError('undefined is not a function');
  await assert.rejects(
    catalog(tarOf(tarEntry({ name: 'a' }, elf)), {}, () => Promise.reject(bug)),
    bug,
  );
});

test('a file that could not be opened is left to its source to report', async () => {
  async function* walk(): EntryWalk {
    const header = {
      type: 'file',
      mode: 0,
      uid: 0,
      gid: 0,
      linkTarget: '',
      capability: null,
    } as const;
    const nothing = async function* () {};
    yield { ...header, path: '/etc/secret', size: 10, body: nothing };
    yield { ...header, path: '/etc/grown', size: 2, body: () => piecesOf(Buffer.from('grown')) };
  }
  const result = await catalogLayer(layerOf(walk, defaultLimits), {
    memory: new FileMemory(),
    limits: defaultLimits,
    extract: fakeExtraction,
    keepsText: () => true,
  });
  assert.deepEqual(problemsOf(result), ['damaged /etc/grown: file has 5 bytes, expected 2']);
  assert.equal(result.texts.size, 0);
});

test('programs are hashed as the database of a package manager needs it, behind a sign of that manager', async () => {
  const large = Buffer.alloc(33 * 1024 * 1024);
  elf.copy(large);
  const digests = async (...names: readonly string[]) => {
    const found: (readonly string[])[] = [];
    const tar = tarOf(
      ...names.map((name) => tarEntry({ name }, name.startsWith('etc/') ? 'ID=debian' : large)),
      tarEntry({ name: 'usr/bin/program' }, elf),
    );
    const layer = layerOf((given) => tarEntries(piecesOf(tar, 1_000_000), given), defaultLimits);
    await catalogLayer(layer, {
      memory: new FileMemory(),
      limits: defaultLimits,
      digests: 'by-signs',
      extract: (content: PlacedElf) => {
        found.push(content.place.digests);
        return fakeExtraction(content);
      },
      keepsText: () => false,
    });
    return found;
  };
  const all = ['md5', 'sha1'];
  assert.deepEqual(await digests('app/large'), [[], []]);
  assert.deepEqual(await digests('etc/os-release', 'usr/bin/large'), [all, all]);
  assert.deepEqual(await digests('etc/apt/conf', 'usr/bin/large'), [['md5'], ['md5']]);
  assert.deepEqual(await digests('etc/apk/world', 'usr/local/bin/large'), [[], ['sha1']]);
  assert.deepEqual(await digests('etc/passwd', 'usr/bin/large'), [[], []]);
});
