import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DamagedInput } from '../../src/base/errors.ts';
import { machineOf } from '../../src/code/machine-of.ts';
import { noSightings } from '../../src/code/sightings.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import controlFlow from '../../src/facts/control-flow.ts';
import fortify from '../../src/facts/fortify.ts';
import stackClash from '../../src/facts/stack-clash.ts';
import stackProtector from '../../src/facts/stack-protector.ts';
import { randomNumbers } from '../support/random.ts';
import { repositoryRoot } from '../support/repository.ts';

const samples = [
  'x86_64-glibc-gcc-pie-hardened',
  'x86_64-musl-gcc-static-strong-stripped',
  'i386-glibc-gcc-pie-hardened',
  'aarch64-glibc-gcc-pie-hardened',
  'aarch64-musl-gcc-static-none-stripped',
  'arm-glibc-gcc-pie-hardened',
  'riscv64-glibc-gcc-pie-hardened',
  'ppc64le-glibc-gcc-pie-hardened',
  's390x-glibc-gcc-pie-hardened',
  'mips-glibc-gcc-pie-hardened',
  'x86_64-glibc-gcc-object-ssp-none',
  'aarch64-glibc-clang-object-strong',
  'arm-glibc-gcc-object-none',
  'riscv64-glibc-gcc-object-none',
  'ppc64le-glibc-gcc-object-none',
  's390x-glibc-gcc-object-none',
  'mips-glibc-gcc-object-none',
] as const;

for (const name of samples) {
  describe(name, { timeout: 300_000 }, () => {
    const original = readFileSync(join(repositoryRoot, 'samples/elf', name));

    it('gives every fact from code when it is whole', () => {
      assert.deepEqual(factsFromCode(original), []);
    });

    it('ends in errors of its own when it is cut', () => {
      const step = Math.ceil(original.length / 60);
      for (let end = 64; end < original.length; end += step)
        factsFromCode(original.subarray(0, end));
    });

    it('ends in errors of its own when headers, tables or code are changed', () => {
      const random = randomNumbers(original.length);
      for (let round = 0; round < 60; round += 1) {
        const bytes = Buffer.from(original);
        for (let change = 0; change < 20; change += 1) {
          const reach = change % 2 === 0 ? 0x400 : bytes.length;
          bytes[random(Math.min(reach, bytes.length))] = random(256);
        }
        factsFromCode(bytes);
      }
    });

    it('reads random bytes as code without an error', () => {
      const random = randomNumbers(3);
      const bytes = Buffer.from(Array.from({ length: 20_001 }, () => random(256)));
      const machine = machineOf(readElf(bytesOf(original)).header);
      machine?.scan({ offset: 0, bytes }, noSightings());
      machine?.guardedTraps?.(bytes);
      machine?.calls?.visitStubs(bytes, 0, everywhere, () => {}, 0);
      const visit = (at: number) => {
        for (const argument of [0, 1, 2, 3] as const) {
          machine?.calls?.constantArgument(bytes, at, argument);
          machine?.calls?.isOfFrame?.(bytes, at, argument);
          machine?.calls?.addressArgument?.(bytes, 0, at, argument, 0);
        }
      };
      machine?.calls?.visitCalls(bytes, 0, { straight: everywhere, slots: everywhere }, visit, 0);
    });
  });
}

const everywhere = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/** Messages of the facts that could not be found out; any error that is not about the input fails the test. */
function factsFromCode(bytes: Buffer): string[] {
  const messages: string[] = [];
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      messages.push(error.message);
      return null;
    }
  };
  const elf: Elf | null = attempt(() => readElf(bytesOf(bytes)));
  if (elf === null) return messages;
  for (const fact of [stackProtector, fortify, controlFlow, stackClash]) attempt(() => fact(elf));
  return messages;
}
