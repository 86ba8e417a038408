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

/** Those of the nearest platform that is there, in the order in which they are given: by the rules of containerd, then any variant. */
export function fitting<Candidate extends { readonly platform: Platform }>(
  candidates: readonly Candidate[],
  wanted: Platform,
): readonly Candidate[] {
  const exact = candidates.filter(({ platform }) => distance(platform, wanted) === 0);
  if (exact.length > 0) return exact;
  const variants = ofAnyVariant(candidates, wanted);
  return variants.length > 0 ? variants : nearestOf(candidates, wanted, distance);
}

/**
 * Those of the wanted architecture in a variant, where none is wanted. containerd asks the processor which of them it can run, and
 * a scan has none to ask.
 */
export function ofAnyVariant<Candidate extends { readonly platform: Platform }>(
  candidates: readonly Candidate[],
  wanted: Platform,
): readonly Candidate[] {
  if (wanted.variant !== '') return [];
  return candidates.filter(
    ({ platform: { os, architecture, variant } }) =>
      os === wanted.os && architecture === wanted.architecture && variant !== '',
  );
}

/** How far a platform is from the wanted one; null: it is not taken for it. */
export type Distance = (platform: Platform, wanted: Platform) => number | null;

export function nearestOf<Candidate extends { readonly platform: Platform }>(
  candidates: readonly Candidate[],
  wanted: Platform,
  far: Distance,
): readonly Candidate[] {
  const ranked = candidates.flatMap((candidate) => {
    const at = far(candidate.platform, wanted);
    return at === null ? [] : [{ candidate, at }];
  });
  const nearest = Math.min(...ranked.map(({ at }) => at));
  return ranked.filter(({ at }) => at === nearest).map(({ candidate }) => candidate);
}

/** As containerd ranks them (containerd/platforms, compare.go: `platformVector`). */
export function distance(platform: Platform, wanted: Platform): number | null {
  if (platform.os !== wanted.os) return null;
  const at = runnableOn(wanted).findIndex(
    ({ architecture, variant }) =>
      architecture === platform.architecture && variant === platform.variant,
  );
  return at === -1 ? null : at;
}

/**
 * Variants in the orders in which podman looks for them, which takes no other architecture and compares texts (containers/image, pkg/platform:
 * `WantedPlatforms`). For arm64 the order depends on whether the platform was requested or is that of the machine.
 */
export function variantsForPodman({ architecture, variant }: Platform): readonly string[][] {
  if (architecture === 'arm') {
    const at = variantsOfArm.indexOf(variant);
    return [[...(at === -1 ? [variant] : variantsOfArm.slice(at)), '']];
  }
  if (architecture === 'arm64' && variant === '')
    return [
      ['', 'v8'],
      ['v8', ''],
    ];
  return [variant === '' ? [''] : [variant, '']];
}

const variantsOfArm: readonly string[] = ['v8', 'v7', 'v6', 'v5'];

type Processor = Omit<Platform, 'os'>;

/** What a processor runs, what it runs best first. */
function runnableOn({ architecture, variant }: Platform): readonly Processor[] {
  const own: Processor = { architecture, variant };
  if (architecture === 'amd64')
    return [own, ...lower(own, 1), { architecture: '386', variant: '' }];
  if (architecture === 'arm') return [own, ...lower(own, 5)];
  if (architecture !== 'arm64') return [own];
  const narrow: Processor = { architecture: 'arm', variant: 'v8' };
  return [own, ...lowerArm64(variant), narrow, ...lower(narrow, 5)];
}

/** `v7`: `v6` and `v5`, where `least` is 5. The first variant of amd64 has no name. */
function lower({ architecture, variant }: Processor, least: number): readonly Processor[] {
  const level = /^v(\d)$/.exec(variant);
  const count = level === null ? 0 : Math.max(0, Number(level[1]) - least);
  return Array.from({ length: count }, (_, at) => {
    const below = least + count - 1 - at;
    return { architecture, variant: architecture === 'amd64' && below === 1 ? '' : `v${below}` };
  });
}

/** Armv9.x has all of Armv8.(x+5), up to 8.9. The first variant of arm64, v8, has no name. */
function lowerArm64(variant: string): readonly Processor[] {
  const found = /^v([89])(?:\.(\d))?$/.exec(variant);
  if (found === null) return [];
  const [major, minor] = [Number(found[1]), Number(found[2] ?? 0)];
  const named = (text: string, upTo: number) =>
    Array.from({ length: upTo + 1 }, (_, at) => (upTo - at === 0 ? text : `${text}.${upTo - at}`));
  const below =
    major === 9
      ? [...named('v9', minor).slice(1), ...named('v8', Math.min(9, minor + 5))]
      : named('v8', minor).slice(1);
  return below.map((each) => ({ architecture: 'arm64', variant: each === 'v8' ? '' : each }));
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
