import { oncePer } from '../base/once-per.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { Note } from '../report/policy-messages.ts';
import type { TargetReport } from '../report/report.ts';
import type { Policy } from './policy.ts';

/** Notices of one run. */
const mostNamed = 10;

/**
 * Sentences: selectors whose path is a folder of what was judged. A glob of paths is of files, so `/opt` selects nothing where `/opt/**`
 * was meant.
 */
export function folderPaths(targets: readonly TargetReport[], policy: Policy): readonly Note[] {
  const asked = askedIn(targets, policy);
  if (asked.size === 0) return [];
  const folders = foldersAmong(targets, asked);
  const all: readonly Note[] = [...asked].flatMap(([path, by]) =>
    folders.has(path) ? [{ kind, message: textOf(path, by), path }] : [],
  );
  const more = all.length - mostNamed;
  const message = `${more} more selectors name a folder and are for no file of it`;
  return more > 0 ? [...all.slice(0, mostNamed), { kind, message, count: more }] : all;
}

const kind = 'path-is-folder' as const;

function textOf(path: string, [first = '', ...others]: readonly string[]): string {
  const by = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `${path} of ${by} is a folder here, and a glob of paths is of files: did you mean ${folderGlob(path)}?`;
}

export function folderGlob(path: string): string {
  return `${path}/**`;
}

/** By path: what names it. */
type Asked = ReadonlyMap<string, readonly string[]>;

function askedIn(targets: readonly TargetReport[], policy: Policy): Asked {
  const idle = targets
    .flatMap(({ exclusions = [] }) => exclusions)
    .flatMap(({ glob, files }) => (files === 0 ? [...of([glob], 'exclude')] : []));
  return idle.length === 0 ? askedByPolicy(policy) : askedBy([...plainPaths(policy), ...idle]);
}

/** A policy of thousands of waivers is applied to one report after another. */
const askedByPolicy = oncePer((policy: Policy) => askedBy(plainPaths(policy)));

function askedBy(paths: Iterable<PlainPath>): Asked {
  const asked = new Map<string, string[]>();
  for (const { path, by } of paths) {
    const known = asked.get(path);
    if (known === undefined) asked.set(path, [by]);
    else if (!known.includes(by)) known.push(by);
  }
  return asked;
}

interface PlainPath {
  readonly path: string;
  /** `the waiver at hullcheck.yaml:7`. */
  readonly by: string;
}

function* plainPaths({
  levels,
  waivers,
  dependencies,
  yours,
  lists,
}: Policy): Generator<PlainPath> {
  for (const { rule, where, by } of levels)
    if (by === 'configuration') yield* of(where.path, `the override of ${rule}`);
  for (const { where, origin } of waivers) yield* of(where.path, `the waiver at ${origin}`);
  for (const { where, name } of dependencies) yield* of(where.path, `the dependency ${name}`);
  for (const { where, origin } of yours) yield* of(where.path, `what ${origin} says is yours`);
  for (const { where, origin } of Object.values(lists ?? {}).flat())
    yield* of(where.path, `the list at ${origin}`);
}

function* of(globs: readonly string[] = [], by: string): Generator<PlainPath> {
  for (const path of globs) if (isPlain(path)) yield { path, by };
}

/** A path as it is, and not a pattern. */
export function isPlain(glob: string): boolean {
  return /^\/[^*?[\]{}\\]*[^*?[\]{}\\/]$/.test(glob);
}

/** Those of the paths that files lie below, and that no file is called. */
function foldersAmong(
  targets: readonly TargetReport[],
  asked: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const folders = new Set<string>();
  const files = new Set<string>();
  for (const { path, aliases } of targets.flatMap(judgedOf))
    for (const name of [path, ...aliases]) {
      if (asked.has(name)) files.add(name);
      for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
        const folder = name.slice(0, at);
        if (asked.has(folder)) folders.add(folder);
      }
    }
  return new Set([...folders].filter((folder) => !files.has(folder)));
}
