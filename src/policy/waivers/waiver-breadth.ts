import { alternativesOf } from '../../base/glob.ts';
import {
  type Selecting,
  selecting,
  type WaiverConfig,
  type WaiverLimits,
} from '../config/config.ts';

/** What of its breadth a configuration does not allow, as parts of a sentence. */
export function breadthLacks(
  waiver: WaiverConfig,
  select: WaiverLimits['select'],
): readonly string[] {
  if (select === undefined) return [];
  if (select === 'required')
    return selecting.some((kind) => names(waiver, kind))
      ? []
      : [`it names none of ${selecting.join(', ')}${wide(waiver, selecting)}`];
  const lacking = select.filter((kind) => !isNarrow(waiver, kind));
  return lacking.map((kind) => `it names no ${kind}${wide(waiver, [kind])}`);
}

/** What is for one binary is for fewer files than any path or package. */
function isNarrow(waiver: WaiverConfig, kind: Selecting): boolean {
  const standing =
    kind === 'path' || kind === 'package' ? ([kind, 'digest', 'build-id'] as const) : [kind];
  return standing.some((each) => names(waiver, each));
}

/** Alternatives widen each other: each of them has to name something. */
function names(waiver: WaiverConfig, kind: Selecting): boolean {
  const globs = waiver[kind] ?? [];
  return globs.length > 0 && wideOf(waiver, kind).length === 0;
}

function wideOf(waiver: WaiverConfig, kind: Selecting): readonly string[] {
  const naming = namingOf[kind];
  if (naming === undefined) return [];
  return (waiver[kind] ?? []).filter((glob) => !alternativesOf(glob).every(naming.isNamed));
}

interface Naming {
  isNamed(glob: string): boolean;
  /** What a glob needs. */
  readonly rule: string;
}

/** A digest and a build ID have no wildcards. */
const namingOf: Readonly<Partial<Record<Selecting, Naming>>> = {
  image: {
    isNamed: isNamedImage,
    rule: 'no wildcard is allowed in its last part and its namespace',
  },
  path: {
    isNamed: isNamedPath,
    rule: 'no wildcard is allowed in its file name, or in its last two folders, one of which is not shared (as bin, lib and usr are)',
  },
  package: { isNamed: hasNoWildcard, rule: 'no wildcard is allowed in the name of a package' },
};

/** `ghcr.io/acme/shop`, of any registry too; the tag may be any, and a digest is of one image whatever its name. */
function isNamedImage(glob: string): boolean {
  const [bare = '', digest] = glob.split('@');
  if (digest !== undefined && digest !== '' && hasNoWildcard(digest)) return true;
  const parts = bare.split('/');
  const last = (parts.at(-1) ?? '').replace(/:[^:]*$/, '');
  return last !== '' && [last, ...parts.slice(-2, -1)].every(hasNoWildcard);
}

function isNamedPath(glob: string): boolean {
  const parts = glob.split('/');
  const file = parts.at(-1) ?? '';
  if (file !== '' && hasNoWildcard(file)) return true;
  // What is below folders is in them.
  const above = parts.slice(0, -1);
  const last = above.slice(0, above.findLastIndex((part) => part !== '**') + 1).slice(-2);
  const isOwn = (part: string) => part !== '' && !shared.has(part) && !/-linux-/.test(part);
  return (
    last.length === 2 &&
    last.every((part) => part !== '' && hasNoWildcard(part)) &&
    last.some(isOwn)
  );
}

/** Folders that programs of everybody lie in. */
const shared: ReadonlySet<string> = new Set([
  ...['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'libexec', 'share'],
  ...['usr', 'local', 'opt', 'etc', 'home', 'root', 'run', 'srv', 'tmp', 'var'],
]);

/** A character that is taken as it is is not a wildcard. */
function hasNoWildcard(part: string): boolean {
  return !/[*?[]/.test(part.replace(/\\./gs, 'x'));
}

function wide(waiver: WaiverConfig, kinds: readonly Selecting[]): string {
  const found = kinds.flatMap((kind) => {
    const [glob] = wideOf(waiver, kind);
    return glob === undefined ? [] : [`${glob} is too wide, ${namingOf[kind]?.rule}`];
  });
  return found.length === 0 ? '' : `: ${found.join('; ')}`;
}
