import type { Evidence } from '../base/verdict.ts';
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { firstOf } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import go from './go.ts';
import kind from './kind.ts';
import { namesItsCode } from './language/described-code.ts';
import { findLanguages } from './language/language-search.ts';
import { codeWithoutReturn } from './libc/code-without-return.ts';
import { libcItself } from './libc/libc-itself.ts';
import { staticLibc } from './libc/static-libc.ts';
import linking from './linking.ts';
import { packedBy } from './packer.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { hasStaticSymbols, staticNames } from './search/static-names.ts';
import { undefinedNames } from './search/symbol-names.ts';
import system from './system.ts';

export type LibcName = 'glibc' | 'musl' | 'uclibc' | 'bionic' | 'none' | 'unknown';

/** The C library that the file is made for. */
export interface Libc {
  readonly name: LibcName;
  /** `itself`: this file is (part of) that libc. `brought`: linked statically. `asked`: found by the loader at start. */
  readonly how: 'itself' | 'brought' | 'asked' | 'unknown';
  readonly evidence: readonly Evidence[];
}

/** The strongest evidence first: what the file defines, which loader it names, what it needs, what it contains. */
export default factExtractor('tables', (elf): Libc => {
  const { how } = linking(elf);
  if (how === 'none') return unlinked(elf);
  const asked = firstOf(
    () => byOwnSymbols(elf),
    () => ofOtherSystem(elf),
    () => byInterpreter(elf),
    () => byNeeded(elf),
    () => byVersionNeeds(elf),
  );
  if (asked !== null) return asked;
  return how === 'static' ? broughtAlong(elf) : selfSufficient(elf);
});

function unlinked(elf: Elf): Libc {
  const { kind: is, evidence } = kind(elf);
  const usesNone: readonly string[] = ['kernel-module', 'kernel', 'firmware', 'boot-code'];
  return {
    name: usesNone.includes(is) ? 'none' : 'unknown',
    how: 'unknown',
    evidence,
  };
}

interface NamedLibc {
  readonly name: LibcName;
  readonly pattern: RegExp;
}

/** Loader paths as compilers set them; distributions may move the directory, not the name. */
const interpreters: readonly NamedLibc[] = [
  { name: 'musl', pattern: /\/ld-musl-[^/]*$/ },
  { name: 'uclibc', pattern: /\/ld(64)?-uClibc[^/]*$/ },
  { name: 'bionic', pattern: /\/linker(64)?$/ },
  { name: 'glibc', pattern: /\/(ld-linux[^/]*|ld-lsb[^/]*|ld64\.so\.\d|ld\.so\.1|ld-2\.\d+\.so)$/ },
];

const neededNames: readonly NamedLibc[] = [
  { name: 'musl', pattern: /^(libc\.musl-|ld-musl-)/ },
  { name: 'glibc', pattern: /^(libc\.so\.6(\.1)?|libm\.so\.6(\.1)?|ld-linux.*|ld64\.so\.\d)$/ },
  { name: 'uclibc', pattern: /^libc\.so\.[01]$/ },
];

/** What only the loader of one libc exports, whatever it is called. */
const loaderSymbols = [
  ['_rtld_global', 'glibc'],
  ['_dl_load_shared_library', 'uclibc'],
  ['_dl_debug_addr', 'musl'],
] as const;
const loaderNames = dynamicNames(loaderSymbols.map(([name]) => name));

/** A loader of which that alone is known serves programs of its libc; what holds for a libc's own code needs more. */
function byOwnSymbols(elf: Elf): Libc | null {
  const itself = libcItself(elf);
  if (itself !== null) return { ...itself, how: 'itself' };
  if (kind(elf).kind !== 'loader') return null;
  const offered = loaderNames.allIn(elf);
  for (const [saw, name] of loaderSymbols) {
    if (offered.includes(saw)) {
      return { name, how: 'unknown', evidence: [{ what: 'exported symbol', saw }] };
    }
  }
  return null;
}

/** What another system finds as libc.so or libc.so.1 is its own C library. */
function ofOtherSystem(elf: Elf): Libc | null {
  const { name, evidence } = system(elf);
  const isOfLinux = ['Linux', 'Android', 'none', 'unknown'].includes(name);
  if (isOfLinux || elf.dynamicValue(DT.NEEDED) === null) return null;
  return { name: 'unknown', how: 'asked', evidence };
}

function byInterpreter(elf: Elf): Libc | null {
  const { interpreter } = elf;
  if (interpreter === null) return null;
  const evidence = [{ what: 'PT_INTERP', saw: interpreter }];
  const name = match(interpreters, interpreter);
  return name === null ? null : { name, how: 'asked', evidence };
}

function byNeeded(elf: Elf): Libc | null {
  const needed = elf.dynamicStrings(DT.NEEDED);
  for (const saw of needed) {
    const name = match(neededNames, saw);
    if (name !== null) return { name, how: 'asked', evidence: [{ what: 'DT_NEEDED', saw }] };
  }
  if (!needed.includes('libc.so')) return null;
  // Both musl (as musl-gcc links it) and bionic call it so; Android's linker demands a note of its own.
  const android = androidEvidence(elf);
  const evidence = [{ what: 'DT_NEEDED', saw: 'libc.so' }, ...(android === null ? [] : [android])];
  return { name: android === null ? 'musl' : 'bionic', how: 'asked', evidence };
}

/** libgcc_s names its own versions GLIBC_2.0 on some machines, under musl too. */
function byVersionNeeds(elf: Elf): Libc | null {
  for (const { library, versions } of elf.versionNeeds) {
    if (library.startsWith('libgcc_s.')) continue;
    const version = versions.find(({ name }) => name.startsWith('GLIBC_'));
    if (version === undefined) continue;
    const evidence = [{ what: `version needed of ${library}`, saw: version.name }];
    return { name: 'glibc', how: 'asked', evidence };
  }
  return null;
}

function androidEvidence(elf: Elf): Evidence | null {
  const note = elf.notes.find(({ owner }) => owner === 'Android');
  if (note !== undefined)
    return { what: 'note owner', saw: 'Android', offset: BigInt(note.offset) };
  const bionic = elf.versionNeeds.some(({ versions }) =>
    versions.some(({ name }) => name === 'LIBC'),
  );
  return bionic ? { what: 'version needed', saw: 'LIBC' } : null;
}

/** Every libc known here starts its programs through one of these. */
const starters = staticNames(['__libc_start_main', '__libc_init']);

/** A static program: its libc is known by what it contains. Go and Free Pascal call the kernel themselves. */
function broughtAlong(elf: Elf): Libc {
  const packed = packedBy(elf);
  if (packed !== null) return { name: 'unknown', how: 'unknown', evidence: packed.evidence };
  const found = staticLibc(elf);
  if (found !== null) return { ...found, how: 'brought' };
  const android = androidEvidence(elf);
  if (android !== null) return { name: 'bionic', how: 'brought', evidence: [android] };
  const program = go(elf);
  const runtime =
    program?.table === true
      ? program
      : findLanguages(elf).find(
          ({ name, hardenedBy }) => name === 'free-pascal' && hardenedBy === 'runtime',
        );
  if (runtime !== undefined) return { name: 'none', how: 'unknown', evidence: runtime.evidence };
  const without = codeWithoutReturn(elf);
  if (without !== null) return { name: 'none', how: 'unknown', evidence: [without] };
  // Not to find one says something of sound names alone.
  const noStart = hasStaticSymbols(elf) && starters.firstIn(elf) === null && namesItsCode(elf);
  const evidence = [{ what: '__libc_start_main in .symtab', saw: noStart ? 'none' : 'no .symtab' }];
  return { name: noStart ? 'none' : 'unknown', how: 'unknown', evidence };
}

/** A library that names no libc: it needs none if it takes nothing from elsewhere, else its program brings one. */
function selfSufficient(elf: Elf): Libc {
  const imports = undefinedNames(elf).size;
  const evidence = [{ what: 'undefined symbols', saw: String(imports) }];
  return { name: imports === 0 ? 'none' : 'unknown', how: 'unknown', evidence };
}

function match(libcs: readonly NamedLibc[], text: string): LibcName | null {
  return libcs.find(({ pattern }) => pattern.test(text))?.name ?? null;
}
