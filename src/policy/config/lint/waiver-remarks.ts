import type { ConfigNode } from '../config-node.ts';
import { entriesOf, itemsOf, memberOf, membersOf, plain, textOf } from './in-node.ts';
import { type Remark, warning } from './remark.ts';

/** Years after which an end is none. */
const longest = 5;

/** Waivers that accept nothing any more, everything, or what another one accepts. */
export function* waiverRemarks(node: ConfigNode, today: string): Generator<Remark> {
  const waivers = entriesOf(node, 'waivers');
  yield* twins(waivers, 'waiver', aboutPeople);
  const limits = memberOf(node, 'waivers');
  yield* nobodyRemarks(limits);
  const most = memberOf(limits, 'at-most');
  if (most !== null && /^0+d$/.test(textOf(most) ?? ''))
    yield warning(most.at, 'never', 'only waivers that end on the day they begin count');
  for (const waiver of waivers) {
    yield* nobodyRemarks(waiver);
    yield* endRemarks(memberOf(waiver, 'expires'), today);
    const created = textOf(memberOf(waiver, 'created'));
    if (created !== null && created > today)
      yield warning(
        memberOf(waiver, 'created')?.at ?? waiver.at,
        'future',
        `${created} is after today, ${today}`,
      );
    const end = textOf(memberOf(waiver, 'expires'));
    if (created !== null && end !== null && isDay(end) && created > end)
      yield warning(waiver.at, 'never', `it ends on ${end}, before it begins on ${created}`);
    for (const id of itemsOf(memberOf(waiver, 'build-id'))) yield* buildIdRemarks(id);
    const isBare = membersOf(waiver).every(({ key }) => !selectors.has(key));
    if (isBare && waiver.kind === 'map')
      yield warning(
        waiver.at,
        'no-selector',
        'this accepts all findings of the rule in every file: add a path, package, digest or another selector',
      );
  }
}

function* nobodyRemarks(node: ConfigNode | null): Generator<Remark> {
  const approved = memberOf(node, 'approved-by');
  if (approved?.kind === 'list' && approved.items.length === 0)
    yield warning(approved.at, 'no-effect', 'this list names nobody');
}

/** What a waiver selects by, but for its rule. */
const selectors: ReadonlySet<string> = new Set([
  ...['path', 'package', 'layer', 'whose', 'kind', 'digest', 'build-id', 'cause', 'image'],
]);

const aboutPeople: ReadonlySet<string> = new Set([
  ...['reason', 'expires', 'created', 'owner', 'approved-by', 'ticket', 'date'],
]);

/** Entries that select the same; `without` says nothing of what is selected. */
export function* twins(
  entries: readonly ConfigNode[],
  what: string,
  without: ReadonlySet<string>,
): Generator<Remark> {
  const seen = new Map<string, ConfigNode>();
  for (const entry of entries) {
    const key = JSON.stringify(plain(entry, without));
    const first = seen.get(key);
    if (first === undefined) seen.set(key, entry);
    else
      yield warning(
        entry.at,
        'duplicate',
        `the same ${what} as in line ${'line' in first.at ? first.at.line : 1}: remove one of them`,
      );
  }
}

function* endRemarks(node: ConfigNode | null, today: string): Generator<Remark> {
  const end = textOf(node);
  if (node === null || end === null || !isDay(end)) return;
  if (end < today)
    yield warning(node.at, 'expired', `it ended on ${end} and has no effect (today is ${today})`);
  const last = `${Number(today.slice(0, 4)) + longest}${today.slice(4)}`;
  if (end > last)
    yield warning(
      node.at,
      'no-end',
      `${end} is more than ${longest} years away, which is as good as no end`,
    );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** GNU's build IDs are bytes in hexadecimal, Go's are four words of base64. */
function* buildIdRemarks(node: ConfigNode): Generator<Remark> {
  const id = textOf(node);
  if (
    id === null ||
    /^(?:[0-9a-f]{2}){4,64}$/i.test(id) ||
    /^[\w-]{8,}(?:\/[\w-]{8,}){1,3}$/.test(id)
  )
    return;
  yield warning(
    node.at,
    'matches-nothing',
    `${JSON.stringify(id.slice(0, 64))} is not a build ID: they have 8 to 128 hexadecimal digits, two for each byte, or are those of Go`,
  );
}
