import type { LibcName } from '../../facts/libc.ts';
import type { Filtee, LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';
import type { Credentials } from '../rights/permission.ts';
import type { Objection } from './glibc/glibc-refusals.ts';
import type { ProcessStart } from './process/process-context.ts';

/** One file in a process that is linked on paper. */
export interface LoadedObject {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly tables: LinkTables;
  /** Path it was opened by, links not resolved: `$ORIGIN` counts from here. */
  readonly openedAs: string;
  /** The file that needs it first; null for the program itself and for what is loaded before its needs. */
  readonly requester: LoadedObject | null;
}

/** What has been loaded so far. */
export interface ProcessImage {
  readonly program: LoadedObject;
  /** In load order, the program first; the loader itself is not among them. */
  readonly objects: LoadedObject[];
  /** Names under which the loader knows what it has loaded. */
  readonly names: Map<string, LoadedObject>;
  /** What was met so far that counts on some processors only: paths, or `$PLATFORM`. */
  readonly processorMatters: Set<string>;
  readonly start: ProcessStart;
  readonly lookUps: LookUps;
}

/** Places that may be looked into for all that a process needs; below zero nothing more is looked for. */
export interface LookUps {
  left: number;
}

/** Real programs take some thousands. Names that are needed, and folders to search for each, a hostile file has in thousands. */
export const mostLookUps = 200_000;

/** null: the places of one more name may be looked into. */
export function lookUpExcess({ lookUps }: ProcessImage, places: number): string | null {
  lookUps.left -= places;
  return lookUps.left < 0 ? `it looks for libraries in more than ${mostLookUps} places` : null;
}

/** The value of an environment variable for a loader: '' if it is not set, or in a privileged program. */
export function trustedValue({ start }: ProcessImage, name: string): string {
  return start.secure ? '' : (start.environment.get(name) ?? '');
}

/** Who opens files while the process starts; null: not known. */
export function openerOf({ start }: ProcessImage): Credentials | null {
  return start.user;
}

/** A path as the process means it; null: it is relative, and the working directory is not known. */
export function fromWorkingDirectory(path: string, { start }: ProcessImage): string | null {
  if (path.startsWith('/')) return path;
  return start.workingDirectory === null ? null : `${start.workingDirectory}/${path}`;
}

/** Where a needed name leads. `knownAs`: the name under which later needs find the object without a search. */
export type Located =
  | { readonly outcome: 'loaded'; readonly object: LoadedObject; readonly knownAs: string | null }
  | { readonly outcome: 'new'; readonly object: LoadedObject; readonly knownAs: string | null }
  /** The loader itself answers for this name. */
  | { readonly outcome: 'loader' }
  | {
      readonly outcome: 'missing';
      readonly searched: readonly string[];
      /** Why a file of that name does not count; null when there is none. */
      readonly because: string | null;
    }
  /** The loader would depend on something that an image does not contain, such as the working directory. */
  | { readonly outcome: 'undecided'; readonly because: string };

/** Libcs whose loaders are modelled. */
export type ModelledLibc = (typeof modelledLibcs)[number];

const modelledLibcs = ['musl', 'glibc', 'uclibc'] as const;

export function isModelled(name: LibcName): name is ModelledLibc {
  return (modelledLibcs as readonly LibcName[]).includes(name);
}

/** How one libc's dynamic loader finds libraries and when it gives up. */
export interface LoaderModel {
  readonly libc: ModelledLibc;
  /** Names of libraries that are loaded before the program's own needs. One that is not found is passed over. */
  preloads(image: ProcessImage): readonly string[];
  /** `requester` null: the name is one of `preloads`. */
  locate(name: string, requester: LoadedObject | null, image: ProcessImage): Located;
  /** What it says to a file of the process, the program too, once all of them are loaded; null: nothing. */
  objectionTo(object: LoadedObject, image: ProcessImage): Objection | null;
  /** What it says to one whose calls it does not bind at the start. */
  objectionToSlots(object: LoadedObject): Objection | null;
  /** What it says to a file that is loaded for dlopen, in a process that began with `started`. */
  objectionToOpening(object: LoadedObject, started: readonly LoadedObject[]): Objection | null;
  /** Names that are loaded before the object's own needs. */
  filtees(object: LoadedObject): readonly Filtee[];
  /** Whether the loader itself finds something for a name that no file of the process defines. */
  answers(name: string): boolean;
  /** Whether an undefined symbol that only function calls use stops the program at its start. */
  bindsCallsAtStart(object: LoadedObject, image: ProcessImage): boolean;
  /** Where calls are not bound, the global offset table is not either. */
  readonly defersSlots: boolean;
  /** The same loader on processors that it distinguishes; they are used if `processorMatters`. */
  onOtherProcessors(): readonly LoaderModel[];
  /** Whether symbol versions count. */
  readonly checksVersions: boolean;
  /** Whether it does not survive that a version is asked of a library without any which defines the name. */
  readonly assertsVersions: boolean;
  /** Whether STT_GNU_IFUNC definitions and IRELATIVE relocations are resolved. */
  readonly knowsIndirectFunctions: boolean;
}

type Machine = Pick<LinkTables, 'bits' | 'machine' | 'byteOrder'>;

export function sameArchitecture(a: Machine, b: Machine): boolean {
  return a.machine === b.machine && sameClass(a, b);
}

/** Whether a header of one is read as it is meant by a loader of the other. */
export function sameClass(a: Machine, b: Machine): boolean {
  return a.bits === b.bits && a.byteOrder === b.byteOrder;
}

/** The file that the kernel starts for the program: where something needs it, its exports count too. */
export interface LoaderFile {
  readonly sha256: string;
  readonly path: string;
  readonly tables: LinkTables;
}
