import { extractors } from '../facts/index.ts';

export type FileFactName = keyof typeof extractors;

/** A rule, as far as extraction knows it: what it judges, and the names of the facts that it needs. */
export interface Needing {
  readonly judges: 'binary' | 'image';
  readonly needs: readonly string[];
  /** It needs nothing without a setting of the policy; the policy has its needs among what it asks. */
  readonly setting?: object;
}

/** Needed for any rules: judging, roots, waivers and reports use them. */
const always: ReadonlySet<string> = new Set<FileFactName>([
  'acceptance',
  'kind',
  'language',
  'libc',
  'packer',
]);

/** No rule needs them: `inspect` shows them, and reports have them that have all facts. */
export const factsForReaders: readonly string[] = [
  // Where files are linked: it needs the tables of all files, and `imports` of programs.
  'libraryUse',
  'systemNeeds',
  'processorCode',
  'embeddedLibraries',
  'openedNames',
  'imports',
  'otherProtections',
  'objectCode',
];

/** Those that `inspect` alone shows: a library can export 100,000 symbols, and reports have them where a list of the policy needs them. */
export const factsForInspection: readonly string[] = [...factsForReaders, 'exports'];

/** Facts that headers show, and those that the rules or anything in `asked` needs. */
export function wantedFacts(
  rules: readonly Needing[],
  asked: readonly string[] = [],
): ReadonlySet<FileFactName> {
  const needed = new Set<string>([...always, ...rules.flatMap(needsOf), ...asked]);
  const names = Object.keys(extractors) as FileFactName[];
  return new Set(names.filter((name) => extractors[name].cost === 'headers' || needed.has(name)));
}

/** Facts of a root that rest on the tables that linking needs. */
const fromLinkTables: ReadonlySet<string> = new Set(['linkage', 'neededBy', 'searchPath']);

/** Whether a rule asks what a loader would make of the file. The start of an image does. */
export function wantsLinkTables(rules: readonly Needing[], asked: readonly string[] = []): boolean {
  const needs = [...rules.flatMap(needsOf), ...asked];
  return (
    rules.some(({ judges }) => judges === 'image') || needs.some((name) => fromLinkTables.has(name))
  );
}

function needsOf({ needs, setting }: Needing): readonly string[] {
  return setting === undefined ? needs : [];
}
