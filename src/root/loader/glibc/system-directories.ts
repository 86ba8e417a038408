import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import type { Root } from '../../../layers/root.ts';

/** Debian's multiarch names by e_machine, class and byte order (Debian wiki, Multiarch/Tuples). */
const tuples: readonly (readonly [
  machine: number,
  bits: 32 | 64,
  byteOrder: 'little' | 'big',
  tuples: readonly string[],
])[] = [
  [62, 64, 'little', ['x86_64-linux-gnu']],
  [62, 32, 'little', ['x86_64-linux-gnux32']],
  [3, 32, 'little', ['i386-linux-gnu']],
  [183, 64, 'little', ['aarch64-linux-gnu']],
  [40, 32, 'little', ['arm-linux-gnueabihf', 'arm-linux-gnueabi']],
  [243, 64, 'little', ['riscv64-linux-gnu']],
  [21, 64, 'little', ['powerpc64le-linux-gnu']],
  [21, 64, 'big', ['powerpc64-linux-gnu']],
  [20, 32, 'big', ['powerpc-linux-gnu']],
  [22, 64, 'big', ['s390x-linux-gnu']],
  [8, 64, 'little', ['mips64el-linux-gnuabi64']],
  [8, 32, 'little', ['mipsel-linux-gnu']],
  [8, 32, 'big', ['mips-linux-gnu']],
  [258, 64, 'little', ['loongarch64-linux-gnu']],
];

/**
 * Directories that are compiled into a glibc loader. The loader's own constants have them; otherwise they are taken
 * from the root: multiarch on Debian and its children, /lib64 elsewhere.
 */
export function systemDirectories(root: Root, loader: LinkTables): readonly string[] {
  const own = loader.loader?.systemDirectories ?? [];
  if (own.length > 0) return own;
  const multiarch = tuples
    .filter(
      ([machine, bits, order]) =>
        machine === loader.machine && bits === loader.bits && order === loader.byteOrder,
    )
    .flatMap(([, , , names]) => names)
    .flatMap((name) => [`/lib/${name}`, `/usr/lib/${name}`])
    .filter((path) => root.resolve(path));
  if (multiarch.length > 0) return [...multiarch, '/lib', '/usr/lib'];
  const wide =
    loader.bits === 64
      ? ['/lib64', '/usr/lib64', '/lib64/lp64d', '/usr/lib64/lp64d']
      : ['/lib32', '/usr/lib32'];
  return [...wide, '/lib', '/usr/lib'];
}
