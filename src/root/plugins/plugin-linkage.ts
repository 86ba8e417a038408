import type { LibcName } from '../../facts/libc.ts';
import type { ModelledLibc } from '../loader/process-image.ts';
import type { Link } from '../loader/result/link-result.ts';

/** How a library meets the process that would open it. */
export type PluginLinkage =
  | {
      readonly state: 'linked';
      readonly host: string;
      readonly verb: 'import' | 'load';
      /** Path of the program; null when the root holds none, or any may be it. */
      readonly program: string | null;
      /** The root holds no program that would open it. */
      readonly isIdle: boolean;
      /** Part of the host's own library. */
      readonly isOptional: boolean;
      /** Of the plugin and what it brings, as far as the process has not loaded it before. */
      readonly link: Link;
      readonly servedBy: ServingLoader;
      /** The libc that the plugin itself is built for. */
      readonly builtFor: LibcName;
    }
  /** The host is there and does not look at it. */
  | {
      readonly state: 'ignored';
      readonly host: string;
      readonly verb: 'import' | 'load';
      readonly program: string;
      readonly because: string;
    }
  /** Nothing here would open it. */
  | { readonly state: 'unused'; readonly because: string };

export interface ServingLoader {
  readonly libc: ModelledLibc;
  readonly path: string;
  /** Another program stands in the loader's place and starts this one. */
  readonly through: 'gcompat' | null;
}

/** The process can open it, and nothing is in doubt. */
export function isWhole(linkage: PluginLinkage): boolean {
  return linkage.state === 'linked' && !lacksAnything(linkage.link);
}

/** Something is missing or refused, or may be. */
export function lacksAnything(link: Link): boolean {
  return [
    link.missingLibraries,
    link.missingVersions,
    link.missingSymbols,
    link.refusedFiles,
    link.undecided,
  ].some(({ length }) => length > 0);
}

/** The process is certain to end before it opens anything. */
export function diesAtStart(link: Link): boolean {
  return (
    link.missingSymbols.some(({ atFirstCall }) => !atFirstCall) ||
    [link.missingLibraries, link.missingVersions, link.refusedFiles].some(
      ({ length }) => length > 0,
    )
  );
}
