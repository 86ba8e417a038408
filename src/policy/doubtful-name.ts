import type { Problem } from '../base/problem.ts';
import type { TargetReport } from '../report/report.ts';
import type { Config } from './config/config.ts';
import { defaultProfile, profileOf } from './config/effective.ts';
import { lockGroups } from './config/lockable.ts';
import { levelOf, tighter } from './config/tighter.ts';
import { levelsOf } from './profile.ts';

/** An image whose name does not say whether entries of `images:` that are stricter are meant for it. */
export interface DoubtfulName {
  /**
   * Only its maker says the name, or only the daemon knows it, or it has a digest where the entries have tags; or only its content says that it is not an
   * image.
   */
  readonly by: 'maker' | 'daemon' | 'digest' | 'kind';
  /** Where they are written: `org.yaml:12`. */
  readonly entries: readonly string[];
}

/** Whether an entry asks more in any setting of what it is for than what is in force without it. */
export function asksMore(withEntry: Config, without: Config): boolean {
  const [asked, there] = [withEntry.rules ?? {}, without.rules ?? {}];
  const isNew = Object.entries(asked).some(
    ([rule, setting]) => !Object.hasOwn(there, rule) && !lowest.includes(levelOf(setting)),
  );
  return isNew || lockGroups.some((group) => isLooser(group, withEntry, without));
}

/** A rule of its own severity weighs no less. */
const lowest: readonly string[] = ['note', 'off'];

function isLooser(group: keyof typeof tighter, than: Config, config: Config): boolean {
  // What a profile changes of levels is less than the rules say, and its gate is compared as a gate.
  if (group === 'profile' && levelsOf(profileOf(config.profile ?? defaultProfile)).length === 0)
    return false;
  return [...tighter[group](than, config)].length > 0;
}

const mostNamed = 3;

/** The gate is undecided: by another name, or by none, a stricter entry would be avoided. */
export function doubtfulNameProblem(
  target: Pick<TargetReport, 'name' | 'scheme' | 'kind' | 'namedBy'>,
  { by, entries }: DoubtfulName,
): Problem {
  const { name } = target;
  const more = entries.length - mostNamed;
  const named = `${entries.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return {
    kind: 'unnamed',
    where: name,
    message: reasons[by](by === 'kind' ? wayOut(target) : name, named),
    rules: [],
  };
}

/** A package that says its name is not called by its path. */
function wayOut({ scheme, kind, namedBy }: Parameters<typeof doubtfulNameProblem>[0]): string {
  return kind === 'package' && namedBy === 'content'
    ? `(${scheme}:PATH; a quoted glob for many, ${scheme}:'DIR/*')`
    : `(${scheme}:PATH), or have an entry of images: in the policy that locks them select its path`;
}

const reasons = {
  maker: (_: string, entries: string) =>
    `nobody but its maker says by a valid name what this image is called, which the policy does not accept, and stricter settings at ${entries} may be meant for it: give its name behind the file (FILE:NAME), or have an entry of images: in the policy that locks them select its path`,
  daemon: (name: string, entries: string) =>
    `only the daemon knows which image ${name} is, and stricter settings at ${entries} may be meant for it: give its whole name with the registry and the tag (HOST/NAME:TAG)`,
  kind: (out: string, entries: string) =>
    `only its content says that it is not an image, and stricter settings at ${entries} may be meant for the image that it is of: give its scheme in front if no image is meant ${out}`,
  digest: (name: string, entries: string) =>
    `it is named by its digest alone, and stricter settings at ${entries} are for some of its tags: give the tag too (${name.replace('@', ':TAG@')}), or have the entry select every tag`,
} as const;
