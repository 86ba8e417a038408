import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import noWritableCode from '../../rules/no-writable-code/rule.ts';
import nonExecutableStack from '../../rules/non-executable-stack/rule.ts';
import pie from '../../rules/pie/rule.ts';
import relro from '../../rules/relro/rule.ts';
import stackProtector from '../../rules/stack-protector/rule.ts';
import { ET, PF, PT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { changedElf, type ElfEdit } from '../support/elf/elf-edits.ts';
import { repositoryRoot } from '../support/repository.ts';
import { verdictOf } from '../support/verdicts/verdict-of.ts';

/** Edits of program headers after which Linux starts the program as before. */

const rules = { pie, relro, noWritableCode, stackProtector } as const;

type Segments = ReturnType<ElfEdit['segments']>;

function ofType(segments: Segments, type: number): Segments {
  return segments.filter((segment) => Number(segment.get('type')) === type);
}

function loadsOf(edit: ElfEdit): Segments {
  return ofType(edit.segments(), PT.LOAD);
}

function align(edit: ElfEdit, to: bigint): void {
  loadsOf(edit).at(-1)?.set('align', to);
}

/** Turns a note into PT_GNU_RELRO of the first page, in which nothing is written. */
function protectHeaders(edit: ElfEdit): void {
  const first = loadsOf(edit)[0]?.get('address') ?? 0n;
  const note = ofType(edit.segments(), PT.NOTE)[0];
  assert.ok(note !== undefined);
  note.set('type', BigInt(PT.GNU_RELRO));
  note.set('address', first);
  note.set('filesz', 0x1000n);
  note.set('memsz', 0x1000n);
}

/** Lets the code's segment reach two pages beyond all others, which are mapped over it. */
function stretchCode(edit: ElfEdit): void {
  const loads = loadsOf(edit);
  const end = loads.map((load) => load.get('address') + load.get('memsz')).reduce(max, 0n);
  const code = loads.find((load) => (Number(load.get('flags')) & PF.X) !== 0);
  assert.ok(code !== undefined);
  code.set('memsz', end + 0x2000n - code.get('address'));
}

/** Ends the file bytes of the segment of unwind information behind its first bytes: the page is mapped anyway. */
function cutUnwindInformation(edit: ElfEdit): void {
  const at = ofType(edit.segments(), PT.GNU_EH_FRAME)[0]?.get('address') ?? 0n;
  const holder = loadsOf(edit).find(
    (load) => load.get('address') <= at && at < load.get('address') + load.get('filesz'),
  );
  assert.ok(holder !== undefined);
  for (const field of ['filesz', 'memsz'] as const) holder.set(field, 8n);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

interface Case {
  readonly name: string;
  readonly rule: keyof typeof rules;
  readonly samples: readonly string[];
  readonly edit: (edit: ElfEdit) => void;
  readonly outcome: 'pass' | 'fail';
  readonly severity?: 'high' | 'medium';
}

const wide = ['x86_64-glibc-gcc-pie-hardened', 'aarch64-glibc-gcc-pie-hardened'];
const narrow = ['i386-glibc-gcc-pie-hardened', 'arm-glibc-gcc-pie-hardened'];
const staticPie = [
  'x86_64-musl-gcc-staticpie-strong-nosections',
  's390x-musl-gcc-staticpie-strong-stripped',
];
const withoutRelro = ['x86_64-glibc-gcc-pie-norelro', 'aarch64-glibc-gcc-pie-norelro'];

const cases: readonly Case[] = [
  {
    name: 'an alignment that leaves no address to draw is a fixed address',
    rule: 'pie',
    samples: [...wide, ...staticPie],
    edit: (edit) => align(edit, 1n << 46n),
    outcome: 'fail',
    severity: 'high',
  },
  {
    name: 'an alignment that leaves a few addresses is a fixed address',
    rule: 'pie',
    samples: wide,
    edit: (edit) => align(edit, 1n << 36n),
    outcome: 'fail',
  },
  {
    name: 'in 32 bits an alignment of 1 MiB leaves none',
    rule: 'pie',
    samples: narrow,
    edit: (edit) => align(edit, 1n << 20n),
    outcome: 'fail',
  },
  {
    name: 'segments may be aligned to the largest pages there are',
    rule: 'pie',
    samples: [...wide, ...staticPie],
    edit: (edit) => align(edit, 1n << 30n),
    outcome: 'pass',
  },
  {
    name: 'an alignment that is not a power of two moves nothing',
    rule: 'pie',
    samples: wide,
    edit: (edit) => align(edit, 3n << 40n),
    outcome: 'pass',
  },
  {
    name: 'a PT_GNU_RELRO over what is not writable does not count',
    rule: 'relro',
    samples: withoutRelro,
    edit: protectHeaders,
    outcome: 'fail',
    severity: 'high',
  },
  {
    name: 'unwind information behind p_filesz is in the page that is mapped',
    rule: 'stackProtector',
    samples: ['x86_64-glibc-gcc-pie-ssp-none', 'x86_64-glibc-gcc-nopie-bare-nosections'],
    edit: cutUnwindInformation,
    outcome: 'fail',
    severity: 'high',
  },
  {
    name: 'zeros behind code are writable and executable',
    rule: 'noWritableCode',
    samples: [...wide, ...narrow, 'x86_64-glibc-gcc-nopie-bare'],
    edit: stretchCode,
    outcome: 'fail',
    severity: 'high',
  },
];

for (const { name, rule, samples, edit, outcome, severity } of cases) {
  describe(`program headers: ${name}`, () => {
    for (const sample of samples) {
      it(sample, () => {
        const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
        const elf = readElf(bytesOf(changedElf(file, edit)));
        const verdict = verdictOf<never>(rules[rule] as never, elf);
        assert.equal(verdict.outcome, outcome, verdict.message);
        if (severity !== undefined) assert.equal(verdict.severity, severity);
      });
    }
  });
}

/** Maps a copy of the first page over it, in which the process finds other program headers than the kernel. */
function withHeadersInMemory(file: Buffer, edit: (segments: Segments) => void): Buffer {
  const page = 4096;
  const at = Math.ceil(file.length / page) * page;
  const padded = Buffer.concat([file], at);
  const copy = changedElf(file.subarray(0, page), (first) => edit(first.segments()));
  return changedElf(Buffer.concat([padded, copy]), (whole) => {
    const first = loadsOf(whole)[0];
    const note = ofType(whole.segments(), PT.NOTE)[0];
    assert.ok(first !== undefined && note !== undefined);
    assert.equal(first.get('offset'), 0n);
    note.set('type', BigInt(PT.LOAD));
    note.set('flags', first.get('flags'));
    note.set('offset', BigInt(at));
    for (const field of ['address', 'physical'] as const) note.set(field, first.get('address'));
    for (const field of ['filesz', 'memsz', 'align'] as const) note.set(field, BigInt(page));
  });
}

function executableStack(segments: Segments): void {
  for (const stack of ofType(segments, PT.GNU_STACK)) stack.set('flags', 7n);
}

function lost(type: number): (segments: Segments) => void {
  return (segments) => {
    for (const segment of ofType(segments, type)) segment.set('type', 0n);
  };
}

const inMemory = [
  {
    name: 'stacks of threads are executable by the headers in memory',
    rule: nonExecutableStack,
    edit: executableStack,
    samples: ['x86_64-glibc-gcc-pie-hardened', 'x86_64-glibc-gcc-static-none-stripped'],
  },
  {
    name: 'without PT_GNU_STACK in memory stacks of threads are executable',
    rule: nonExecutableStack,
    edit: lost(PT.GNU_STACK),
    samples: ['x86_64-glibc-gcc-pie-hardened', 'x86_64-glibc-gcc-static-none-stripped'],
  },
  {
    name: 'a PT_GNU_RELRO that memory does not have is none',
    rule: relro,
    edit: lost(PT.GNU_RELRO),
    samples: ['x86_64-glibc-gcc-pie-hardened', 'x86_64-musl-gcc-static-strong-stripped'],
  },
] as const;

for (const { name, rule, edit, samples } of inMemory) {
  describe(`program headers: ${name}`, () => {
    for (const sample of samples) {
      it(sample, () => {
        const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
        const before = verdictOf<never>(rule as never, readElf(bytesOf(file)));
        assert.equal(before.outcome, 'pass', before.message);
        const elf = readElf(bytesOf(withHeadersInMemory(file, edit)));
        const verdict = verdictOf<never>(rule as never, elf);
        assert.equal(verdict.outcome, 'fail', verdict.message);
      });
    }
  });
}

describe('pie: e_type alone moves no program', () => {
  for (const sample of [
    'x86_64-glibc-gcc-nopie-bare',
    'x86_64-musl-gcc-nopie-bare',
    'i386-glibc-gcc-nopie-bare',
    'aarch64-glibc-gcc-nopie-bare',
    'aarch64-musl-gcc-nopie-bare',
    'arm-glibc-gcc-nopie-bare',
    'riscv64-glibc-gcc-nopie-bare',
    'ppc64le-glibc-gcc-nopie-bare',
  ]) {
    it(sample, () => {
      const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
      file.writeUInt16LE(ET.DYN, 16);
      const { outcome, message } = verdictOf(pie, readElf(bytesOf(file)));
      assert.equal(outcome, 'fail', message);
      assert.match(message, /^is linked to a fixed address, whatever its type says/);
    });
  }

  const relative = { type: 8, at: { word: 0 } } as const;
  const places = [
    { base: 0, relocations: [relative], outcome: 'pass' },
    { base: 0x1000, relocations: [relative], outcome: 'pass' },
    { base: 0x400000, relocations: [relative], outcome: 'unknown' },
    { base: 0x400000, relocations: [], outcome: 'fail' },
  ] as const;
  for (const { base, relocations, outcome } of places) {
    it(`a program at 0x${base.toString(16)} with ${relocations.length} relative relocations: ${outcome}`, () => {
      const interpreter = '/lib64/ld-linux-x86-64.so.2';
      const { elf } = buildElf({ type: ET.DYN, interpreter, base, relocations });
      const verdict = verdictOf(pie, elf);
      assert.equal(verdict.outcome, outcome, verdict.message);
    });
  }
});
