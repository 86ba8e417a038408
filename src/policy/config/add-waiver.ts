import { isSeq, parseDocument, stringify } from 'yaml';
import type { Config, WaiverConfig } from './config.ts';
import { isPackageFile } from './config-node.ts';
import { readConfig } from './document.ts';
import { refuse } from './mistakes.ts';
import type { Shape } from './node-shapes.ts';

/**
 * The text of a configuration with one waiver more, and otherwise as it was. Throws UsageError where the text or the
 * waiver makes no sense.
 */
export function addWaiver(
  text: string,
  name: string,
  waiver: WaiverConfig,
  shape: Shape<Config>,
): string {
  const changed = name.endsWith('.json')
    ? addToJson(text, waiver, isPackageFile(name))
    : addToYaml(text, name, waiver);
  readConfig(changed, name, shape);
  return changed;
}

/** By inserting lines: writing the document anew would move comments. */
function addToYaml(text: string, name: string, waiver: WaiverConfig): string {
  const waivers = parseDocument(text).get('waivers');
  const entry = stringify([plain(waiver)], { lineWidth: 0 }).trimEnd();
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (!isSeq(waivers) || waivers.range == null) {
    if (waivers !== undefined && waivers !== null)
      refuse({ name }, 'waivers is not a list that a waiver can be added to');
    const blank = whole === '' ? '' : '\n';
    return `${whole}${blank}waivers:\n${indent(entry, 2)}\n`;
  }
  const [start, end] = waivers.range;
  if (whole[start] === '[')
    refuse({ name }, 'waivers is a list in brackets: write it with a dash for each waiver');
  const column = start - (whole.lastIndexOf('\n', start - 1) + 1);
  // After the line that the last waiver ends on: a comment may follow it there.
  const at = whole.indexOf('\n', whole.slice(0, end).trimEnd().length) + 1;
  return `${whole.slice(0, at)}${indent(entry, column)}\n${whole.slice(at)}`;
}

function indent(lines: string, columns: number): string {
  return lines.replace(/^/gm, ' '.repeat(columns));
}

function addToJson(text: string, waiver: WaiverConfig, inPackage: boolean): string {
  const document: Record<string, unknown> = JSON.parse(text);
  const config = inPackage ? membersOf(document['hullcheck']) : document;
  const waivers = Array.isArray(config['waivers']) ? config['waivers'] : [];
  const changed = { ...config, waivers: [...waivers, plain(waiver)] };
  return `${JSON.stringify(inPackage ? { ...document, hullcheck: changed } : changed, null, 2)}\n`;
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
