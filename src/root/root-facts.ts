import { type Fact, known, notKnown } from '../base/fact.ts';
import type { OwnLists } from '../base/own-lists.ts';
import type { ProcessorLevel, RequiredSystem } from '../base/required-system.ts';
import type { DebugFile } from '../extraction/debug/debug-file.ts';
import type { Extraction } from '../extraction/extraction.ts';
import type { FileFacts } from '../facts/index.ts';
import type { Root } from '../layers/root.ts';
import type { Target } from '../sources/source.ts';
import type { Binary } from './binaries.ts';
import { createExposure, type Exposure } from './exposure/exposure.ts';
import { findLoaded } from './exposure/loaded.ts';
import { findWriter, type Writer } from './exposure/overwritable.ts';
import { createLevelFolders, type LevelFolders } from './linkage/level-folders.ts';
import type { LibraryUse } from './linkage/library-use.ts';
import { createLinker, type Linkage } from './linkage/linkage.ts';
import { linkageOfNames } from './linkage/linkage-of-names.ts';
import { type RunPathElement, runPathElements } from './linkage/search-path.ts';
import { contextOfImage } from './loader/process/process-context.ts';
import { createOwnership, type OwnershipOf } from './ownership/create-ownership.ts';
import { goModule } from './ownership/go-module.ts';
import type { Component, Ownership } from './ownership/ownership.ts';
import type { Package } from './packages/package.ts';
import { createPackageOwners, type PackageOwners } from './packages/package-owners.ts';
import { capabilityNames } from './rights/capabilities.ts';
import { type OtherSystem, otherSystemAlone, otherSystemIn } from './system/other-system.ts';
import { showsRoot } from './system/root-signs.ts';

/**
 * What the place of a binary says: facts that need the whole root filesystem. For a bare file `placement` and
 * `linkage` say so, `searchPath` has what the file alone shows, and the others say that there is no root.
 */
export interface RootFacts {
  readonly placement: Fact<Placement>;
  readonly searchPath: Fact<readonly RunPathElement[]>;
  /** null: Linux starts it, or it is not certain that it does not. */
  readonly otherSystem: Fact<OtherSystem | null>;
  readonly linkage: Fact<Linkage>;
  /** Programs that load it at start; null when none does. */
  readonly neededBy: Fact<NeededBy | null>;
  /** Only where a reader wants it. */
  readonly libraryUse: Fact<LibraryUse>;
  /** null: no package claims it, so the author of the image added it. */
  readonly package: Fact<Package | null>;
  /** A package whose file it is by its path, but not by its content; null where there is none. */
  readonly replaces: Fact<Package | null>;
  /** Whose it is: never unknown. */
  readonly ownership: Fact<Ownership>;
  readonly exposure: Fact<Exposure>;
  /** Who else than root can replace it. */
  readonly overwritable: Fact<Writer>;
  /** The start of the image fails at it, and the rule of that start says why: it is not to be said again. */
  readonly judgedAsStart: Fact<boolean>;
  /** What the policy names, and not the root; null: nothing. */
  readonly requiredSystem: Fact<RequiredSystem | null>;
  /** Those lists of the policy that concern the file; null: none does. */
  readonly ownLists: Fact<OwnLists | null>;
}

export type Placement =
  | { readonly where: 'bare-file' }
  | {
      readonly where: 'root';
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly setuid: boolean;
      readonly setgid: boolean;
      /** `cap_net_raw`; [] when it has none or the source does not show them. */
      readonly capabilities: readonly string[];
      /** glibc searches each folder that it lies in only on processors of this level (`glibc-hwcaps/x86-64-v3`). Absent: on others too. */
      readonly forProcessors?: ProcessorLevel;
    };

/** What is needed to know of a target. */
export type RootTarget = Pick<Target, 'kind' | 'config' | 'platform' | 'isRoot' | 'control'>;

/** Facts of each binary of one target, in the order of `binaries`. */
export function findRootFacts(
  target: RootTarget,
  root: Root,
  binaries: readonly Binary[],
  owners?: PackageOwners,
  ownerships?: OwnershipOf,
  withLibraryUse = false,
): readonly RootFacts[] {
  if (target.kind === 'file')
    return binaries.map(({ extraction }) =>
      bareFileFacts(extraction.linking, goModule(extraction), extraction.facts.system),
    );
  if (!isWholeRoot(target, root)) {
    const ownershipOf = ownerships ?? createOwnership(root, null);
    const forProcessors = createLevelFolders(binaries);
    return binaries.map((each) => partialFacts(each, ownershipOf, forProcessors));
  }
  const linker = createLinker(root, contextOfImage(root, target.config));
  const ownerOf = owners ?? createPackageOwners(root);
  const ownershipOf = ownerships ?? createOwnership(root, ownerOf);
  const exposureOf = createExposure(root, target.config);
  const alone = binaries.map(exposureOf);
  const linkages = binaries.map((binary) => linkageOfNames(binary, root, linker));
  const closures = findClosures(
    binaries.flatMap(({ entry }, index) => {
      const linkage = linkages[index];
      return linkage === undefined ? [] : [[entry.path, linkage] as const];
    }),
  );
  const otherSystem = otherSystemIn(root);
  const forProcessors = createLevelFolders(binaries);
  const exposures = findLoaded(root, { binaries, linkages, exposures: alone });
  return binaries.map((binary, index) => {
    const { entry, extraction } = binary;
    const exposure = exposures[index] ?? exposureOf(binary);
    return {
      placement: known(placementOf(binary, forProcessors)),
      searchPath: searchPathOf(extraction.linking, entry.path, root),
      otherSystem: known(otherSystem(extraction.facts.system)),
      // Without its own tables its needs are not known, so it is not known that it needs nothing.
      linkage: extraction.linking.known
        ? known(linkages[index] ?? { where: 'bare-file' })
        : extraction.linking,
      neededBy: orNotAsked(extraction.linking, closures.get(entry.path) ?? null),
      libraryUse:
        withLibraryUse && extraction.linking.known ? linker.useOf(entry, extraction) : notWanted,
      package: ownerOf(entry),
      replaces: known(ownerOf.replaces(entry)),
      ownership: known(ownershipOf(entry, extraction, exposure)),
      exposure: known(exposure),
      overwritable: findWriter(root, entry),
      judgedAsStart: known(false),
      requiredSystem: known(null),
      ownLists: known(null),
    };
  });
}

/** Where the facts that linking needs were not extracted from one file, they were from none. */
function orNotAsked<T>(linking: Extraction['linking'], value: T): Fact<T> {
  return !linking.known && linking.cause === 'not-needed' ? linking : known(value);
}

const notWanted = notKnown('no rule of the run needs it', 'not-needed');

const noRoot = notKnown('there is no root filesystem around the file');

/** Of a file that lies in no root. */
export function bareFileFacts(
  linking: Extraction['linking'],
  component: Component | null = null,
  system: FileFacts['system'] | null = null,
): RootFacts {
  return {
    placement: known({ where: 'bare-file' }),
    searchPath: searchPathOf(linking, null, null),
    otherSystem: known(system === null ? null : otherSystemAlone(system)),
    linkage: known({ where: 'bare-file' }),
    neededBy: noRoot,
    libraryUse: noRoot,
    package: noRoot,
    replaces: noRoot,
    ownership: known({ whose: 'yours', component, because: 'it was scanned by itself' }),
    exposure: noRoot,
    overwritable: known({ who: 'no-root' }),
    judgedAsStart: known(false),
    requiredSystem: known(null),
    ownLists: known(null),
  };
}

/**
 * An image is all that its programs will find, even when it is nearly empty (`FROM scratch`). A package is not, and
 * neither is a directory or an archive that does not show to be a root, unless the user says so.
 */
export function isWholeRoot(target: RootTarget, root: Root): boolean {
  if (target.kind !== 'root-filesystem') return target.kind === 'image';
  return target.isRoot ?? showsRoot(root);
}

/** Modes and owners are there; what surrounds the files comes from where they are installed. */
function partialFacts(
  binary: Binary,
  ownershipOf: OwnershipOf,
  forProcessors: LevelFolders,
): RootFacts {
  const { entry, extraction } = binary;
  return {
    ...bareFileFacts(extraction.linking, null, extraction.facts.system),
    placement: known(placementOf(binary, forProcessors)),
    ownership: known(ownershipOf(entry, extraction)),
  };
}

function placementOf(binary: Binary, forProcessors: LevelFolders): Placement {
  const { mode, uid, gid, capability } = binary.entry;
  const level = forProcessors(binary);
  return {
    where: 'root',
    mode,
    uid,
    gid,
    setuid: (mode & 0o4000) !== 0,
    setgid: (mode & 0o2000) !== 0,
    capabilities: capabilityNames(capability),
    ...(level === null ? {} : { forProcessors: level }),
  };
}

function searchPathOf(
  linking: Extraction['linking'],
  path: string | null,
  root: Root | null,
): Fact<readonly RunPathElement[]> {
  if (!linking.known) return linking;
  const { rpath, runpath } = linking.value;
  return known([
    ...(rpath === null ? [] : runPathElements('DT_RPATH', rpath, path, root)),
    ...(runpath === null ? [] : runPathElements('DT_RUNPATH', runpath, path, root)),
  ]);
}

/** All that is known of one binary: what the file says, and what its place says. */
export type Facts = FileFacts & RootFacts & MoreFacts;

/** Those that only some files have. */
export interface MoreFacts {
  /** Absent: the folders of debug files have none for it, or none were given. */
  readonly debugFile?: Fact<DebugFile>;
}

/** Who loads a library at start. */
export interface NeededBy {
  readonly programs: number;
  /** The first of them by path. */
  readonly first: readonly string[];
}

/** As many as a person reads: libc is needed by everything. */
const mostNamed = 5;

/** By path of the library: the programs whose closure it is part of. `linkages`: by path of the program, sorted. */
function findClosures(
  linkages: Iterable<readonly [program: string, linkage: Linkage]>,
): ReadonlyMap<string, NeededBy> {
  const found = new Map<string, { programs: number; first: string[] }>();
  for (const [program, linkage] of linkages) {
    if (linkage.where !== 'root' || linkage.link === null) continue;
    const loader = linkage.servedBy === null ? [] : [linkage.servedBy.path];
    for (const path of [...linkage.link.libraries.slice(1).map((each) => each.path), ...loader]) {
      const needed = found.get(path) ?? { programs: 0, first: [] };
      needed.programs += 1;
      if (needed.first.length < mostNamed) needed.first.push(program);
      found.set(path, needed);
    }
  }
  return found;
}
