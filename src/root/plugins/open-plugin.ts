import type { ChosenLoader } from '../loader/choose-loader.ts';
import { link } from '../loader/link-program.ts';
import { type ProcessContext, startOf } from '../loader/process/process-context.ts';
import { sameArchitecture } from '../loader/process-image.ts';
import type { Link } from '../loader/result/link-result.ts';
import type { Candidate } from './candidates.ts';
import type { Elsewhere } from './elsewhere.ts';
import { type Hosts, mostHosts } from './hosts.ts';
import { type HostProcess, linkAlone, linkInProcess } from './link-plugin.ts';
import { loadersFor, type PluginSetting } from './loaders-for.ts';
import type { HostProgram, PluginKind } from './plugin-kind.ts';
import { diesAtStart, isWhole, type PluginLinkage } from './plugin-linkage.ts';

/** Opens a plugin on paper in each process of the root that would, until one of them can. */
export function createOpener(
  setting: PluginSetting,
  hosts: Hosts,
  elsewhere: Elsewhere,
): (candidate: Candidate) => PluginLinkage {
  const processOf = createProcesses(setting);
  const alone = (candidate: Candidate) => openAlone(candidate, setting, elsewhere);
  return (candidate) => {
    const { kind, claim } = candidate;
    const replacement = kind.replacedBy?.(candidate, setting.root) ?? null;
    if (replacement !== null) return unused(`${kind.host} loads ${replacement} instead`);
    const programs = hosts.of(kind, candidate, claim);
    if (programs.length > 0) {
      return openInFirst(candidate, programs, (host) => {
        const running = processOf(kind, host);
        return running && openIn(candidate, host, running, setting, elsewhere);
      });
    }
    const [other] = hosts.all(kind);
    return other === undefined ? alone(candidate) : unused(mismatch(candidate, other));
  };
}

function openInFirst(
  { path }: Candidate,
  programs: readonly HostProgram[],
  open: (host: HostProgram) => PluginLinkage | null,
): PluginLinkage {
  let first: PluginLinkage | null = null;
  for (const host of programs.slice(0, mostHosts)) {
    const linkage = open(host);
    if (linkage !== null && isWhole(linkage)) return linkage;
    first ??= linkage;
  }
  if (first?.state === 'linked' && programs.length > mostHosts) return leftOpen(first);
  const host = programs[0]?.path ?? path;
  return first ?? unused(`${host}, which would open it, does not start here`);
}

/** Another program may be able to. */
function leftOpen(linkage: Extract<PluginLinkage, { state: 'linked' }>): PluginLinkage {
  const undecided = [
    `more than ${mostHosts} programs may ${linkage.verb} it, and not all were tried`,
  ];
  const nothing = {
    missingLibraries: [],
    missingVersions: [],
    missingSymbols: [],
    refusedFiles: [],
  };
  return { ...linkage, link: { ...linkage.link, ...nothing, undecided } };
}

function openIn(
  candidate: Candidate,
  host: HostProgram,
  running: HostProcess,
  { root, symbols }: PluginSetting,
  elsewhere: Elsewhere,
): PluginLinkage {
  const { kind } = candidate;
  const program = host.path;
  const because = kind.ignores?.(candidate, host, root) ?? null;
  if (because !== null) {
    return { state: 'ignored', host: kind.host, verb: kind.verb, program, because };
  }
  const own = linkInProcess(candidate.path, running, kind, symbols(), elsewhere);
  return linked(candidate, own, running.loader, program, false);
}

/** null for a program that does not start itself. */
function createProcesses({ root, context, loaderOf, symbols }: PluginSetting) {
  const known = new Map<string, HostProcess | null>();
  return (kind: PluginKind, host: HostProgram): HostProcess | null => {
    const key = `${kind.host} ${host.path}`;
    let running = known.get(key);
    if (running === undefined) {
      running = start(kind, host);
      known.set(key, running);
    }
    return running;
  };

  function start(kind: PluginKind, { path, tables }: HostProgram): HostProcess | null {
    const entry = root.entry(path);
    const loader = tables.interpreter === null ? null : loaderOf(tables.interpreter, tables);
    if (entry?.elf == null || loader === null) return null;
    const underMusl = kind.libraryPathUnderMusl?.({ path, tables });
    const more = loader.model.libc === 'musl' ? underMusl : undefined;
    const program = {
      entry,
      sha256: entry.elf,
      tables,
      start: startOf(entry, launchedWith(more, context)),
    };
    if (diesAtStart(link(program, loader.model, loader.file, symbols()))) return null;
    return { program, loader, opened: kind.opens?.({ path, tables }, root) ?? [] };
  }
}

/** A launcher that sets LD_LIBRARY_PATH and starts itself again. */
function launchedWith(first: string | undefined, context: ProcessContext): ProcessContext {
  if (first === undefined) return context;
  const own = context.environment.get('LD_LIBRARY_PATH') ?? '';
  const path = own === '' ? first : `${first}:${own}`;
  return { ...context, environment: new Map([...context.environment, ['LD_LIBRARY_PATH', path]]) };
}

function openAlone(
  candidate: Candidate,
  setting: PluginSetting,
  elsewhere: Elsewhere,
): PluginLinkage {
  const { kind, tables } = candidate;
  const isIdle = kind.hosts !== null;
  let first: PluginLinkage | null = null;
  for (const loader of loadersFor(tables, setting)) {
    const program = { ...candidate, start: { ...setting.context, secure: false } };
    const own = linkAlone(program, loader, kind, setting.symbols(), elsewhere);
    const linkage = linked(candidate, own, loader, null, isIdle);
    if (isWhole(linkage)) return linkage;
    if (first === null || loader.model.libc === candidate.libc) first = linkage;
  }
  return first ?? unused('the root has no loader for its machine');
}

function linked(
  { kind, claim, libc }: Candidate,
  own: Link,
  { model, file, through }: ChosenLoader,
  program: string | null,
  isIdle: boolean,
): PluginLinkage {
  return {
    state: 'linked',
    host: kind.host,
    verb: kind.verb,
    program,
    isIdle,
    isOptional: claim.isOptional,
    link: own,
    servedBy: { libc: model.libc, path: file.path, through },
    builtFor: libc,
  };
}

function mismatch({ kind, claim, tables }: Candidate, host: HostProgram): string {
  if (!sameArchitecture(host.tables, tables)) return `it is for another machine than ${host.path}`;
  return `it is for ${kind.host} ${claim.version}, and the root has ${host.path}`;
}

function unused(because: string): PluginLinkage {
  return { state: 'unused', because };
}
