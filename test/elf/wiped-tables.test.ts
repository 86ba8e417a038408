import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

/** Read as they stand, such tables would clear a file of what they testify to. */
const wiped: readonly {
  readonly region: string;
  readonly read: (elf: Elf) => unknown;
  readonly message: RegExp;
}[] = [
  {
    region: 'relocations',
    read: (elf) => elf.visitRelocations(() => {}),
    message: /^DT_RELA? holds nothing but zeros/,
  },
  {
    region: 'symbols',
    read: (elf) => elf.dynamicSymbols,
    message: /^the symbol table holds nothing/,
  },
  {
    region: 'strings',
    read: (elf) => elf.dynamicStrings(DT.NEEDED),
    message: /^DT_STRTAB holds nothing/,
  },
  {
    region: 'dynamic',
    read: (elf) => elf.dynamic,
    message: /^the dynamic section at offset 0x\w+ is empty/,
  },
  {
    region: 'interpreter',
    read: (elf) => elf.interpreter,
    message: /^PT_INTERP at offset 0x\w+ is empty/,
  },
];

for (const layout of layouts) {
  for (const { region, read, message } of wiped) {
    test(`wiped ${region} of a ${layout.bits}-bit ${layout.byteOrder}-endian file are damage`, () => {
      const built = buildElf({
        ...layout,
        interpreter: '/lib/ld.so',
        needed: ['libc.so'],
        symbols: [{ name: 'puts' }],
        relocations: [{ type: 8, symbol: 'puts', at: { word: 1 } }],
      });
      const { offset, size } = built.region(region);
      read(built.elf);
      built.buffer.fill(0, offset, offset + size);
      assert.throws(
        () => read(built.elf),
        (error: unknown) => error instanceof MalformedElf && message.test(error.message),
      );
    });
  }
}
