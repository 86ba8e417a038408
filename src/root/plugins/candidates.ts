import { baseName } from '../../base/path-parts.ts';
import type { LibcName } from '../../facts/libc.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { pluginKinds } from './all-kinds.ts';
import type { Claim, PluginFile, PluginKind } from './plugin-kind.ts';

/** A library of a root that some kind of process would open. */
export interface Candidate extends PluginFile {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly kind: PluginKind;
  readonly claim: Claim;
  /** The libc that it is built for. */
  readonly libc: LibcName;
}

export interface Candidates {
  readonly byPath: ReadonlyMap<string, Candidate>;
  /** Those of which a host takes one, itself among them. */
  choices(candidate: Candidate): readonly Candidate[];
}

export function findCandidates(root: Root): Candidates {
  const byPath = new Map<string, Candidate>();
  const byChoice = new Map<string, Candidate[]>();
  for (const entry of root.binaries) {
    const candidate = candidateAt(entry, root);
    if (candidate === null) continue;
    byPath.set(entry.path, candidate);
    const key = keyOf(candidate);
    const others = byChoice.get(key);
    if (others === undefined) byChoice.set(key, [candidate]);
    else others.push(candidate);
  }
  return { byPath, choices: (candidate) => byChoice.get(keyOf(candidate)) ?? [candidate] };
}

function keyOf({ kind, claim }: Candidate): string {
  return `${kind.host} ${claim.choice}`;
}

function candidateAt(entry: RootEntry, root: Root): Candidate | null {
  const extraction = root.extractions.get(entry.elf ?? '');
  if (!extraction?.linking.known || extraction.linking.value.interpreter !== null) return null;
  const { path } = entry;
  const { sha256, facts } = extraction;
  const name = baseName(path);
  const file = { path, name, tables: extraction.linking.value };
  const libc = facts.libc.known ? facts.libc.value.name : 'unknown';
  for (const kind of pluginKinds) {
    const claim = kind.claim(file);
    if (claim !== null) return { ...file, entry, sha256, kind, claim, libc };
  }
  return null;
}
