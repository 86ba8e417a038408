import type { BinaryKind } from '../facts/kind.ts';

/** Kinds of binaries that a rule says nothing about, each with the reason. */
export type Exemptions = Readonly<Partial<Record<BinaryKind, string>>>;

/** Groups of kinds for rules. A new kind joins one of them, and every rule treats it like the others there. */
export type KindGroup =
  | 'program'
  | 'static-program'
  | 'library'
  | 'loader'
  | 'object'
  | 'kernel-code'
  | 'freestanding'
  | 'record';

interface KindOfFile {
  readonly group: KindGroup;
  /** What a file of this kind is called in a sentence. */
  readonly called: string;
}

/** In the order in which exemptions are listed. */
const kinds: Readonly<Record<BinaryKind, KindOfFile>> = {
  executable: { group: 'program', called: 'a program' },
  'static-executable': { group: 'static-program', called: 'a static executable' },
  'static-pie': { group: 'static-program', called: 'a static executable' },
  'shared-library': { group: 'library', called: 'a library' },
  'executable-library': { group: 'library', called: 'a library' },
  loader: { group: 'loader', called: 'a loader' },
  object: { group: 'object', called: 'an object file' },
  kernel: { group: 'kernel-code', called: 'the kernel' },
  'kernel-module': { group: 'kernel-code', called: 'a kernel module' },
  firmware: { group: 'freestanding', called: 'firmware' },
  'boot-code': { group: 'freestanding', called: 'boot code' },
  'kernel-config': { group: 'record', called: 'a configuration of a kernel' },
  core: { group: 'record', called: 'a core file' },
  'debug-only': { group: 'record', called: 'a file of debug information' },
};

/** All kinds. */
export const kindNames = Object.keys(kinds) as readonly BinaryKind[];

/**
 * All kinds of these groups, with one reason, or one made of what a file of the kind is called. What a rule has to say of one kind
 * alone stands after it and replaces it.
 */
export function kindsOf(
  groups: readonly KindGroup[],
  reason: string | ((called: string) => string),
): Exemptions {
  const those = kindNames.filter((kind) => groups.includes(kinds[kind].group));
  return Object.fromEntries(
    those.map((kind) => [kind, typeof reason === 'string' ? reason : reason(kinds[kind].called)]),
  );
}

/** No kernel and no loader is under what they run, and no process is there: what those protect, or leave open, is not theirs. */
export const freestanding: Exemptions = kindsOf(
  ['freestanding'],
  (called) => `${called} runs without an operating system`,
);

/** Nothing runs in a process: they record what ran, or what was built, or run without an operating system. */
export const notPrograms: Exemptions = {
  ...freestanding,
  ...kindsOf(['record'], (called) => `${called} is not a program`),
  core: 'core files are not programs',
  'debug-only': 'the file holds debug information only',
};

/** No process has them in its memory as they are. */
export const notLoaded: Exemptions = {
  ...kindsOf(['object'], 'object files are not loaded: the link decides'),
  ...notPrograms,
};

/** No process begins with them, and no library of a process is one. */
export const notStarted: Exemptions = {
  ...freestanding,
  ...kindsOf(['object', 'kernel-code', 'record'], (called) => `${called} is not started`),
  kernel: 'the kernel is not started as a program',
};

/** In one order, however a rule puts its groups together. */
export function listExemptions(
  exempt: Exemptions,
): readonly (readonly [kind: string, reason: string])[] {
  return kindNames.flatMap((kind) => {
    const reason = exempt[kind];
    return reason === undefined ? [] : [[kind, reason] as const];
  });
}
