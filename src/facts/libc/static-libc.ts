import type { Evidence } from '../../base/verdict.ts';
import type { Elf } from '../../elf/model.ts';
import { findConstant } from '../search/byte-marks.ts';
import { type StaticNames, staticNames } from '../search/static-names.ts';
import { libcWitnesses } from './libc-witnesses.ts';
import { startCodeEvidence } from './start-code.ts';

export interface StaticLibc {
  readonly name: 'glibc' | 'musl' | 'uclibc';
  readonly evidence: readonly Evidence[];
}

const symbols: readonly { readonly name: StaticLibc['name']; readonly names: StaticNames }[] = [
  { name: 'uclibc', names: staticNames(['__uClibc_main']) },
  { name: 'glibc', names: staticNames(['__libc_setup_tls', '_dl_relocate_static_pie']) },
  { name: 'musl', names: staticNames(['__init_libc', '_start_c']) },
];

/**
 * musl's start code first: where the program is entered, it is run. Then strings, as they survive stripping, and names last:
 * anybody can add them to another libc's program.
 */
export function staticLibc(elf: Elf): StaticLibc | null {
  return byStartCode(elf) ?? byStrings(elf) ?? bySymbols(elf);
}

function byStrings(elf: Elf): StaticLibc | null {
  for (const witness of libcWitnesses) {
    const found = findConstant(elf, witness);
    if (found === null) continue;
    const saw = found.match[0].replace('\0', '');
    return {
      name: witness.name,
      evidence: [{ what: 'string constant', saw, offset: BigInt(found.offset) }],
    };
  }
  return null;
}

function bySymbols(elf: Elf): StaticLibc | null {
  for (const { name, names } of symbols) {
    const saw = names.firstIn(elf);
    if (saw !== null) return { name, evidence: [{ what: '.symtab', saw }] };
  }
  return null;
}

function byStartCode(elf: Elf): StaticLibc | null {
  const start = startCodeEvidence(elf);
  return start === null ? null : { name: 'musl', evidence: [start] };
}
