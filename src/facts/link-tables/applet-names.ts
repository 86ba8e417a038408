import type { Elf } from '../../elf/model.ts';
import { busyboxBanner, findConstant } from '../search/byte-marks.ts';
import { constantRanges, findText, type Range } from '../search/byte-search.ts';

/** Real builds have 0.2 MB of constants, static ones 1 MB, and up to 400 applets. */
const mostBytes = 4 * 1024 * 1024;
const mostNames = 1000;
/** Other lists that happen to be sorted are shorter, or hold other names. */
const leastNames = 16;
const longestName = 40;
const nameLike = /^[\w.[+-]+$/;

/**
 * The names of applets that are built into a BusyBox, sorted: `applet_names` of its applet table (libbb/appletlib.c), by which it
 * finds what it was called as. null for any other file, and where the table is not found or too much would have to be read.
 * Whether these are names of applets is left to those who know some.
 */
export function appletNames(elf: Elf): readonly string[] | null {
  if (findConstant(elf, busyboxBanner) === null) return null;
  const ranges = constantRanges(elf);
  if (ranges.reduce((sum, { start, end }) => sum + end - start, 0) > mostBytes) return null;
  const refuses = ranges.some(
    ({ start, end }) => findText(elf.bytes, 'applet not found', start, end) !== null,
  );
  if (!refuses) return null;
  const tables = ranges.flatMap((range) => sortedLists(elf, range));
  tables.sort((a, b) => b.length - a.length);
  const [longest, second] = tables;
  if (longest === undefined || longest.length > mostNames) return null;
  // Which of two is searched is not known.
  return longest.length === second?.length ? null : longest;
}

/** Lists of strings, each behind the NUL of the one before and above it as bytes, that end with an empty one. */
function sortedLists({ bytes }: Elf, { start, end }: Range): readonly (readonly string[])[] {
  const area = bytes.read(start, end - start);
  const lists: string[][] = [];
  let list: string[] = [];
  let before = '';
  for (let at = 0; at < area.length; ) {
    const nul = area.indexOf(0, at);
    if (nul === -1) break;
    const isName = nul - at > 0 && nul - at <= longestName;
    const text = isName ? area.toString('latin1', at, nul) : '';
    const last = list.at(-1);
    if (isName && nameLike.test(text) && (last === undefined || text > last)) {
      list.push(text);
    } else {
      if (nul === at && list.length >= leastNames)
        lists.push([...endsOf(before, list[0]), ...list]);
      before = last ?? '';
      if (nul > at) before = area.toString('latin1', Math.max(at, nul - longestName), nul);
      list = isName && nameLike.test(text) ? [text] : [];
    }
    at = nul + 1;
  }
  return lists;
}

/** What lies before a table need not end with a NUL: then the first name is the end of what looks like another string. */
function endsOf(before: string, first: string | undefined): readonly string[] {
  const ends = Array.from({ length: before.length }, (_, index) => before.slice(index));
  return ends.filter((text) => nameLike.test(text) && (first === undefined || text < first));
}
