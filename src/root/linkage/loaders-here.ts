import type { Evidence } from '../../base/verdict.ts';
import { otherLoader } from '../../facts/libc/other-loaders.ts';
import type { LibcName } from '../../facts/libc.ts';
import type { Machine } from '../../facts/machine.ts';
import type { LoaderInRoot } from '../plugins/loaders-for.ts';

/** Words of rules for the loaders that a root holds. */

type Loaders = readonly LoaderInRoot[];

/** What the root has instead of the loader that is missing. */
export function loadersInstead(builtFor: string, machine: Machine, loaders: Loaders): string {
  if (loaders.length === 0) return ', and the root has no loader at all';
  const suitable = loaders.filter((loader) => isForMachine(loader, machine));
  if (suitable.length === 0)
    return `: it is for ${machine.name}, and the root has no loader for that machine`;
  const other = suitable.find((loader) => loader.libc !== builtFor);
  return other === undefined ? '' : `, the libc here is ${other.libc} (${other.path})`;
}

export function isForMachine(
  loader: Pick<LoaderInRoot, 'machine' | 'bits'>,
  { number, bits }: Pick<Machine, 'number' | 'bits'>,
): boolean {
  return loader.machine === number && loader.bits === bits;
}

export function describeLoader({ path, libc }: LoaderInRoot): Evidence {
  return { what: 'loader in the root', saw: `${path} (${libc})` };
}

/** By the usual name of its loader. */
export function libcOfLoader(path: string): string | null {
  if (/\/ld-musl-/.test(path)) return 'musl';
  if (/\/ld(64)?-uClibc/.test(path)) return 'uclibc';
  if (otherLoader(path) !== null) return null;
  if (/\/linker(64)?$/.test(path)) return 'bionic';
  return /\/ld(-linux|64\.so|\.so\.1|-lsb)/.test(path) ? 'glibc' : null;
}

/** By a library that only it has. musl and Android call theirs `libc.so`: the fact says whose it is. */
export function libcOfLibrary(name: string, known: LibcName): string | null {
  if (name === 'libc.so') return known === 'bionic' ? 'bionic' : 'musl';
  if (name === 'libc.so.0') return 'uclibc';
  if (/^(libc\.musl-|ld-musl-)/.test(name)) return 'musl';
  return /^(libc\.so\.6|ld-linux|ld64\.so)/.test(name) ? 'glibc' : null;
}
