import type { Evidence } from '../base/verdict.ts';
import { DT, ELFOSABI, NT, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import kind, { type BinaryKind } from './kind.ts';
import { type SystemName, systemOfLoader } from './libc/other-loaders.ts';

/** The operating system that the file is made for. */
export interface System {
  readonly name: SystemName;
  /**
   * Names that decided it: the loader, or needed libraries. Only where such a file is, the file can be started or loaded. [] where
   * nothing of it decided.
   */
  readonly requires: readonly string[];
  /** Of `unknown`: what keeps it from being known. Absent otherwise. */
  readonly because?: string;
  /** What decided, then what the file is marked with. */
  readonly evidence: readonly Evidence[];
}

/**
 * By what has to be there for the file to start: its loader and the libraries that it needs. Marks (EI_OSABI, notes) decide nothing
 * against that: Linux starts a program whatever it is marked for (fs/binfmt_elf.c reads neither), so a mark alone leaves it open.
 */
export default factExtractor('headers', (elf): System => {
  const { kind: is, evidence } = kind(elf);
  if (freestandingKinds.includes(is)) return { name: 'none', requires: [], evidence };
  if (linuxKinds.includes(is)) return { name: 'Linux', requires: [], evidence };
  const found = [byLoader(elf), ...byNeeded(elf)].filter((each) => each !== null);
  const marks = marksOf(elf);
  const seen = [...found, ...marks].map((each) => each.evidence);
  const names = new Set(found.map(({ name }) => name));
  const [name] = names;
  if (name === undefined) return byMarks(marks);
  if (names.size > 1)
    return {
      name: 'unknown',
      requires: [],
      because: `it requires files of ${[...names].join(' and ')}`,
      evidence: seen,
    };
  return { name, requires: found.map((each) => each.evidence.saw), evidence: seen };
});

const freestandingKinds: readonly BinaryKind[] = ['firmware', 'boot-code'];
const linuxKinds: readonly BinaryKind[] = ['kernel', 'kernel-module'];

interface Sign {
  readonly name: SystemName;
  readonly evidence: Evidence;
}

function byLoader({ interpreter, segments }: Elf): Sign | null {
  const name = interpreter === null ? null : systemOfLoader(interpreter);
  if (name === null) return null;
  const offset = segments.find(({ type }) => type === PT.INTERP)?.offset;
  return {
    name,
    evidence: {
      what: 'PT_INTERP',
      saw: interpreter ?? '',
      ...(offset === undefined ? {} : { offset }),
    },
  };
}

/**
 * Names of C libraries that no other system has. OpenBSD's have two numbers; FreeBSD's is 7 since its release 7, NetBSD's 12 since 2.0,
 * DragonFly's 8 since 1.12. Not among them are `libc.so` (Android, Fuchsia, musl) and `libc.so.1` (Solaris, uClibc).
 */
const libraries: readonly (readonly [pattern: RegExp, name: SystemName])[] = [
  [/^(libc\.so\.6(\.1)?|ld-linux.*|ld64\.so\.\d|libc\.musl-.*|libc\.so\.0)$/, 'Linux'],
  [/^libc\.so\.7$/, 'FreeBSD'],
  [/^libc\.so\.\d+\.\d+$/, 'OpenBSD'],
  [/^libc\.so\.12$/, 'NetBSD'],
  [/^libc\.so\.8$/, 'DragonFly BSD'],
  [/^lib(zircon|fdio)\.so$/, 'Fuchsia'],
];

/** What loaders check of a library of that name, where the name alone does not decide. */
const versions: readonly (readonly [library: string, pattern: RegExp, name: SystemName])[] = [
  ['libc.so', /^LIBC(_|$)/, 'Android'],
  ['libc.so.1', /^(SUNW|ILLUMOS|SYSVABI)/, 'Solaris'],
];

function byNeeded(elf: Elf): Sign[] {
  const needed = optional(() => elf.dynamicStrings(DT.NEEDED)) ?? [];
  const named = needed.flatMap((saw): Sign[] => {
    const name = libraries.find(([pattern]) => pattern.test(saw))?.[1];
    return name === undefined ? [] : [{ name, evidence: { what: 'DT_NEEDED', saw } }];
  });
  return named.length > 0 ? named : byVersion(elf, needed);
}

function byVersion(elf: Elf, needed: readonly string[]): Sign[] {
  const candidates = versions.filter(([library]) => needed.includes(library));
  if (candidates.length === 0) return [];
  const needs = optional(() => elf.versionNeeds) ?? [];
  return candidates.flatMap(([library, pattern, name]): Sign[] => {
    const isNeeded = needs.some(
      (need) => need.library === library && need.versions.some((each) => pattern.test(each.name)),
    );
    return isNeeded ? [{ name, evidence: { what: 'DT_NEEDED', saw: library } }] : [];
  });
}

const osAbis: ReadonlyMap<number, SystemName> = new Map([
  [ELFOSABI.NETBSD, 'NetBSD'],
  [ELFOSABI.SOLARIS, 'Solaris'],
  [ELFOSABI.FREEBSD, 'FreeBSD'],
  [ELFOSABI.OPENBSD, 'OpenBSD'],
] as const);

const noteOwners: Readonly<Record<string, SystemName>> = {
  Android: 'Android',
  FreeBSD: 'FreeBSD',
  NetBSD: 'NetBSD',
  OpenBSD: 'OpenBSD',
  DragonFly: 'DragonFly BSD',
};

/** The first word of NT_GNU_ABI_TAG (include/elf.h of glibc); 1 is the Hurd. */
const abiTags: readonly (SystemName | null)[] = ['Linux', null, 'Solaris', 'FreeBSD'];

function marksOf(elf: Elf): Sign[] {
  const marks: Sign[] = [];
  const abi = osAbis.get(elf.header.osAbi);
  if (abi !== undefined)
    marks.push({ name: abi, evidence: { what: 'EI_OSABI', saw: abi, offset: 7n } });
  for (const { owner, type, description, offset } of elf.notes) {
    const tag = owner === 'GNU' && type === NT.GNU_ABI_TAG && description.length >= 16;
    const [least = 0, , , most = 0] = description;
    const name = tag
      ? abiTags[elf.header.byteOrder === 'little' ? least : most]
      : noteOwners[owner];
    if (name == null) continue;
    const what = tag ? 'NT_GNU_ABI_TAG' : 'note owner';
    marks.push({ name, evidence: { what, saw: tag ? name : owner, offset: BigInt(offset) } });
  }
  for (const { type } of elf.segments) {
    const [name, what] = segmentMarks.get(type) ?? [];
    if (name !== undefined && what !== undefined)
      marks.push({ name, evidence: { what: 'segment', saw: what } });
  }
  return marks;
}

const segmentMarks: ReadonlyMap<number, readonly [SystemName, string]> = new Map([
  [PT.OPENBSD_MUTABLE, ['OpenBSD', 'PT_OPENBSD_MUTABLE']],
  [PT.OPENBSD_RANDOMIZE, ['OpenBSD', 'PT_OPENBSD_RANDOMIZE']],
  [PT.OPENBSD_WXNEEDED, ['OpenBSD', 'PT_OPENBSD_WXNEEDED']],
  [PT.OPENBSD_NOBTCFI, ['OpenBSD', 'PT_OPENBSD_NOBTCFI']],
  [PT.OPENBSD_SYSCALLS, ['OpenBSD', 'PT_OPENBSD_SYSCALLS']],
  [PT.SUNWSTACK, ['Solaris', 'PT_SUNWSTACK']],
]);

/** What no one has to read makes a file a program of Linux at most: that is how it is judged anyway. */
function byMarks(marks: readonly Sign[]): System {
  const evidence = marks.map((each) => each.evidence);
  const names = [...new Set(marks.map(({ name }) => name))];
  const [name] = names;
  if (name === undefined)
    return { name: 'unknown', requires: [], because: 'it names no system', evidence };
  const isOfLinux = names.every((each) => each === 'Linux' || each === 'Android');
  if (isOfLinux && names.length === 1) return { name, requires: [], evidence };
  const because = `it is marked for ${names.join(' and ')}, which Linux does not read when it starts a file`;
  return { name: 'unknown', requires: [], because, evidence };
}
