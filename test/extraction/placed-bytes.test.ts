import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { MalformedElf, UnreadablePart } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { type OtherAlgorithm, otherAlgorithms } from '../../src/base/package-managers.ts';
import { type Place, placeOf } from '../../src/extraction/elf-content.ts';
import { extractPlaced } from '../../src/extraction/extract-placed.ts';
import { placedBytes } from '../../src/extraction/placed-bytes.ts';
import { wantedFacts } from '../../src/extraction/wanted-facts.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'placed-test-'));
const opened: number[] = [];
after(() => {
  opened.forEach(closeSync);
  rmSync(folder, { recursive: true });
});

/** The bytes in a file of their own, behind others. */
function placeInFile(
  bytes: Buffer,
  digests: readonly OtherAlgorithm[] = [],
): Extract<Place, { kind: 'file' }> {
  const before = 1000;
  const path = join(folder, String(opened.length));
  writeFileSync(path, Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(10, 2)]));
  const descriptor = openSync(path, 'r+');
  opened.push(descriptor);
  return { kind: 'file', descriptor, offset: before, length: bytes.length, digests };
}

/** More than is read whole, and nothing like its neighbours anywhere. */
const large = Buffer.alloc(9 * 1024 * 1024);
for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) >>> 0, at);

describe('bytes at a place', () => {
  const ranges = [
    [0, 0],
    [0, 16],
    [65_530, 12],
    [65_536, 65_536],
    [1_000_001, 3_000_000],
    [large.length - 7, 7],
  ] as const;
  for (const [name, bytes] of [
    ['small', large.subarray(0, 5_000_000)],
    ['large', large],
  ] as const) {
    it(`are those of the file, read and glanced at: ${name}`, () => {
      const file = placedBytes(placeInFile(bytes));
      assert.equal(file.digests().sha256, hash('sha256', bytes));
      for (const [offset, length] of ranges.filter(([at, size]) => at + size <= bytes.length)) {
        const want = bytes.subarray(offset, offset + length);
        assert.ok(file.bytes.read(offset, length).equals(want));
        assert.ok(file.bytes.glance(offset, length).equals(want));
      }
      for (const reader of ['read', 'glance'] as const) {
        assert.throws(() => file.bytes[reader](bytes.length - 1, 2), MalformedElf);
        assert.throws(() => file.bytes[reader](-1, 2), MalformedElf);
      }
    });

    it(`that are gone since are a loss with a reason: ${name}`, () => {
      const place = placeInFile(bytes);
      ftruncateSync(place.descriptor, 1500);
      assert.throws(
        () => placedBytes(place).digests(),
        (error: unknown) =>
          error instanceof UnreadablePart &&
          error.message === `the file was cut to 500 of ${bytes.length} bytes while it was read`,
      );
    });
  }

  for (const [name, bytes] of [
    ['read whole', large.subarray(0, 100_000)],
    ['read by pieces', large],
    ['without a byte', large.subarray(0, 0)],
  ] as const) {
    for (const digests of [[], ['md5'], ['sha1'], otherAlgorithms] as const) {
      it(`have the digests that are required, and no others: ${name}, ${digests.join(' and ') || 'none'}`, () => {
        const want = Object.fromEntries(digests.map((each) => [each, hash(each, bytes)]));
        for (const place of [placeInFile(bytes, digests), placeOf(bytes, digests)])
          assert.deepEqual(placedBytes(place).digests(), {
            sha256: hash('sha256', bytes),
            others: want,
          });
      });
    }
  }

  const mib = 1024 * 1024;
  const walks = [
    { name: 'from the beginning', glances: [0, 1, 2, 3, 4, 5, 6, 7, 8] },
    { name: 'from the middle', glances: [4, 5, 6] },
    { name: 'over and over', glances: [0, 0.5, 0, 0.25, 1, 0, 2] },
    { name: 'behind small gaps and large ones', glances: [0.5, 2, 7, 3.5, 8] },
    { name: 'little by little', glances: [0, 1 / 1024, 2 / 1024] },
  ];
  for (const { name, glances } of walks) {
    it(`have the same digests when they were looked at before, ${name}`, () => {
      for (const length of [1000, 64 * 1024, mib]) {
        const placed = placedBytes(placeInFile(large, otherAlgorithms));
        for (const glance of glances) {
          const at = glance * mib;
          assert.ok(placed.bytes.glance(at, length).equals(large.subarray(at, at + length)));
        }
        assert.deepEqual(placed.digests(), {
          sha256: hash('sha256', large),
          others: { md5: hash('md5', large), sha1: hash('sha1', large) },
        });
      }
    });
  }

  it('that were read stay when others are', () => {
    const { bytes } = placedBytes(placeInFile(large));
    const first = bytes.read(0, 100);
    for (let at = 0; at + 100 < large.length; at += 65_536) bytes.read(at, 100);
    assert.ok(first.equals(large.subarray(0, 100)));
  });
});

describe('the facts of a file', () => {
  const wanted = wantedFacts(rules);
  const names = ['x86_64-glibc-gcc-pie-debug', 'aarch64-glibc-gcc-pie-hardened'];
  for (const name of names) {
    const sample = readFileSync(join(repositoryRoot, 'samples/elf', name));
    const padded = Buffer.concat([sample, Buffer.alloc(9 * 1024 * 1024)]);
    const inMemory = extractPlaced({ ...placeOf(padded), known: [] }, wanted, defaultLimits);

    it(`are the same by ranges and out of memory: ${name}`, () => {
      const inFile = extractPlaced({ ...placeInFile(padded), known: [] }, wanted, defaultLimits);
      assert.deepEqual(inFile, inMemory);
    });

    it(`and a digest of its package are not computed when both are known: ${name}`, () => {
      const others = { md5: 'known' };
      const known = [{ sha256: hash('sha256', padded), others }];
      for (const place of [placeInFile(padded, otherAlgorithms), placeOf(padded, otherAlgorithms)])
        assert.deepEqual(extractPlaced({ ...place, known }, wanted, defaultLimits), {
          kind: 'known',
          sha256: hash('sha256', padded),
          others: { sha1: hash('sha1', padded) },
        });
    });

    it(`are not computed when its digest is known: ${name}`, () => {
      const sha256 = hash('sha256', padded);
      const file = {
        ...placeInFile(padded, ['md5']),
        known: [
          { sha256: 'other', others: {} },
          { sha256, others: {} },
        ],
      };
      const others = { md5: hash('md5', padded) };
      assert.deepEqual(extractPlaced(file, wanted, defaultLimits), {
        kind: 'known',
        sha256,
        others,
      });
    });
  }
});
