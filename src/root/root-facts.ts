import type { Extraction } from '../extraction.ts';
import { type Fact, known } from '../fact.ts';
import type { Root } from '../layers/root.ts';
import type { Target } from '../sources/source.ts';
import type { Binary } from './binaries.ts';
import { capabilityNames } from './capabilities.ts';
import { createLinker, type Linkage } from './linkage.ts';
import { type RunPathElement, runPathElements } from './search-path.ts';

/**
 * What the place of a binary says: facts that need the whole root filesystem. For a bare file `placement` and
 * `linkage` say so and `searchPath` tells what the file alone can tell.
 */
export interface RootFacts {
  readonly placement: Fact<Placement>;
  readonly searchPath: Fact<readonly RunPathElement[]>;
  readonly linkage: Fact<Linkage>;
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
      /** `cap_net_raw`; [] when it has none or the source cannot tell. */
      readonly capabilities: readonly string[];
    };

/** Facts of each binary of one target. */
export function createRootFacts(target: Target, root: Root): (binary: Binary) => RootFacts {
  if (target.kind === 'file') return bareFileFacts;
  const linker = createLinker(root, environmentValue(target, 'LD_LIBRARY_PATH'));
  return ({ entry, extraction }) => {
    const placement = placementOf(entry);
    const secure = placement.setuid || placement.setgid || placement.capabilities.length > 0;
    return {
      placement: known(placement),
      searchPath: searchPathOf(extraction, entry.path, root),
      linkage: known(linker.linkageOf(entry, extraction, secure)),
    };
  };
}

/** '' when the image's environment does not set it. */
function environmentValue({ config }: Target, name: string): string {
  const setting = config?.env.findLast((entry) => entry.startsWith(`${name}=`));
  return setting?.slice(name.length + 1) ?? '';
}

function bareFileFacts({ extraction }: Binary): RootFacts {
  return {
    placement: known({ where: 'bare-file' }),
    searchPath: searchPathOf(extraction, null, null),
    linkage: known({ where: 'bare-file' }),
  };
}

function placementOf({ mode, uid, gid, capability }: Binary['entry']) {
  return {
    where: 'root' as const,
    mode,
    uid,
    gid,
    setuid: (mode & 0o4000) !== 0,
    setgid: (mode & 0o2000) !== 0,
    capabilities: capabilityNames(capability),
  };
}

function searchPathOf(
  { linking }: Extraction,
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
