import type { Extraction } from '../../extraction/extraction.ts';
import type { RootEntry } from '../../layers/root.ts';
import { type Candidate, type Candidates, findCandidates } from './candidates.ts';
import { createElsewhere } from './elsewhere.ts';
import { type ForeignLibrary, foreignLibrary } from './foreign-library.ts';
import { createHosts } from './hosts.ts';
import type { PluginSetting } from './loaders-for.ts';
import { createOpener } from './open-plugin.ts';
import { isWhole, type PluginLinkage } from './plugin-linkage.ts';

/** The libraries of one root that processes open while they run: extensions, addons, modules. */
export interface Plugins {
  /** null for a library that no process is known to open. */
  of(entry: RootEntry): PluginLinkage | null;
  /** Of any library that is built for another libc than the root's. */
  foreign(entry: RootEntry, extraction: Extraction): ForeignLibrary | null;
}

export function createPlugins(setting: PluginSetting): Plugins {
  const { root } = setting;
  const candidates = once(() => findCandidates(root));
  const open = createOpener(setting, createHosts(root), createElsewhere(root));
  const opened = new Map<Candidate, PluginLinkage>();
  const judged = (candidate: Candidate) => {
    const linkage = opened.get(candidate) ?? open(candidate);
    opened.set(candidate, linkage);
    return linkage;
  };
  const chosen = new Map<readonly Candidate[], Chosen>();
  const brought = once(() => librariesOfPlugins(candidates(), judged));
  return {
    of({ path }) {
      const candidate = candidates().byPath.get(path);
      if (candidate === undefined) return null;
      const linkage = judged(candidate);
      if (linkage.state === 'unused' || isWhole(linkage)) return linkage;
      const choices = candidates().choices(candidate);
      if (choices.length === 1) return linkage;
      const choice = chosen.get(choices) ?? choose(choices, judged);
      chosen.set(choices, choice);
      return unlessChosen(candidate, linkage, choice);
    },
    foreign(entry, { sha256, linking, facts: { libc } }) {
      if (!linking.known || !libc.known) return null;
      const library = { entry, sha256, tables: linking.value, libc: libc.value.name };
      return foreignLibrary(library, setting, (path) => brought().get(path) ?? null);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** By path of a library: the first plugin that brings it. */
function librariesOfPlugins(
  { byPath }: Candidates,
  judged: (candidate: Candidate) => PluginLinkage,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const candidate of byPath.values()) {
    const linkage = judged(candidate);
    if (linkage.state !== 'linked') continue;
    for (const { path } of linkage.link.libraries) {
      if (!found.has(path)) found.set(path, candidate.path);
    }
  }
  return found;
}

/** Of files of which a host takes one. */
interface Chosen {
  /** One that it can load. */
  readonly whole: Candidate | null;
  /** One that is built for the libc that serves the host, whatever it lacks. */
  readonly fitting: Candidate | null;
}

function choose(
  choices: readonly Candidate[],
  judged: (candidate: Candidate) => PluginLinkage,
): Chosen {
  const whole = choices.find((each) => isWhole(judged(each))) ?? null;
  const fitting = choices.find((each) => isBuiltForHost(each, judged(each))) ?? null;
  return { whole, fitting };
}

function isBuiltForHost({ libc }: Candidate, linkage: PluginLinkage): boolean {
  return linkage.state === 'linked' && linkage.servedBy.libc === libc;
}

/** What a host cannot load does no harm where it loads another. */
function unlessChosen(
  candidate: Candidate,
  linkage: Exclude<PluginLinkage, { state: 'unused' }>,
  { whole, fitting }: Chosen,
): PluginLinkage {
  const { host } = linkage;
  if (whole !== null) return { state: 'unused', because: `${host} loads ${whole.path} instead` };
  const isOther = !isBuiltForHost(candidate, linkage);
  return isOther && fitting !== null
    ? { state: 'unused', because: `${host} takes ${fitting.path} here` }
    : linkage;
}
