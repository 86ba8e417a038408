import { baseName } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';
import { sameArchitecture } from '../loader/process-image.ts';
import { definesName } from '../loader/symbols/symbol-index.ts';
import type { Claim, HostProgram, PluginFile, PluginKind } from './plugin-kind.ts';

/** Programs that a plugin is tried in. No real root has as many of one kind and version. */
export const mostHosts = 8;

/** The programs of a root by the kind of plugin that they load. */
export interface Hosts {
  /** For any version and machine. */
  all(kind: PluginKind): readonly HostProgram[];
  /** That would load the file; first those that are installed around it. One more than are tried says that there are more. */
  of(kind: PluginKind, file: PluginFile, claim: Claim): readonly HostProgram[];
}

export function createHosts(root: Root): Hosts {
  const found = new Map<PluginKind, readonly HostProgram[]>();
  const all = (kind: PluginKind) => {
    const programs = found.get(kind) ?? programsOf(root, kind);
    found.set(kind, programs);
    return programs;
  };
  return {
    all,
    of: (kind, file, claim) =>
      all(kind)
        .filter((host) => sameArchitecture(host.tables, file.tables) && claim.fits(host))
        .sort((a, b) => shared(b.path, file.path) - shared(a.path, file.path))
        .slice(0, mostHosts + 1),
  };
}

function programsOf(root: Root, { hosts }: PluginKind): HostProgram[] {
  const programs: HostProgram[] = [];
  if (hosts === null) return programs;
  const seen = new Set<number>();
  for (const { path, elf, mode, inode } of root.binaries) {
    if ((mode & 0o111) === 0 || seen.has(inode)) continue;
    const linking = root.extractions.get(elf ?? '')?.linking;
    if (!linking?.known || linking.value.interpreter === null) continue;
    const { value: tables } = linking;
    const isOne =
      hosts.named.test(baseName(path)) ||
      tables.needed.some((name) => hosts.needs?.test(name)) ||
      (hosts.exports !== null && definesName(tables, hosts.exports));
    if (!isOne) continue;
    seen.add(inode);
    programs.push({ path, tables });
  }
  return programs;
}

/** Length of the directory that both are installed in. */
function shared(host: string, plugin: string): number {
  const prefix = host.replace(/\/(?:s?bin\/)?[^/]+$/, '');
  return plugin.startsWith(`${prefix}/`) ? prefix.length : -1;
}
