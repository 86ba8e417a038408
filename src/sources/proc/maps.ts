import { decodeName } from '../../base/text.ts';

/** A file whose code a process has mapped. */
export interface MappedFile {
  /** Of one of its mappings, as names below `map_files` are: `7f12a000-7f12c000`. */
  readonly range: string;
  /** In the root of the process; ends with ` (deleted)` when nothing has that name any more. */
  readonly path: string;
  readonly inode: bigint;
}

/** From /proc/PID/maps (proc_pid_maps(5)): files with an executable mapping, each once. Mappings without a file have no name. */
export function mappedFiles(maps: Buffer): readonly MappedFile[] {
  const files = new Map<string, MappedFile>();
  for (const line of decodeName(maps).split('\n')) {
    const parts =
      /^([0-9a-f]+-[0-9a-f]+) [r-][w-](x?)-?[ps-] +[0-9a-f]+ +[0-9a-f]+:[0-9a-f]+ +(\d+) +(\/.*)$/.exec(
        line,
      );
    if (parts === null) continue;
    const [, range = '', executable = '', inode = '0', name = ''] = parts;
    if (executable === '') continue;
    const path = name.replaceAll('\\012', '\n');
    const key = `${inode} ${path}`;
    if (!files.has(key)) files.set(key, { range: shortened(range), path, inode: BigInt(inode) });
  }
  return [...files.values()];
}

/** Names below `map_files` have no zeros in front. */
function shortened(range: string): string {
  return range
    .split('-')
    .map((address) => address.replace(/^0+(?=.)/, ''))
    .join('-');
}
