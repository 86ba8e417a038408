import { arch } from 'node:os';
import { UsageError } from '../../base/errors.ts';

/** As in OCI image indexes; names are normalised (see {@link normalise}). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** '' where the architecture has none. */
  readonly variant: string;
}

export function platformText({ os, architecture, variant }: Platform): string {
  return variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** The platform in `--platform`. Throws UsageError. `host` is for text that names only an operating system. */
export function parsePlatform(text: string, host: Platform = hostPlatform()): Platform {
  const parts = text.toLowerCase().split('/');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)))
    throw unknownPlatform(text);
  if (operatingSystems.has(first)) {
    return parts.length === 1 ? { ...host, os: first } : normalise(first, second, third);
  }
  // arm64, arm/v7: an architecture alone
  if (parts.length === 3 || !isArchitecture(first)) throw unknownPlatform(text);
  return normalise('linux', first, second);
}

/** Aliases as containerd and Docker resolve them: x86_64 is amd64, arm64/v8 is arm64, arm is arm/v7. */
export function normalise(os: string, architecture: string, variant: string): Platform {
  const lower = architecture.toLowerCase();
  const [name, implied] = aliases.get(lower) ?? [lower, ''];
  const given = variant.toLowerCase().replace(/^(?=[0-9])/, 'v') || implied;
  if (name === 'arm64' && given === 'v8') return { os, architecture: name, variant: '' };
  if (name === 'amd64' && given === 'v1') return { os, architecture: name, variant: '' };
  return {
    os: os.toLowerCase(),
    architecture: name,
    variant: name === 'arm' && given === '' ? 'v7' : given,
  };
}

/** Linux on the machine's architecture: images are judged for the machine they would run on. */
export function hostPlatform(): Platform {
  return normalise('linux', nodeNames.get(arch()) ?? arch(), '');
}

/** Those that fit, the exact ones alone if there are any: amd64 also takes amd64/v2 when there is no plain amd64. */
export function fitting<Candidate extends { readonly platform: Platform }>(
  candidates: readonly Candidate[],
  wanted: Platform,
): readonly Candidate[] {
  const near = candidates.filter(
    ({ platform }) => platform.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const exact = near.filter(({ platform }) => platform.variant === wanted.variant);
  return exact.length > 0 || wanted.variant !== '' ? exact : near;
}

function unknownPlatform(text: string): UsageError {
  return new UsageError(
    `unknown platform ${JSON.stringify(text)}: expected os/arch[/variant] such as linux/arm64, or all`,
  );
}

const operatingSystems = new Set([
  'linux',
  'windows',
  'freebsd',
  'netbsd',
  'openbsd',
  'dragonfly',
  'solaris',
  'illumos',
  'darwin',
  'wasip1',
]);

/** Node's names that are not Go's. */
const nodeNames: ReadonlyMap<string, string> = new Map([
  ['x64', 'amd64'],
  ['ia32', '386'],
  ['ppc64', 'ppc64le'],
]);

/** Other names of an architecture, and the variant they imply. */
const aliases: ReadonlyMap<string, readonly [name: string, variant: string]> = new Map([
  ['x86_64', ['amd64', '']],
  ['x86-64', ['amd64', '']],
  ['i386', ['386', '']],
  ['i486', ['386', '']],
  ['i586', ['386', '']],
  ['i686', ['386', '']],
  ['aarch64', ['arm64', '']],
  ['armhf', ['arm', 'v7']],
  ['armv7', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
  ['armv6', ['arm', 'v6']],
  ['loongarch64', ['loong64', '']],
  ['mips64el', ['mips64le', '']],
  ['mipsel', ['mipsle', '']],
  ['powerpc64le', ['ppc64le', '']],
]);

const architectures = new Set([
  ...['386', 'amd64', 'arm', 'arm64', 'loong64', 'mips', 'mips64', 'mips64le', 'mipsle'],
  ...['ppc64', 'ppc64le', 'riscv64', 's390x', 'wasm'],
]);

function isArchitecture(name: string): boolean {
  return architectures.has(name) || aliases.has(name);
}
