import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fortifySource from '../../rules/fortify-source/rule.ts';
import pie from '../../rules/pie/rule.ts';
import stackProtector from '../../rules/stack-protector/rule.ts';
import { sightingsOf } from '../../src/code/find-sightings.ts';
import { visitFunctions } from '../../src/code/frames/eh-frame.ts';
import { locateEhFrame } from '../../src/code/frames/eh-frame-location.ts';
import { countPerFunction } from '../../src/code/functions/coverage.ts';
import { functionsOf } from '../../src/code/functions/functions.ts';
import { PT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import language from '../../src/facts/language.ts';
import { repositoryRoot } from '../support/repository.ts';
import { verdictOf } from '../support/verdicts/verdict-of.ts';

interface Mark {
  readonly name: string;
  /** As it is listed. */
  readonly language: string;
  readonly write: (file: Buffer, elf: Elf) => void;
}

const commit = '59807616e0a6a1b2c3d4e5f60718293a4b5c6d7e';

const marks: readonly Mark[] = [
  ...[
    ['.svm_heap', 'graalvm'],
    ['__managedcode', 'dotnet-aot'],
    ['swift5_typeref', 'swift'],
    ['fpc.resources', 'free-pascal'],
    ['.gopclntab', 'go'],
  ].map(
    ([name = '', of = '']): Mark => ({
      name: `a section ${name}`,
      language: of,
      write: (file) => replaceText(file, '.note.gnu.property', name),
    }),
  ),
  {
    name: 'a comment of rustc',
    language: 'rust',
    write: (file) => replaceText(file, 'GCC: (Debian 12.2.0-14', 'rustc version 1.95.0'),
  },
  {
    name: 'a function rust_panic',
    language: 'rust',
    write: (file) => replaceText(file, 'frame_dummy', 'rust_panic'),
  },
  constant(`/rustc/${commit}/library/core/src/str/mod.rs`, 'rust'),
  constant('GHCRTS\0', 'haskell'),
  constant('CAMLRUNPARAM\0', 'ocaml'),
  constant('core.exception.RangeError', 'd'),
  constant('Crystal::Scheduler', 'crystal'),
  constant('Panicked during a panic. Aborting.', 'zig'),
  {
    name: "Go's build information",
    language: 'go',
    write(file, elf) {
      // Behind the last entry of the dynamic section are some that no loader reads.
      const place = elf.segments.find(({ type }) => type === PT.DYNAMIC);
      assert.ok(place !== undefined);
      const count = (elf.dynamic ?? []).length;
      const at = Math.ceil((Number(place.offset) + (count + 1) * 16) / 16) * 16;
      file.write('\xff Go buildinf:', at, 'latin1');
      file.set([8, 2], at + 14);
      file.write('\x08go1.22.3\0', at + 32, 'latin1');
    },
  },
];

/** Behind what the first segment holds, in the page that is mapped anyway. */
function constant(text: string, of: string): Mark {
  return {
    name: `a constant ${text.replace('\0', '')}`,
    language: of,
    write(file) {
      const header = 64 + 56 * programHeader(file, PT.LOAD);
      file.writeBigUInt64LE(0xfffn, header + 32);
      file.writeBigUInt64LE(0xfffn, header + 40);
      file.write(text, 0xf00, 'latin1');
    },
  };
}

function programHeader(file: Buffer, type: number): number {
  let index = 0;
  while (file.readUInt32LE(64 + 56 * index) !== type) index += 1;
  return index;
}

function replaceText(file: Buffer, from: string, to: string): void {
  const at = file.indexOf(`${from}`, 0, 'latin1');
  assert.ok(at >= 0 && to.length <= from.length);
  file.write(to.padEnd(from.length, '\0'), at, 'latin1');
}

describe('a mark of another language', () => {
  for (const { name, language: of, write } of marks) {
    it(`excuses no function of C: ${name}`, () => {
      const { file, elf } = sample('x86_64-glibc-gcc-pie-fortify-none');
      write(file, elf);
      const marked = readElf(bytesOf(file));
      assert.ok(
        language(marked).some((each) => each.name === of && each.hardenedBy !== 'runtime'),
        JSON.stringify(language(marked).map((each) => [each.name, each.hardenedBy])),
      );
      for (const rule of [stackProtector, fortifySource]) {
        const { outcome, message } = verdictOf(rule as typeof stackProtector, marked);
        assert.equal(outcome, 'fail', message);
      }
    });
  }

  it('does not lower the weight of a fixed address', () => {
    const { file } = sample('x86_64-glibc-gcc-nopie-bare');
    replaceText(file, '.note.gnu.build-id', '.gopclntab');
    const { outcome, severity } = verdictOf(pie, readElf(bytesOf(file)));
    assert.deepEqual([outcome, severity], ['fail', 'high']);
  });
});

describe('a program of Go', () => {
  it('is known by the functions in its own table', () => {
    const { elf } = sample('x86_64-none-go-static-stripped');
    const [go] = language(elf);
    assert.equal(go?.hardenedBy, 'runtime');
    assert.match(go.evidence.map(({ what }) => what).join(), /functions in Go's table/);
    const { outcome, severity, message } = verdictOf(pie, elf);
    assert.deepEqual([outcome, severity], ['fail', 'low']);
    assert.match(message, /-buildmode=pie/);
  });

  it('is not one whose table describes no code', () => {
    const { file, elf } = sample('x86_64-none-go-static-stripped');
    const table = elf.sections.find(({ name }) => name === '.gopclntab');
    // The second function before the first.
    const header = file.subarray(Number(table?.offset));
    header.writeUInt32LE(0xffffff, Number(header.readBigUInt64LE(64)));
    const [go] = language(readElf(bytesOf(file)));
    assert.equal(go?.hardenedBy, 'unproven');
  });
});

describe('C in a program of Rust', () => {
  const rust = 'x86_64-glibc-rust-pie-stripped';

  it('is not found where there is none', () => {
    const { elf } = sample(rust);
    for (const rule of [stackProtector, fortifySource])
      assert.equal(verdictOf(rule as typeof stackProtector, elf).outcome, 'not-applicable');
  });

  it('needs canaries, where gcc described its frames', () => {
    const { file, elf } = sample(rust);
    makeGccs(file, elf, 3);
    const { outcome, message } = verdictOf(stackProtector, readElf(bytesOf(file)));
    assert.equal(outcome, 'fail', message);
    assert.match(message, /^none of 3 functions of C next to code of another language/);
  });

  it('passes with them', () => {
    const { file, elf } = sample(rust);
    for (const start of makeGccs(file, elf, 3)) {
      // mov %fs:0x28,%rax; mov %rax,0x8(%rsp); sub %fs:0x28,%rax; jne
      const canary = '64488b042528000000488944240864482b0425280000007505';
      Buffer.from(canary, 'hex').copy(file, start);
    }
    const { outcome, message } = verdictOf(stackProtector, readElf(bytesOf(file)));
    assert.equal(outcome, 'pass', message);
  });

  it('is all of it without a function that has the personality routine of Rust', () => {
    const { file, elf } = sample(rust);
    const location = locateEhFrame(elf);
    assert.ok(location !== null);
    // "zPLR" with other letters for the routine: nothing is known of them.
    for (let at = file.indexOf('zPLR'); at >= 0; at = file.indexOf('zPLR', at + 1))
      file.write('zRLR', at);
    const [found] = language(readElf(bytesOf(file)));
    assert.deepEqual([found?.name, found?.hardenedBy], ['rust', 'unproven']);
    const { outcome } = verdictOf(stackProtector, readElf(bytesOf(file)));
    assert.notEqual(outcome, 'not-applicable');
  });
});

function sample(name: string) {
  const file = readFileSync(join(repositoryRoot, 'samples/elf', name));
  return { file, elf: readElf(bytesOf(Buffer.from(file))) };
}

/** Writes the unwind instructions of so many functions as gcc would; file offsets of the functions. */
function makeGccs(file: Buffer, elf: Elf, wanted: number): readonly number[] {
  const functions = functionsOf(elf);
  const location = locateEhFrame(elf);
  assert.ok(functions.known && location !== null);
  const { table } = functions;
  const taken = countPerFunction(table, sightingsOf(elf)?.stackAddresses ?? []);
  const starts = new Set(
    [...table.starts].filter(
      (start, index) =>
        taken[index] !== 0 &&
        table.personalities[index] === 0 &&
        (table.ends[index] ?? 0) - start > 64,
    ),
  );
  const changed: number[] = [];
  visitFunctions(
    {
      bytes: file.subarray(location.offset, location.end),
      address: location.address,
      byteOrder: 'little',
      pointerSize: 8,
      listed: location.listed,
    },
    (distance, _size, _frame, program, end) => {
      const start = elf.fileOffset(location.address + BigInt(distance), 1) ?? 0;
      if (!starts.has(start) || end - program < 12 || changed.length === wanted) return;
      const at = location.offset + program;
      file.fill(0, at, location.offset + end);
      // advance 1; CFA 16; %rbp at -16; advance 1; CFA 24; %rbx at -24
      Buffer.from('410e108602410e188303', 'hex').copy(file, at);
      changed.push(start);
    },
  );
  assert.equal(changed.length, wanted);
  return changed;
}
