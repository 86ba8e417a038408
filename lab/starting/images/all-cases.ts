import { type Random, randomFrom } from '../../../fuzz/random.ts';
import { defects } from './defects.ts';
import { type Entry, entries } from './entries.ts';
import { foreignEntries, foreignEntry, foreignNames } from './foreign.ts';
import { chainCase, generateChain } from './generate-chains.ts';
import type { ImageCase } from './image-case.ts';
import { headerEntries, interpreterEntries } from './kernel-programs.ts';
import { emulatorOf, kindOf } from './lab-roots.ts';
import { canBuild, dynamicKinds, plainKind } from './program-kinds.ts';
import { libcFor } from './root-libc.ts';
import { scriptEntries } from './scripts.ts';
import { plainWay, waysOf } from './search-ways.ts';
import { allSurroundings } from './surroundings.ts';
import { userEntries } from './users.ts';

/** Entries whose truth is the kernel of this machine. */
const entryTable: readonly Entry[] = [
  ...entries,
  ...userEntries,
  ...scriptEntries,
  ...headerEntries,
  ...interpreterEntries,
  ...foreignEntries,
];

/** Whether a root has what a case of it needs, and this machine's kernel is what decides. */
function fits({ name, needsShell }: Entry, base: string): boolean {
  const { machine } = kindOf(base);
  if (
    machine !== 'x86_64' &&
    (headerEntries.some((each) => each.name === name) ||
      foreignEntries.some((each) => each.name === name))
  )
    return false;
  if (emulatorOf(machine) !== null) return false;
  return needsShell === undefined || /^(alpine|debian)/.test(base);
}

function entryCase(entry: Entry, base: string): ImageCase {
  const { entrypoint = [], cmd = [] } = entry.image;
  const [word] = [...entrypoint, ...cmd];
  return {
    name: entry.name,
    base,
    image: entry.image,
    program: word === '/opt/app' ? word : null,
    make: entry.apply,
  };
}

/** Each thing that a case can have, alone, in a root. */
export function tableOf(base: string): readonly ImageCase[] {
  const root = kindOf(base);
  const plain = { kind: plainKind, ways: [plainWay], at: 0, defect: null };
  const [around] = allSurroundings;
  const kinds = dynamicKinds.filter((kind) => canBuild(kind, root.machine, libcFor(root)));
  const symbols = foreignNames.flatMap((name, index) => {
    const how = (['call', 'address', 'weak'] as const)[index % 3] ?? 'call';
    const from = index % 4 === 0 && root.machine === 'x86_64' ? 'glibc' : root.libc;
    return [entryCase(foreignEntry(name, how, from), base)];
  });
  return [
    ...entryTable.filter((entry) => fits(entry, base)).map((entry) => entryCase(entry, base)),
    ...kinds.map((kind) => chainCase(base, { ...plain, kind, around })),
    ...waysOf(root.libc).map((way) => chainCase(base, { ...plain, ways: [way], around })),
    ...defects.map((defect) => chainCase(base, { ...plain, defect, around })),
    ...allSurroundings.slice(1).map((each) => chainCase(base, { ...plain, around: each })),
    ...symbols,
  ];
}

/** The case of a seed: the same wherever its root is there. */
export function generateCase(seed: number, bases: readonly string[]): ImageCase {
  const random = randomFrom(seed);
  const base = random.any(bases);
  if (base === undefined) throw new Error('there are no roots');
  if (random.below(10) < 6) return generateChain(random, base);
  if (random.oneIn(4)) return generateSymbol(random, base);
  const entry = random.any(entryTable.filter((each) => fits(each, base)));
  return entry === undefined ? generateChain(random, base) : entryCase(entry, base);
}

function generateSymbol(random: Random, base: string): ImageCase {
  const { libc, machine } = kindOf(base);
  const from = machine === 'x86_64' ? random.pick(['musl', 'glibc']) : libc;
  const how = random.pick(['call', 'address', 'weak']);
  return entryCase(foreignEntry(random.pick(foreignNames), how, from), base);
}
