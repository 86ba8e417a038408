import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { UsageError } from '../../base/errors.ts';
import type { Config, WaiverConfig } from './config.ts';
import { type ConfigNode, isPackageFile } from './config-node.ts';
import { readConfig } from './document.ts';
import { refuse } from './mistakes.ts';
import type { Shape } from './node-shapes.ts';

/** What a waiver is made of: the values of its members, and what each was given as (`--path`), for messages. */
export type GivenWaiver = Readonly<
  Record<string, { readonly from: string; readonly values: readonly string[] } | undefined>
>;

/** Throws UsageError that names the option whose value makes no sense: nothing of it is written anywhere yet. */
export function readWaiver(given: GivenWaiver, shape: Shape<Config>): WaiverConfig {
  const at = { name: 'waive' };
  const members = Object.entries(given).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const place = { name: value.from };
    const items = value.values.map(
      (each): ConfigNode => ({ kind: 'scalar', value: each, at: place }),
    );
    const [first] = items;
    const node: ConfigNode =
      items.length === 1 && first !== undefined ? first : { kind: 'list', items, at: place };
    return [{ key, at: place, value: node }];
  });
  const waiver: ConfigNode = { kind: 'map', members, at };
  const waivers: ConfigNode = { kind: 'list', items: [waiver], at };
  const config: ConfigNode = { kind: 'map', members: [{ key: 'waivers', at, value: waivers }], at };
  const [read] = shape.read(config).waivers ?? [];
  if (read === undefined) throw new UsageError('waive: there is no waiver');
  return read.value;
}

/** The text of a configuration with one waiver more, and otherwise as it was. Throws UsageError where it cannot be added. */
export function addWaiver(
  text: string,
  name: string,
  waiver: WaiverConfig,
  shape: Shape<Config>,
): string {
  const changed = name.endsWith('.json')
    ? addToJson(text, waiver, isPackageFile(name))
    : addToYaml(text, name, waiver);
  try {
    readConfig(changed, name, shape);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Its places would be of a text that nobody has.
    refuse({ name }, 'the waiver cannot be added to this text: write it by hand');
  }
  return changed;
}

/** By inserting lines: writing the document anew would move comments. */
function addToYaml(text: string, name: string, waiver: WaiverConfig): string {
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n') ? text : `${text}${ending}`;
  const { contents } = parseDocument(whole);
  const inserted = insertionIn(whole, isMap(contents) ? contents : null, name);
  const { at, column, head } = inserted;
  const entry = stringify([plain(waiver)], { lineWidth: 0 }).trimEnd();
  const lines = `${head}${indent(entry, column)}\n`.replaceAll('\n', ending);
  return whole.slice(0, at) + lines + whole.slice(at);
}

interface Insertion {
  readonly at: number;
  /** Of the dash. */
  readonly column: number;
  /** Lines in front of it. */
  readonly head: string;
}

function insertionIn(text: string, map: YAMLMap | null, name: string): Insertion {
  const waivers = map?.get('waivers');
  if (map === null || !map.has('waivers')) {
    const blank = text === '' ? '' : '\n';
    return { at: text.length, column: 2, head: `${blank}waivers:\n` };
  }
  if (isSeq(waivers)) return atEndOf(text, waivers, name);
  if (!isMap(waivers)) return belowKey(text, map, 'waivers', name);
  const entries = waivers.get('entries');
  if (isSeq(entries)) return atEndOf(text, entries, name);
  if (waivers.has('entries')) return belowKey(text, waivers, 'entries', name);
  const [start, end] = rangeOf(waivers, text, name);
  const column = columnOf(text, start);
  return {
    at: lineAfter(text, end),
    column: column + 2,
    head: `${' '.repeat(column)}entries:\n`,
  };
}

function atEndOf(text: string, list: YAMLSeq, name: string): Insertion {
  const [start, end] = rangeOf(list, text, name);
  return { at: lineAfter(text, end), column: columnOf(text, start), head: '' };
}

/** Where a name has no value yet. */
function belowKey(text: string, map: YAMLMap, key: string, file: string): Insertion {
  const name = map.items.find((each) => isScalar(each.key) && each.key.value === key)?.key;
  const start = isScalar(name) ? name.range?.[0] : undefined;
  if (start === undefined || map.get(key) != null)
    return refuse({ name: file }, `${key} is not a list that a waiver can be added to`);
  return { at: lineAfter(text, start + key.length), column: columnOf(text, start) + 2, head: '' };
}

/** Of what has a line for each item. */
function rangeOf(node: YAMLSeq | YAMLMap, text: string, name: string): readonly [number, number] {
  const [start, end] = node.range ?? [0, 0];
  if (/[[{]/.test(text[start] ?? '['))
    refuse({ name }, 'waivers are in brackets: write them with a dash for each waiver');
  return [start, end];
}

function columnOf(text: string, start: number): number {
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

/** After the line that this ends on: a comment may follow it there. */
function lineAfter(text: string, end: number): number {
  return text.indexOf('\n', text.slice(0, end).trimEnd().length) + 1;
}

function indent(lines: string, columns: number): string {
  return lines.replace(/^/gm, ' '.repeat(columns));
}

function addToJson(text: string, waiver: WaiverConfig, inPackage: boolean): string {
  const document: Record<string, unknown> = JSON.parse(text);
  const config = inPackage ? membersOf(document['hullcheck']) : document;
  const { waivers } = config;
  const isMapOfThem = typeof waivers === 'object' && waivers !== null && !Array.isArray(waivers);
  const limits = isMapOfThem ? membersOf(waivers) : {};
  const list = isMapOfThem ? limits['entries'] : waivers;
  const entries = [...(Array.isArray(list) ? list : []), plain(waiver)];
  const changed = { ...config, waivers: isMapOfThem ? { ...limits, entries } : entries };
  const indentation = /\n([ \t]+)"/.exec(text)?.[1] ?? 2;
  const written = JSON.stringify(
    inPackage ? { ...document, hullcheck: changed } : changed,
    null,
    indentation,
  );
  return `${written}\n`;
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A list of one stands without its brackets. */
function plain(waiver: WaiverConfig): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(waiver).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]),
  );
}
