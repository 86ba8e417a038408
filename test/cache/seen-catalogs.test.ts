import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import type { Problem } from '../../src/base/problem.ts';
import { createSeenCatalogs } from '../../src/cache/seen-catalogs.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { scan, scanEach } from '../../src/scan/scan.ts';
import { type Progress, plainInput, type ScanOptions } from '../../src/scan/scan-options.ts';
import type { Layer } from '../../src/sources/source.ts';
import { blobName, type FileMap, layoutBuilder, sha256, tarOf } from '../sources/image-builder.ts';
import { catalogOf } from '../support/roots/catalog-builder.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'seen-catalogs-test-'));
after(() => rmSync(folder, { recursive: true }));

const program = sampleBinary('x86_64-glibc-gcc-pie-hardened');
const bare = sampleBinary('x86_64-glibc-gcc-nopie-bare');
const file = (name: string, body: Buffer) => ({ name, body, mode: 0o755 });
const base = await tarOf([file('usr/bin/app', program), file('usr/bin/bare', bare)]);
const other = Buffer.concat([program, Buffer.of(1)]);
const top = await tarOf([file('opt/own', other)]);
const whiteout = await tarOf([{ name: 'usr/bin/.wh.app', body: '' }]);
const opaque = await tarOf([{ name: 'usr/.wh..wh..opq', body: '' }]);
const replaced = await tarOf([{ ...file('usr/bin/app', program), mode: 0o4777 }]);
const copy = await tarOf([file('opt/app', program)]);
const loader = await tarOf([
  file('lib64/ld-linux-x86-64.so.2', bare),
  { name: 'etc/os-release', body: 'ID=small\n' },
]);

let count = 0;
/** Writes an image of these layers; `change` gets its files before they are written. */
function imageOf(
  layers: readonly Buffer[],
  change: (files: Map<string, Buffer>) => void = () => {},
) {
  const builder = layoutBuilder();
  const files: FileMap = builder.index(builder.image({ layers }));
  const changed = new Map(files);
  change(changed);
  count += 1;
  const place = join(folder, `image-${count}`);
  for (const [name, body] of changed) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), body);
  }
  return place;
}

/** What was read of each target: ELF files that were extracted, by name. */
function watched(): { readonly options: ScanOptions; readonly read: Map<string, number> } {
  const read = new Map<string, number>();
  const onProgress = ({ name, files }: Progress) => read.set(name, files);
  return {
    read,
    options: {
      input: plainInput,
      judging: { rules, policy: plainPolicy() },
      running: { jobs: 1, onProgress },
    },
  };
}

async function separately(...images: readonly string[]): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const image of images) reports.push(await scan([image], watched().options));
  return reports;
}

function textOf(reports: readonly Report[]): string {
  return JSON.stringify(reports, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
}

const wrongBlob = (layer: Buffer) => (files: Map<string, Buffer>) => {
  for (const [name, body] of files)
    if (name === blobName(sha256(layer))) files.set(name, Buffer.alloc(body.length));
};

const pairs: readonly {
  readonly name: string;
  readonly old: readonly Buffer[];
  readonly fresh: readonly Buffer[];
  readonly change?: (files: Map<string, Buffer>) => void;
  /** ELF files that are read of the second image. */
  readonly read: number;
}[] = [
  { name: 'share all layers', old: [base, top], fresh: [base, top], read: 0 },
  { name: 'share the base and differ above it', old: [base], fresh: [base, top], read: 1 },
  { name: 'share a layer at another place', old: [top, base], fresh: [base, top], read: 0 },
  {
    name: 'share a base of which one removes a file',
    old: [base],
    fresh: [base, whiteout],
    read: 0,
  },
  {
    name: 'share a base of which one hides a folder',
    old: [base, top],
    fresh: [base, opaque],
    read: 0,
  },
  { name: 'share programs whose loader is in one', old: [base], fresh: [base, loader], read: 1 },
  {
    name: 'share a program that has other rights in one',
    old: [base],
    fresh: [base, replaced],
    read: 1,
  },
  { name: 'share a program that is there twice in one', old: [base], fresh: [base, copy], read: 1 },
  {
    name: 'name the same layer, whose bytes are damaged in the second',
    old: [base, top],
    fresh: [base, top],
    change: wrongBlob(gzipSync(base)),
    read: 0,
  },
  {
    name: 'name the same layer, which is not in the second',
    old: [base, top],
    fresh: [base, top],
    change: (files) => void files.delete(blobName(sha256(gzipSync(base)))),
    read: 0,
  },
];

describe('two images that are scanned in one run', { timeout: 300_000 }, () => {
  for (const { name, old, fresh, change, read } of pairs) {
    it(`have the reports of separate scans when they ${name}, and what both hold is read once`, async () => {
      const images = [imageOf(old), imageOf(fresh, change)] as const;
      const { options, read: seen } = watched();
      const scanned = await scanEach(
        images.map((image) => [image]),
        options,
      );
      const together = scanned.map(({ report }) => report);
      const apart = await separately(...images);
      assert.deepEqual(together, apart);
      // The order of members too.
      assert.equal(textOf(together), textOf(apart));
      assert.equal(
        seen.get(images[0]),
        old.flatMap((layer) => (layer === base ? [1, 1] : [1])).length,
      );
      assert.equal(seen.get(images[1]), read);
    });
  }

  it('are not complete when the second has other bytes than it names', async () => {
    const damaged = imageOf([base, top], wrongBlob(gzipSync(base)));
    const [, fresh] = await scanEach([[imageOf([base, top])], [damaged]], watched().options);
    assert.deepEqual(
      fresh?.report.targets[0]?.problems.map(({ kind }) => kind),
      ['digest-mismatch'],
    );
  });
});

describe('images of one report', () => {
  it('that have a base in common read it once', async () => {
    const images = [imageOf([base]), imageOf([base, top]), imageOf([base, whiteout])];
    const { options, read } = watched();
    const report = await scan(images, options);
    assert.deepEqual(
      images.map((image) => read.get(image)),
      [2, 1, 0],
    );
    assert.deepEqual(
      report.targets,
      (await separately(...images)).flatMap(({ targets }) => targets),
    );
  });
});

describe('catalogs that a run has seen', () => {
  const layer = (more: Partial<Layer>): Layer => ({
    digest: 'sha256:1',
    diffId: null,
    size: 7,
    createdBy: null,
    origin: null,
    isThere: async () => true,
    isAsPromised: async () => true,
    entries: () => assert.fail('nothing is read'),
    ...more,
  });
  const incomplete: Problem = { kind: 'damaged', where: 'layer', message: 'wrong bytes' };

  it('are found by digest and size', async () => {
    const seen = createSeenCatalogs(1);
    const catalog = catalogOf([]);
    seen.keep(layer({}), catalog);
    assert.equal(await seen.find(layer({})), catalog);
    assert.equal(await seen.find(layer({ digest: 'sha256:2' })), null);
    assert.equal(await seen.find(layer({ size: 8 })), null);
  });

  it('are not found for other bytes than the digest names, or without a way to know', async () => {
    const seen = createSeenCatalogs(1);
    seen.keep(layer({}), catalogOf([]));
    assert.equal(await seen.find(layer({ isAsPromised: async () => false })), null);
    const { isAsPromised, ...unnamed } = layer({});
    assert.equal(await seen.find(unnamed), null);
  });

  it('are not found when they are damaged, or nothing names the layer', async () => {
    const seen = createSeenCatalogs(1);
    seen.keep(layer({}), { ...catalogOf([]), problems: [incomplete] });
    assert.equal(await seen.find(layer({})), null);
    seen.keep(layer({ digest: null }), catalogOf([]));
    assert.equal(await seen.find(layer({ digest: null })), null);
  });

  it('are forgotten when the last targets did not have them', async () => {
    const seen = createSeenCatalogs(1);
    seen.keep(layer({}), catalogOf([]));
    for (let target = 0; target < 5; target += 1) {
      seen.next();
      assert.notEqual(await seen.find(layer({})), null);
    }
    seen.next();
    seen.next();
    assert.equal(await seen.find(layer({})), null);
  });
});
