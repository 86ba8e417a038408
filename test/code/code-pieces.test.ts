import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { scanAll } from '../../src/code/find-sightings.ts';
import { codePieces } from '../../src/code/functions/code-pieces.ts';
import { executableRanges } from '../../src/code/functions/executable-ranges.ts';
import { machineOf } from '../../src/code/machine-of.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = join(repositoryRoot, 'samples/elf');
const samples = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  if (!entry.isFile()) return [];
  const { name } = entry;
  const bytes = readFileSync(join(folder, name));
  if (!bytes.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) return [];
  return [{ name, elf: attempt(() => readElf(bytesOf(bytes))) }];
});

describe('code in pieces', () => {
  it('is all of the code once, with what lies around each piece', () => {
    for (const { elf } of samples) {
      if (elf === null || ranges(elf).length === 0) continue;
      let covered = 0;
      for (const { start, end, offset, bytes } of codePieces(elf, 16, 100)) {
        covered += end - start;
        assert.ok(start - offset <= 16 && offset + bytes.length - end <= 16);
        assert.ok(bytes.equals(elf.bytes.read(offset, bytes.length)));
      }
      assert.equal(
        covered,
        ranges(elf).reduce((sum, { offset, end }) => sum + end - offset, 0),
      );
    }
  });

  it('shows what the whole shows, for every machine', () => {
    const machines = new Set<string>();
    for (const { name, elf } of samples) {
      const machine = elf === null ? null : machineOf(elf.header);
      if (elf === null || machine === null || ranges(elf).length === 0) continue;
      const whole = scanAll(elf, machine);
      for (const size of [64, 1000, 4096])
        assert.deepEqual(scanAll(elf, machine, { pieceSize: size }), whole, name);
      if (Object.values(whole).some((list) => list.length > 0)) machines.add(machine.name);
    }
    for (const name of ['x86-64', 'i386', 'aarch64', 'arm', 'riscv64'])
      assert.ok(machines.has(name));
  });
});

function ranges(elf: Elf) {
  return attempt(() => executableRanges(elf)) ?? [];
}

/** Some samples are damaged on purpose. */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
