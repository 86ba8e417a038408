import { isSeq, parseDocument } from 'yaml';
import type { Config, WaiverConfig } from './config.ts';
import { isPackageFile, parseConfigFile } from './document.ts';
import type { Shape } from './shape.ts';

/**
 * The text of a configuration with one waiver more; comments and order stay. Throws UsageError where the text or the
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
    : addToYaml(text, waiver);
  const node = parseConfigFile(changed, name);
  if (node !== null) shape.read(node);
  return changed;
}

function addToYaml(text: string, waiver: WaiverConfig): string {
  const document = parseDocument(text);
  const waivers = document.get('waivers');
  if (isSeq(waivers)) waivers.add(document.createNode(plain(waiver)));
  else document.set('waivers', document.createNode([plain(waiver)]));
  return document.toString({ lineWidth: 0 });
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
