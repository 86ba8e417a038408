import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { bufferAccess } from '../../src/archive/random-access.ts';
import { DamagedInput, UsageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import { claimant } from '../../src/sources/find-source.ts';
import { openBytes } from '../../src/sources/open-input.ts';
import type { Layer } from '../../src/sources/source.ts';
import { tarOf } from '../../test/sources/image-builder.ts';
import { arOf, cpioOf, rpmOf, zipOf } from '../../test/support/archive-builder.ts';
import { bzImageOf } from '../../test/support/kernel-image.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const limits = { ...defaultLimits, maxEntries: 1000, maxLayerSize: 64 * 1024 * 1024 };

/** Whatever a small package makes its reader do, it must stay below this. */
const mostOutput = 64 * 1024 * 1024;

const formats = [
  'deb',
  'rpm',
  'apk',
  'ipk',
  'pacman',
  'npm',
  'zip',
  'conda',
  'ar',
  'cpio',
  'kernel',
] as const;
type Format = (typeof formats)[number];

/** One subject for each format of packages, opened by content as the program does it. */
export default formats.map(
  (format): Subject => ({
    name: format,
    weight: 1,
    async make(random) {
      const bytes = (await sound())[format];
      const isDamaged = random.oneIn(3);
      if (isDamaged) return { bytes: damageBytes(bytes, [], random), origin: format, isDamaged };
      return { bytes: mutateBytes(bytes, partsOf(bytes), random), origin: format, isDamaged };
    },
    async check({ bytes, isDamaged }) {
      const { files, error } = await filesIn(bytes);
      holds(error === null || error instanceof DamagedInput || error instanceof UsageError, () => {
        return `${error instanceof Error ? error.stack : error}`;
      });
      if (!isDamaged) return;
      const whole = (await soundFiles())[format];
      for (const [path, sum] of files)
        holds(whole?.get(path) === sum, () => `${path} of a cut ${format} is another file`);
    },
  }),
);

/** The beginning and the end, where headers and directories are, and anything else. */
function partsOf(bytes: Buffer): readonly Part[] {
  return [
    { name: 'start', offset: 0, size: Math.min(512, bytes.length) },
    { name: 'end', offset: Math.max(0, bytes.length - 512), size: Math.min(512, bytes.length) },
    { name: 'file', offset: 0, size: bytes.length },
  ];
}

/** Sums of the files that were read to their end, and what ended it. */
async function filesIn(bytes: Buffer) {
  const files = new Map<string, string>();
  const { input, close } = await openBytes('input', bufferAccess(bytes), limits);
  try {
    const source = await claimant(input);
    const targets = (await source?.open(input, { platform: null, limits })) ?? [];
    for (const layer of targets.flatMap((target) => target.layers)) await readLayer(layer, files);
    return { files, error: null };
  } catch (error) {
    return { files, error };
  } finally {
    close();
  }
}

async function readLayer(layer: Layer, files: Map<string, string>): Promise<void> {
  let total = 0;
  for await (const { path, type, size, body } of layer.entries(() => {})) {
    const hash = createHash('sha256');
    let seen = 0;
    for await (const piece of body()) {
      hash.update(piece);
      seen += piece.length;
      total += piece.length;
      holds(total <= mostOutput, () => `more than ${mostOutput} bytes come out of it`);
    }
    if (type === 'file' && seen === size) files.set(path, hash.digest('hex'));
  }
}

const soundFiles = lazily(async () => {
  const all: { [format in Format]?: ReadonlyMap<string, string> } = {};
  const packages = await sound();
  for (const format of formats) {
    const { files, error } = await filesIn(packages[format]);
    holds(error === null && files.size > 0, () => `the sound ${format}: ${error}`);
    all[format] = files;
  }
  return all;
});

const sound = lazily(async (): Promise<Readonly<Record<Format, Buffer>>> => {
  const tool = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(900, 'tool ')]);
  const content = gzipSync(
    await tarOf([
      { name: './usr/bin/tool', body: tool },
      { name: './usr/share/doc', body: 'text' },
    ]),
  );
  const control = gzipSync(
    await tarOf([{ name: './control', body: 'Package: tool\nVersion: 1\n' }]),
  );
  const pkginfo = 'pkgname = tool\npkgver = 1.0-r1\narch = x86_64\n';
  const cpio = cpioOf([
    { name: './usr/bin/tool', body: tool },
    { name: './usr/share/doc', body: 'text' },
  ]);
  const tar = async (...names: readonly (readonly [string, Buffer | string])[]) =>
    tarOf(names.map(([name, body]) => ({ name, body })));
  const openEnded = async (name: string, body: string) =>
    gzipSync((await tar([name, body])).subarray(0, -1024));
  const files = [
    { name: 'tool/tool.so', body: tool },
    { name: 'tool-1.0.dist-info/METADATA', body: 'Name: tool\nVersion: 1.0\n' },
  ];
  return {
    deb: arOf([
      { name: 'debian-binary', body: '2.0\n' },
      { name: 'control.tar.gz', body: control },
      { name: 'data.tar.gz', body: content },
    ]),
    rpm: rpmOf(
      [
        [1000, 'tool'],
        [1001, '1.0'],
        [1125, 'gzip'],
      ],
      gzipSync(cpio),
    ),
    apk: Buffer.concat([
      await openEnded('.SIGN.RSA.key.pub', 'signature'),
      await openEnded('.PKGINFO', pkginfo),
      content,
    ]),
    ipk: gzipSync(
      await tar(
        ['./debian-binary', '2.0\n'],
        ['./data.tar.gz', content],
        ['./control.tar.gz', control],
      ),
    ),
    pacman: await tar(['.BUILDINFO', ''], ['.PKGINFO', pkginfo], ['usr/bin/tool', tool]),
    npm: await tar(['package/package.json', '{"name":"tool"}'], ['package/tool', tool]),
    zip: zipOf(files),
    conda: await tar(['info/index.json', '{"name":"tool"}'], ['lib/tool', tool]),
    ar: arOf(['a.o', 'b.o', 'a.o'].map((name) => ({ name: `${name}/`, body: tool }))),
    cpio,
    kernel: bzImageOf(gzipSync(tool)),
  };
});
