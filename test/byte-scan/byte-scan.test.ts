import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scanBranches } from '../../src/byte-scan/branches.ts';
import { plainScanner } from '../../src/byte-scan/plain-scan.ts';
import {
  margin,
  memoryToScan,
  type VisitFindings,
  webAssemblyScanner,
  windowSize,
} from '../../src/byte-scan/scan-in-windows.ts';
import { tripleScan } from '../../src/byte-scan/triples.ts';
import type { PairPattern } from '../../src/code/machines/pair-scan.ts';
import { isGuardOpcode, x86Patterns, x86Scan } from '../../src/code/machines/x86.ts';
import { x86Calls } from '../../src/code/machines/x86-64-calls.ts';
import type { GuardAccess } from '../../src/code/machines/x86-guard-use.ts';
import { noSightings } from '../../src/code/sightings.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { patternSearch } from '../../src/facts/search/pattern-search.ts';
import { randomNumbers } from '../support/random.ts';

/** Larger than a window of the scanner, and of no round size. */
const size = 2 * 128 * 1024 + 77;

/** Bytes of a few values, so that everything that is looked for occurs, also where windows meet. */
function bytesOfFew(values: readonly number[], seed: number): Buffer {
  const random = randomNumbers(seed);
  return Buffer.from(Array.from({ length: size }, () => values[random(values.length)] ?? 0));
}

function placesOf(scan: (visit: VisitFindings) => void): number[] {
  const places: number[] = [];
  scan((findings, count, start) => {
    for (const at of findings.subarray(0, count)) places.push(start + at);
  });
  return places;
}

describe('the byte scanner', () => {
  it('finds three bytes wherever they are', () => {
    const bytes = bytesOfFew([0x10, 0x25, 0x3f, 0x81], 1);
    const scan = tripleScan([
      { first: (b) => b === 0x10, second: (b) => b === 0x25, third: (b) => b === 0x81 },
      { first: (b) => b === 0x81, second: () => true, third: (b) => b === 0x3f },
    ]);
    const wanted = [...bytes.keys()].filter(
      (at) =>
        (bytes[at] === 0x10 && bytes[at + 1] === 0x25 && bytes[at + 2] === 0x81) ||
        (bytes[at] === 0x81 && bytes[at + 2] === 0x3f),
    );
    assert.deepEqual(
      placesOf((visit) => scan(bytes, visit)),
      wanted,
    );
  });

  it('finds branches into an interval wherever they are', () => {
    const bytes = bytesOfFew([0xe8, 0xe9, 0xff, 0x15, 0x25, 0, 0, 1], 2);
    const straight = { least: -70_000, most: 300_000 };
    const slots = { least: 1000, most: 250_000 };
    const none = { least: 1, most: 0 };
    const wanted = [...bytes.keys()].filter((at) => {
      const slot = bytes[at] === 0xff && [0x05, 0x15, 0x25, 0x35].includes(bytes[at + 1] ?? 0);
      const operand = slot ? at + 2 : at + 1;
      if ((!slot && bytes[at] !== 0xe8 && bytes[at] !== 0xe9) || operand + 4 > size) return false;
      const target = operand + 4 + bytes.readInt32LE(operand);
      const { least, most } = slot ? slots : straight;
      return target >= least && target <= most;
    });
    const found = placesOf((visit) => scanBranches(bytes, straight, slots, visit));
    assert.ok(wanted.length > 100);
    // Behind the end are zeros, so a branch may be cut there.
    assert.deepEqual(
      found.filter((at) => at < size - 5),
      wanted.filter((at) => at < size - 5),
    );
    assert.deepEqual(
      placesOf((visit) => scanBranches(bytes, none, slots, visit)),
      found.filter((at) => bytes[at] === 0xff),
    );
    assert.deepEqual(
      placesOf((visit) => scanBranches(bytes, straight, none, visit)),
      found.filter((at) => bytes[at] !== 0xff),
    );
  });
});

describe('what was read into the memory of the scanner', () => {
  const values = [0x10, 0x25, 0xe8, 0xff, 0x15, 0, 0, 1];
  const all = bytesOfFew(values, 7);
  const lengths = [0, 1, 2, 31, 32, 47, 48, 49, 64, 1000, windowSize, windowSize + 48, size - 3];
  const scans: Record<string, (bytes: Buffer, visit: VisitFindings) => void> = {
    triples: tripleScan([
      { first: (b) => b === 0x10, second: (b) => b === 0x25, third: () => true },
      { first: (b) => b === 0xff, second: () => true, third: (b) => b === 0x15 },
    ]),
    branches: (bytes, visit) =>
      scanBranches(bytes, { least: -9, most: 90_000 }, { least: 0, most: 90_000 }, visit),
  };
  for (const [name, scan] of Object.entries(scans)) {
    it(`shows the same ${name} as a copy, whatever lies behind it`, () => {
      for (const length of lengths) {
        const memory = memoryToScan(3 + all.length);
        all.copy(memory, 3);
        const found = [all.subarray(0, length), memory.subarray(3, 3 + length)].map((bytes) =>
          placesOf((visit) => scan(bytes, visit)),
        );
        assert.deepEqual(found[1], found[0], `${length} bytes`);
        assert.ok(length < 1000 || (found[0] ?? []).length > 10);
      }
    });
  }
});

it('the scanner finds the same without WebAssembly', () => {
  const scanners = [webAssemblyScanner(), plainScanner(windowSize, margin, 1024)];
  const random = randomNumbers(5);
  for (let round = 0; round < 20; round += 1) {
    const tables = Buffer.from(Array.from({ length: 96 }, () => random(256) & random(256)));
    const values = Array.from({ length: 12 }, () => random(256)).concat(0xe8, 0xe9, 0xff, 0x15, 0);
    const bytes = bytesOfFew(values, round).subarray(0, windowSize + margin);
    const most = random(2 ** 31);
    const found = scanners.map((scanner) => {
      scanner.tables.set(tables);
      scanner.window.set(bytes);
      const at = scanner.window.byteOffset;
      const list = (count: number) => [...scanner.findings.subarray(0, count)];
      return [
        list(scanner.triples(at, windowSize)),
        list(scanner.branches(at, windowSize, 0xff, -most, most, 0, most)),
        list(scanner.branches(at, windowSize, 0, 0, 0, -1, most)),
      ];
    });
    assert.deepEqual(found[0], found[1]);
  }
});

/** What is looked for, and what resembles it. */
const instructions = [
  '64488b',
  '64488b0425280000004889442408',
  '488b',
  '488d4424',
  '488d4510',
  '488d45f0',
  '4c8d8500000000ff',
  '4881ec00200000',
  '81ec01',
  '83082400',
  '830c2400',
  'c704240000000000',
  '81ec00100000c7042400000000',
  '4889e0',
  '4889e5',
  '885404b8',
  '410f114c0410',
  '0f294c0c10',
  'c644143000',
  '89442410',
  '00',
].map((hex) => [...Buffer.from(hex, 'hex')]);

describe('x86 code', () => {
  const guardAccess = (bytes: Buffer, at: number): GuardAccess | null =>
    isGuardOpcode(bytes[at + 2] ?? 0) ? 'store' : null;
  const abi = {
    guardAccess,
    guardPrefixes: [0x64],
    guardSecond: (byte: number) => byte === 0x48,
    guardThird: isGuardOpcode,
    wide: true,
  };

  it('shows the same to the scanner as to a look at every byte', () => {
    const random = randomNumbers(3);
    const pieces: number[] = [];
    while (pieces.length < size) pieces.push(...(instructions[random(instructions.length)] ?? []));
    const bytes = Buffer.from(pieces.slice(0, size));
    const found = noSightings();
    x86Scan(abi)({ offset: 7, bytes }, found);
    assert.deepEqual(found, lookAtEveryByte(bytes, 7, x86Patterns(abi)));
    const { canaryStores, stackAddresses, largeAllocations, stackProbes } = found;
    for (const list of [canaryStores, stackAddresses, largeAllocations, stackProbes])
      assert.ok(list.length > 1000);
  });

  it('calls what lies in an interval, and nothing else', () => {
    const bytes = bytesOfFew([0xe8, 0xe9, 0xff, 0x15, 0x25, 0, 0, 1], 4);
    const everywhere = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
    const interval = { least: 0x400000, most: 0x400000 + 100_000 };
    const calls = (within: typeof interval) => {
      const seen: (readonly [number, number])[] = [];
      const targets = { straight: within, slots: within };
      x86Calls.visitCalls(bytes, 0x400000, targets, (at, target) => seen.push([at, target]), null);
      return seen;
    };
    assert.deepEqual(
      calls(interval),
      calls(everywhere).filter(([, to]) => to >= interval.least && to <= interval.most),
    );
  });
});

function lookAtEveryByte(bytes: Buffer, offset: number, patterns: readonly PairPattern[]) {
  const sightings = noSightings();
  for (let at = 0; at + 2 <= bytes.length; at += 1) {
    const pattern = patterns.find(
      ({ first, second }) => [first].flat().includes(bytes[at] ?? 0) && second(bytes[at + 1] ?? 0),
    );
    const list = pattern?.confirm(bytes, at) ?? null;
    if (list !== null) sightings[list].push(offset + at + (pattern?.opcodeAt ?? 0));
  }
  return sightings;
}

describe('patterns', () => {
  const text = Buffer.from(
    `..${' '.repeat(131_068)}/home/x and GLIBC_TUNED GLIBC_TUNABLES`,
    'latin1',
  );
  const patterns = [
    { anchor: 'GLIBC_T', pattern: /^GLIBC_TUNABLES/ },
    { anchor: '/home/', lead: 1, pattern: /^ \/home\/./ },
    { anchor: '.. ', lead: 1, pattern: /^/ },
    { anchor: 'BLES\0', pattern: /^/ },
  ] as const;

  it('are found at their first place, also where windows of the scanner meet', () => {
    const found = patternSearch(patterns)(bytesOf(text), [{ start: 0, end: text.length }]);
    assert.deepEqual(
      patterns.map((pattern) => found.get(pattern)?.offset),
      [text.indexOf('GLIBC_TUNA'), text.indexOf(' /home/'), undefined, undefined],
    );
  });

  it('lie in the ranges whole', () => {
    const end = text.indexOf('GLIBC_TUNA');
    const found = patternSearch(patterns)(bytesOf(text), [
      { start: 0, end: end - 10 },
      { start: end - 10, end: end + 3 },
    ]);
    assert.equal(found.get(patterns[0]), undefined);
  });
});
