import { setImmediate as breathe } from 'node:timers/promises';
import { known } from '../base/fact.ts';
import type { OwnLists } from '../base/own-lists.ts';
import { isIncomplete, type Problem } from '../base/problem.ts';
import type { RequiredSystem } from '../base/required-system.ts';
import { printableName } from '../base/text.ts';
import type { Contained, LayerCatalog } from '../layers/catalog.ts';
import type { Container, Root } from '../layers/root.ts';
import type { BinaryReport, ImageReport, OtherProgram, TakenFor } from '../report/report.ts';
import { acceptedHere } from '../root/accepted-here.ts';
import { type Binary, countExcluded, findBinaries } from '../root/binaries.ts';
import { createCached } from '../root/cached-packages.ts';
import { createKindHere } from '../root/kind-here.ts';
import { folderNotices } from '../root/links-out.ts';
import { packageByItself, systemOf } from '../root/packages/by-itself.ts';
import {
  bareFileFacts,
  findRootFacts,
  type RootFacts,
  type RootTarget,
} from '../root/root-facts.ts';
import { findImageFacts } from '../root/start/image-facts.ts';
import { findKernelConfigs } from '../root/system/kernel-configs.ts';
import type { OperatingSystem } from '../root/system/operating-system.ts';
import { type Around, holderOf, ownedBy, ownedByPackage, problemIn } from './holder.ts';
import { judge, judgeImage } from './judge.ts';
import type { JudgedBefore } from './judged-before.ts';
import { loadersFor, spareNeverLoaded } from './never-loaded.ts';
import { type Level, type LevelReading, openLevel } from './open-level.ts';
import { otherProgramsIn } from './other-programs.ts';
import { judgesImages, type Rule } from './rule.ts';
import { SharedVerdicts } from './shared-verdicts.ts';

export interface JudgeOptions extends LevelReading {
  readonly rules: readonly Rule[];
  /** Of paths as they are reported. */
  readonly excludes: (path: string) => boolean;
  /** As the policy has it; absent: no system is named. */
  readonly requiredSystem?: RequiredSystem | undefined;
  /** Whether a reader wants the fact `libraryUse`. */
  readonly withLibraryUse?: boolean;
  /** Lists of the policy that concern a binary; absent: there are none. */
  readonly ownListsOf?: ((binary: Placed) => OwnLists | null) | undefined;
  /** Of the other images of the run; absent: there are none. */
  readonly judgedBefore?: JudgedBefore | undefined;
  /** Its reason is thrown between two steps. */
  readonly signal?: AbortSignal | undefined;
}

/** A binary as a report calls it. */
export type Placed = Pick<BinaryReport, 'path' | 'aliases' | 'facts'>;

export interface Judged {
  /** Of the target itself, without what lies in its files. */
  readonly os: OperatingSystem | null;
  readonly binaries: readonly BinaryReport[];
  /** Absent as in a report. */
  readonly image: ImageReport | undefined;
  readonly problems: readonly Problem[];
  /** How many ELF files are left out. */
  readonly excluded: number;
  readonly otherPrograms: readonly OtherProgram[];
  /** Absent where the target is neither a directory nor an archive. */
  readonly takenFor?: TakenFor;
}

/** Binaries that are judged before others may do something, such as ending the run. */
const atOnce = 100;

/**
 * Judges the binaries of a target, and those in its files, each in the root that it is in: what lies in a file is judged
 * by what its own container holds, and never by what the outer one lacks. It computes without waiting for anything;
 * between its steps a time limit can end it.
 */
export async function judgeTarget(
  target: RootTarget & { readonly problems: readonly Problem[] },
  catalogs: readonly LayerCatalog[],
  options: JudgeOptions,
): Promise<Judged> {
  const same = new SharedVerdicts();
  const { problems: opening } = target;
  const outer = await judgeLevel(
    { target, catalogs, problems: opening, holder: null },
    options,
    same,
  );
  const binaries = [...outer.binaries];
  const problems = [...outer.problems];
  let { excluded } = outer;
  const pending = [...outer.inner];
  for (let level = pending.shift(); level !== undefined; level = pending.shift()) {
    const judged = await judgeLevel(level, options, same);
    for (const binary of judged.binaries) binaries.push(binary);
    for (const problem of judged.problems) problems.push(problem);
    excluded += judged.excluded;
    for (const inner of judged.inner) pending.push(inner);
  }
  const { root, image, isWhole, otherPrograms } = outer;
  const takenFor = target.kind === 'root-filesystem' ? { takenFor: takenForOf(isWhole) } : {};
  const os = systemOf(root, target.control);
  return { os, binaries, image, problems, excluded, otherPrograms, ...takenFor };
}

function takenForOf(isWhole: boolean): TakenFor {
  return isWhole ? 'root' : 'folder';
}

async function judgeLevel(level: Level, options: JudgeOptions, same: SharedVerdicts) {
  const { target, holder } = level;
  const { catalogs, root, problems, isWhole, owners, ownershipOf } = await openLevel(
    level,
    options,
  );
  const prefix = holder?.prefix ?? '';
  const excludes = (path: string) => options.excludes(prefix + path);
  await breathe();
  const configs = judgesConfigs(options) ? findKernelConfigs(root, excludes) : [];
  const found = [...findBinaries(root, excludes), ...configs];
  const facts = findRootFacts(
    ...([target, root, found, owners, ownershipOf] as const),
    options.withLibraryUse,
  );
  const reading = [
    ...level.problems,
    ...catalogs.flatMap((catalog) => catalog.problems),
    ...problems,
    ...(holder === null ? folderNotices(target, root, isWhole) : []),
  ];
  const image = holder === null ? imageOf(level, options, { root, found, facts, reading }) : null;
  const itself = target.control === undefined ? null : packageByItself(target.control);
  const requiredSystem = known(options.requiredSystem ?? null);
  const kindHere = createKindHere(root);
  const binaries: BinaryReport[] = [];
  for (const [index, { entry, extraction, aliases }] of found.entries()) {
    if (index % atOnce === 0) await breathe();
    options.signal?.throwIfAborted();
    const seen = facts[index] ?? bareFileFacts(extraction.linking, null, extraction.facts.system);
    const around = ownedBy(holder, itself === null ? seen : ownedByPackage(itself, seen, holder));
    const judgedAsStart = known(image !== null && entry.path === image.endsAt);
    const acceptance = isWhole ? acceptedHere(extraction, root) : extraction.facts.acceptance;
    const own = {
      ...{ ...extraction.facts, acceptance, kind: kindHere(extraction) },
      ...{ ...around, judgedAsStart, requiredSystem },
      ...debugFileOf(extraction),
    };
    const names = {
      path: printableName(prefix + entry.path),
      aliases: aliases.map((alias) => printableName(prefix + alias)),
    };
    const ownLists = known(options.ownListsOf?.({ ...names, facts: own }) ?? null);
    const all = { ...own, ownLists };
    const ask = () => judge(options.rules, all).map((verdict) => same.of(verdict));
    const { judgedBefore } = options;
    binaries.push({
      ...names,
      sha256: extraction.sha256,
      size: extraction.size,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      layer: holder?.layer ?? entry.layer,
      ...(judgedBefore?.of(extraction, names.path, all, ask) ?? { facts: all, verdicts: ask() }),
    });
  }
  const isCached = createCached(root, target.config);
  // What lies in a file is loaded by the programs around it.
  const loaders = loadersFor(binaries, isWhole, holder?.loaders ?? null);
  const spared = spareNeverLoaded(binaries, loaders);
  const own = [...reading, ...replacements(binaries), ...refusedDebugFiles(binaries)].map(
    (problem) => problemIn(holder, problem),
  );
  return {
    root,
    binaries: spared.binaries,
    image: image?.report,
    isWhole,
    // Reports have those of the target itself.
    otherPrograms:
      target.kind === 'file' || holder !== null ? [] : otherProgramsIn(root, owners, excludes),
    excluded: countExcluded(root, excludes),
    problems: [...own, ...spared.problems],
    inner: innerLevels(root, excludes, {
      holder,
      isWhole,
      owners,
      ownershipOf,
      loaders,
      isCached,
    }),
  };
}

/** A text is judged where a rule has something to say of it. */
function judgesConfigs({ rules }: JudgeOptions): boolean {
  return rules.some(({ needs }) => (needs as readonly string[]).includes('kernelConfig'));
}

interface Seen {
  readonly root: Root;
  readonly found: readonly Binary[];
  /** In the order of `found`. */
  readonly facts: readonly RootFacts[];
  /** What reading it met. */
  readonly reading: readonly Problem[];
}

/** An image in a file of another is data where it lies: nothing starts it there. null where there is none to judge. */
function imageOf(
  { target }: Level,
  { rules }: JudgeOptions,
  { reading, ...seen }: Seen,
): { readonly report: ImageReport; readonly endsAt: string | null } | null {
  if (target.kind !== 'image' || target.config === null || !rules.some(judgesImages)) return null;
  const { config, platform } = target;
  const unread = reading.filter(isIncomplete).map(({ where }) => where);
  const { path, endsAt, facts } = findImageFacts({ ...seen, config, platform, unread });
  return { report: { path: printableName(path), verdicts: judgeImage(rules, facts) }, endsAt };
}

/** Files in the place of a package's: only their author vouches for them. */
function replacements(binaries: readonly BinaryReport[]): readonly Problem[] {
  return binaries.flatMap(({ path, facts: { replaces } }) => {
    if (!replaces.known || replaces.value === null) return [];
    const { name, version } = replaces.value;
    const message = `it is not the file that ${name} ${version} brings: its content does not agree with the package database, so it belongs to no package`;
    return [{ kind: 'notice', where: path, message }];
  });
}

function debugFileOf({ debugFile }: Binary['extraction']) {
  return debugFile === undefined ? {} : { debugFile: known(debugFile) };
}

/** Debug files that are there and do not match: nothing is decided by them. */
function refusedDebugFiles(binaries: readonly BinaryReport[]): readonly Problem[] {
  return binaries.flatMap(({ path, facts: { debugFile } }) => {
    if (debugFile?.known !== true || debugFile.value.state !== 'refused') return [];
    const { name, because } = debugFile.value;
    const message = `the debug file ${printableName(name)} is not used: ${because}`;
    return [{ kind: 'notice', where: path, message }];
  });
}

function innerLevels(root: Root, excludes: (path: string) => boolean, around: Around): Level[] {
  const seen = new Set<number>();
  return root.containers.flatMap((container) => {
    const { entry, inside } = container;
    // Of several names for one file the first stands for it, as for a binary.
    if (excludes(entry.path) || seen.has(entry.inode)) return [];
    seen.add(entry.inode);
    return inside.map((contained) => levelIn(container, contained, around));
  });
}

function levelIn(container: Container, contained: Contained, around: Around): Level {
  const { kind, config, control, catalogs, problems } = contained;
  const target = { kind, config, platform: null, ...(control === undefined ? {} : { control }) };
  return { target, catalogs, problems, holder: holderOf(container, contained, around) };
}
