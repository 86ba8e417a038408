import { factAt, languagesOf } from './fact-at.ts';
import type { Located } from './fix.ts';

/** What `--toolchain` takes: compilers and build systems. */
export const toolchainNames = [
  'gcc',
  'clang',
  'rustc',
  'go',
  'zig',
  'cargo',
  'cmake',
  'meson',
  'debian',
  'rpm',
  'abuild',
  'buildroot',
  'yocto',
  'openwrt',
  'nix',
  'gentoo',
] as const;
export type ToolchainName = (typeof toolchainNames)[number];

/**
 * By what a file was built, or is to be built again: the package that it comes in or the system around it says how,
 * then the file itself. What is in no way known is taken for C, whose flags most compilers share.
 */
export function toolchainOf(file: Located): ToolchainName {
  return systemOf(file) ?? compilerOf(file);
}

/** By the format of a package. */
export const buildersOfPackages: ReadonlyMap<string, ToolchainName> = new Map([
  ['deb', 'debian'],
  ['rpm', 'rpm'],
  ['apk', 'abuild'],
  ['ipk', 'openwrt'],
]);

/** A map, since the id is anybody's text: an object has a `constructor` of its own. */
const byOs: ReadonlyMap<string, ToolchainName> = new Map([
  ['buildroot', 'buildroot'],
  ['openwrt', 'openwrt'],
  ['poky', 'yocto'],
  ['nodistro', 'yocto'],
  ['nixos', 'nix'],
  ['gentoo', 'gentoo'],
]);

/** Of a package of Debian that dpkg-deb alone made: dh_strip takes .comment, where compilers sign, out of every file. */
export function isByHand(file: Located, system: ToolchainName | null): boolean {
  const compilers = factAt(file, 'compilers');
  return system === 'debian' && Array.isArray(compilers) && compilers.length > 0;
}

function systemOf({ target, judged }: Located): ToolchainName | null {
  if (target.kind === 'package') {
    const system = buildersOfPackages.get(target.scheme) ?? null;
    return isByHand({ target, judged }, system) ? null : system;
  }
  if (/^\/(?:nix|gnu)\/store\//.test(judged.path)) return 'nix';
  return byOs.get(target.os?.id ?? '') ?? null;
}

export function compilerOf(file: Located): ToolchainName {
  const languages = languagesOf(file);
  if (languages.includes('go')) return 'go';
  if (languages.includes('rust')) return 'rustc';
  if (languages.includes('zig')) return 'zig';
  const compilers = factAt(file, 'compilers');
  const names = Array.isArray(compilers)
    ? compilers.map(({ name }: { readonly name: unknown }) => name)
    : [];
  // crt1.o of the distribution says gcc; nothing but clang itself says clang.
  return names.includes('clang') ? 'clang' : 'gcc';
}
