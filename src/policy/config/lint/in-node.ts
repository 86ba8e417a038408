import { compare } from '../../../base/compare.ts';
import type { ConfigMember, ConfigNode } from '../config-node.ts';

/** Members of a group of settings; none of anything else. */
export function membersOf(node: ConfigNode | null): readonly ConfigMember[] {
  return node?.kind === 'map' ? node.members : [];
}

export function memberOf(node: ConfigNode | null, name: string): ConfigNode | null {
  return membersOf(node).find(({ key }) => key === name)?.value ?? null;
}

/** The items of a list, or the one that stands without brackets. */
export function itemsOf(node: ConfigNode | null): readonly ConfigNode[] {
  if (node === null) return [];
  return node.kind === 'list' ? node.items : [node];
}

/** Entries of a setting, which are a list, or `entries` of a group that has limits too. */
export function entriesOf(node: ConfigNode | null, name: string): readonly ConfigNode[] {
  const found = memberOf(node, name);
  const list = found?.kind === 'map' ? memberOf(found, 'entries') : found;
  return list?.kind === 'list' ? list.items : [];
}

/** Entries of the lists of `allow` and `deny`. */
export function listsOf(node: ConfigNode | null): readonly ConfigNode[] {
  return ['allow', 'deny'].flatMap((group) =>
    membersOf(memberOf(node, group)).flatMap(({ value }) => itemsOf(value)),
  );
}

export function textOf(node: ConfigNode | null): string | null {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** Every text, with its place. */
export function* textsIn(node: ConfigNode): Generator<ConfigNode> {
  const open: ConfigNode[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (textOf(next) !== null) yield next;
    if (next.kind === 'list') open.push(...next.items.toReversed());
    if (next.kind === 'map') open.push(...next.members.map(({ value }) => value).toReversed());
  }
}

/** The value as plain data, its members sorted by name. */
export function plain(node: ConfigNode, without: ReadonlySet<string> = new Set()): unknown {
  if (node.kind === 'list') return node.items.map((item) => plain(item)).toSorted(byText);
  if (node.kind !== 'map') return node.kind === 'scalar' ? node.value : null;
  const members = node.members
    .filter(({ key }) => !without.has(key))
    .map(({ key, value }): readonly [string, unknown] => [key, plain(value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A list of one stands without its brackets.
  return members.map(([key, value]) => [key, Array.isArray(value) ? value : [value]]);
}

function byText(a: unknown, b: unknown): number {
  return compare(JSON.stringify(a) ?? '', JSON.stringify(b) ?? '');
}
