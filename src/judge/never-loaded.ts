import { posix } from 'node:path';
import type { Problem } from '../base/problem.ts';
import type { BinaryReport, JudgedVerdict } from '../report/report.ts';

/** Machines and C libraries of the loaders of a root. Where there is none, nothing is known to be for another one. */
export interface Loaders {
  readonly machines: ReadonlySet<string>;
  /** `x86-64 musl` */
  readonly libcs: ReadonlySet<string>;
}

/**
 * Those that load what lies in a folder or container. What is not a root of its own is loaded by the root around it; without one, a
 * loader in it may be brought along for some of the files, and says nothing of the others.
 */
export function loadersFor(
  binaries: readonly BinaryReport[],
  isRoot: boolean,
  around: Loaders | null,
): Loaders {
  return isRoot ? loadersOf(binaries) : (around ?? loadersOf([]));
}

function loadersOf(binaries: readonly BinaryReport[]): Loaders {
  const loaders = binaries.filter(({ facts }) => kindOf(facts) === 'loader');
  return {
    machines: new Set(loaders.map(({ facts }) => machineOf(facts))),
    libcs: new Set(loaders.map(({ facts }) => `${machineOf(facts)} ${libcOf(facts)}`)),
  };
}

export interface Spared {
  readonly binaries: readonly BinaryReport[];
  /** Which folders to leave out. */
  readonly problems: readonly Problem[];
}

/**
 * Takes the failures off what is never loaded in a root: prebuilt files for another machine or C library next to one that fits,
 * and objects that node-gyp leaves behind. Names show what belongs together and nothing else: that a file does not fit
 * is seen in the file, and in the loaders of the root.
 */
export function spareNeverLoaded(binaries: readonly BinaryReport[], loaders: Loaders): Spared {
  const fitting = new Set<string>();
  for (const binary of binaries) if (fits(binary, loaders)) fitting.add(familyOf(binary.path));
  const folders = new Map<string, Left>();
  const spared = binaries.map((binary) => {
    const because = whyNever(binary, loaders, fitting);
    note(folders, binary.path, because);
    return because === null
      ? binary
      : { ...binary, verdicts: binary.verdicts.map(sparing(because)) };
  });
  return { binaries: spared, problems: [...folders.values()].flatMap(noticesOf) };
}

/**
 * The same for binaries of a saved report, whose rules were asked again. What was spared before is spared again: the verdict that
 * showed it is not there any more.
 */
export function spareAgain(
  before: readonly BinaryReport[],
  asked: readonly BinaryReport[],
): readonly BinaryReport[] {
  const loaders = new Map<string, Loaders>();
  const levels = new Map<string, BinaryReport[]>();
  for (const binary of asked) {
    const level = levelOf(binary.path);
    const own = levels.get(level);
    if (own === undefined) levels.set(level, [binary]);
    else own.push(binary);
  }
  const spared = new Map<string, BinaryReport>();
  // What is around comes before what lies in it.
  for (const level of [...levels.keys()].toSorted((a, b) => a.length - b.length)) {
    const own = levels.get(level) ?? [];
    const here = loadersFor(own, own.some(isInRoot), around(level, loaders));
    loaders.set(level, here);
    for (const binary of spareNeverLoaded(own, here).binaries) spared.set(binary.path, binary);
  }
  return asked.map((binary, at) => {
    const because = before[at]?.verdicts.flatMap(({ message }) => becauseIn(message))[0];
    if (because === undefined) return spared.get(binary.path) ?? binary;
    return { ...binary, verdicts: binary.verdicts.map(sparing(because)) };
  });
}

/** Up to the last sign behind which a file lies in another one. */
function levelOf(path: string): string {
  return path.slice(0, path.lastIndexOf('!') + 1);
}

/** Of the nearest level around one that has binaries. */
function around(level: string, loaders: ReadonlyMap<string, Loaders>): Loaders | null {
  for (let inner = level; inner !== ''; ) {
    inner = levelOf(inner.slice(0, -1));
    const found = loaders.get(inner);
    if (found !== undefined) return found;
  }
  return null;
}

/** Known of each file in a root, and of no other. */
function isInRoot({ facts: { exposure } }: BinaryReport): boolean {
  return exposure.known;
}

type Facts = BinaryReport['facts'];

function whyNever(
  binary: BinaryReport,
  loaders: Loaders,
  fitting: ReadonlySet<string>,
): string | null {
  const { path, facts } = binary;
  if (isLeftOver(binary)) return 'it is an object that node-gyp left when it linked the addon';
  if (!isPrebuilt(facts) || loaders.machines.size === 0 || !fitting.has(familyOf(path)))
    return null;
  const machine = machineOf(facts);
  if (machine !== '' && !loaders.machines.has(machine) && !isRunAllTheSame(facts, loaders))
    return `it is for ${machine}, of which the root has no loader, and one for another machine is next to it`;
  const libc = libcOf(facts);
  const isOther = ['glibc', 'musl'].includes(libc) && !loaders.libcs.has(`${machine} ${libc}`);
  if (!isOther || !isRefused(binary)) return null;
  return `it is for ${libc}, of which the root has no loader, and one for another C library is next to it`;
}

/** Nothing starts or loads an object file, whatever it is called. */
function isLeftOver({ path, facts }: BinaryReport): boolean {
  return kindOf(facts) === 'object' && /\/build\/(?:Release|Debug)\/obj\.target\//.test(path);
}

/** What the image's command leads to is started, or its image is not for the machine of its loaders. */
function isPrebuilt(facts: Facts): boolean {
  const { exposure } = facts;
  if (exposure.known && exposure.value.reached !== null) return false;
  return ['shared-library', 'executable', 'static-executable', 'static-pie'].includes(
    kindOf(facts),
  );
}

/** Machines whose kernels run the programs of another one. */
const compatible: readonly (readonly [machine: string, other: string])[] = [
  ['x86-64', 'i386'],
  ['aarch64', 'arm'],
];

/** What is static needs no loader. */
function isRunAllTheSame(facts: Facts, { machines }: Loaders): boolean {
  if (!['static-executable', 'static-pie'].includes(kindOf(facts))) return false;
  const machine = machineOf(facts);
  return compatible.some(([of, other]) => other === machine && machines.has(of));
}

/** For a machine and C library that the root has a loader of, and not found to be refused by it. */
function fits(binary: BinaryReport, loaders: Loaders): boolean {
  const { facts } = binary;
  if (!isPrebuilt(facts)) return false;
  const libc = libcOf(facts);
  const isOfLibc = ['glibc', 'musl'].includes(libc);
  if (isOfLibc && !loaders.libcs.has(`${machineOf(facts)} ${libc}`)) return false;
  return loaders.machines.has(machineOf(facts)) && !isRefused(binary);
}

function isRefused({ verdicts }: BinaryReport): boolean {
  return verdicts.some(
    ({ rule, outcome }) => ['loadable', 'musl-linkage'].includes(rule) && outcome === 'fail',
  );
}

/** Words for machines and C libraries, as npm, Java and others name files and folders by them. */
const platformWords: ReadonlySet<string> = new Set(
  [
    'x64 x86 64 32 86 amd64 ia32 i386 i586 i686 arm arm64 aarch64 armv5 armv6 armv6l armv7 armv7l armv8 armhf armel arm32',
    'v5 v6 v7 v8 ppc ppc64 ppc64le ppc64el s390x riscv64 riscv64gc loong64 loongarch64 mips mipsel mips64 mips64el',
    'musl glibc gnu libc gnueabihf gnueabi musleabihf musleabi eabihf eabi',
  ].flatMap((words) => words.split(' ')),
);

/** The same for files that differ by such words alone: `prebuilds/linux-arm/a.node` and `prebuilds/linux-x64/a.musl.node`. */
function familyOf(path: string): string {
  return path
    .toLowerCase()
    .replaceAll('linuxmusl', 'linux')
    .split(/[^a-z0-9]+/)
    .filter((word) => !platformWords.has(word))
    .join(' ');
}

function sparing(because: string): (verdict: JudgedVerdict) => JudgedVerdict {
  return (verdict) => {
    if (verdict.outcome !== 'fail' && verdict.outcome !== 'unknown') return verdict;
    const { rule, severity, evidence } = verdict;
    return { rule, outcome: 'not-applicable', severity, message: `${never}${because}`, evidence };
  };
}

const never = 'it is never loaded here: ';

function becauseIn(message: string): readonly string[] {
  return message.startsWith(never) ? [message.slice(never.length)] : [];
}

/** A folder, and what of it is never loaded. */
interface Left {
  readonly folder: string;
  readonly files: { readonly path: string; readonly because: string }[];
  others: number;
}

function note(folders: Map<string, Left>, path: string, because: string | null): void {
  const folder = posix.dirname(path);
  const left = folders.get(folder) ?? { folder, files: [], others: 0 };
  if (because === null) left.others += 1;
  else left.files.push({ path, because });
  folders.set(folder, left);
}

/** One for a folder of which nothing is loaded. */
function noticesOf({ folder, files, others }: Left): readonly Problem[] {
  const [first] = files;
  if (first === undefined) return [];
  if (others > 0)
    return files.map(({ path, because }) =>
      notice(path, `never loaded here: leave it out; ${because}`),
    );
  const count = files.length === 1 ? 'its file is' : `its ${files.length} files are`;
  return [notice(folder, `${count} never loaded here: leave the folder out; ${first.because}`)];
}

function notice(where: string, message: string): Problem {
  return { kind: 'notice', where, message };
}

function kindOf({ kind }: Facts): string {
  return kind.known ? kind.value.kind : '';
}

function machineOf({ machine }: Facts): string {
  return machine.known ? machine.value.name : '';
}

function libcOf({ libc }: Facts): string {
  return libc.known ? libc.value.name : '';
}
