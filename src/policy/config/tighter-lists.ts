import { type AllowList, allowLists } from '../../base/own-lists.ts';
import type { Config, ListEntry } from './config.ts';
import type { Placed } from './node-shapes.ts';
import { ownListsIn } from './settings-list.ts';

export interface LooserList {
  readonly list: AllowList;
  /** What is locked, as it is shown; null: no list. */
  readonly was: string | null;
  readonly is: string;
  /** As the end of a sentence. */
  readonly because: string;
}

type Entries = readonly Placed<ListEntry>[];

/**
 * Where a list allows what another does not. Each name must be allowed to files of the same selector, or to all files, and each selector
 * must still have an entry: a file that none concerns is not judged. What globs match is not compared, only how they are written.
 */
export function* looserLists({ allow: was }: Config, { allow: is }: Config): Generator<LooserList> {
  for (const list of allowLists) {
    const [before, after] = [was?.[list], is?.[list]];
    if (before === undefined || after === undefined || before === after) continue;
    const because = whyLooser(before.map(partsOf), after.map(partsOf));
    if (because !== null) yield { list, was: shownList(before), is: shownList(after), because };
  }
}

/** Whether more files are judged, as passes perhaps: by a list that was not there, or by entries for other files. */
export function concernsMore(was: Config, is: Config): boolean {
  const [before, after] = [was, is].map((config) =>
    Object.values(ownListsIn(config)).map(
      (list = []) => new Set(list.map((entry) => partsOf(entry).where)),
    ),
  );
  return (after ?? []).some((wheres, at) =>
    [...wheres].some((where) => before?.[at]?.has(where) === false),
  );
}

interface Parts {
  readonly names: readonly string[];
  /** Which files, as text; `{}`: all. */
  readonly where: string;
}

const everyFile = '{}';

function partsOf({ value }: Placed<ListEntry>): Parts {
  if (typeof value === 'string') return { names: [value], where: everyFile };
  const { names, path, kind, package: packages } = value;
  return { names, where: JSON.stringify({ path, kind, package: packages }) };
}

function whyLooser(before: readonly Parts[], after: readonly Parts[]): string | null {
  for (const { names, where } of after) {
    const allowed = before
      .filter((each) => each.where === where || each.where === everyFile)
      .flatMap((each) => each.names);
    const added = names.find((name) => !allowed.includes(name));
    if (added !== undefined) return `${added} is not in it for the same files`;
  }
  const lost = before.find(
    ({ where }) => !after.some((each) => each.where === where || each.where === everyFile),
  );
  return lost === undefined ? null : 'files that it concerns are in no entry any more';
}

const longestShown = 80;

function shownList(entries: Entries): string {
  const text = entries.flatMap((entry) => partsOf(entry).names).join(', ');
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}
