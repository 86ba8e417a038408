import { configLimits, grouped, limitsText } from './config-limits.ts';
import { type ConfigNode, isJsonFile, isPackageFile } from './config-node.ts';
import { decodeConfig } from './decode.ts';
import { parseJson } from './json-document.ts';
import { attempt, ConfigMistakes, type Mistake, type ParsedConfig } from './mistakes.ts';
import type { Shape } from './node-shapes.ts';
import type { PlaceOf } from './places.ts';
import { parseYaml } from './yaml-document.ts';

/** Reads a file that is YAML, or JSON by its name. Of a package.json, the member for hullcheck. Throws nothing. */
function parseConfig(content: string | Uint8Array, file: string): ParsedConfig {
  const { text, placeOf, mistakes } = decodeConfig(content, file);
  const unread = problemOfFormat(file) ?? problemOfSize(text);
  if (unread !== null)
    return {
      node: null,
      mistakes: [...mistakes, { at: placeOf(0), message: unread }],
      certainBefore: 1,
    };
  const parsed = parseText(text, placeOf, isJsonFile(file));
  const node = isPackageFile(file) ? memberForHullcheck(parsed.node) : parsed.node;
  return { ...parsed, node, mistakes: [...mistakes, ...parsed.mistakes] };
}

function parseText(text: string, placeOf: PlaceOf, isJson: boolean): ParsedConfig {
  return isJson ? parseJson(text, placeOf) : parseYaml(text, placeOf);
}

function memberForHullcheck(node: ConfigNode | null): ConfigNode | null {
  if (node?.kind !== 'map') return null;
  return node.members.find(({ key }) => key === 'hullcheck')?.value ?? null;
}

export interface ConfigDocument<T> {
  readonly node: ConfigNode;
  readonly value: T;
}

/** A file read by its shape; null where it has nothing. Throws ConfigMistakes with all mistakes. */
export function readDocument<T>(
  content: string | Uint8Array,
  file: string,
  shape: Shape<T>,
): ConfigDocument<T> | null {
  const { node, value, mistakes } = checkDocument(content, file, shape);
  if (mistakes.length > 0) throw new ConfigMistakes(mistakes);
  return node === null || value === null ? null : { node, value };
}

export interface CheckedDocument<T> {
  readonly node: ConfigNode | null;
  /** Null where there are mistakes, or nothing. */
  readonly value: T | null;
  readonly mistakes: readonly Mistake[];
  /** As of {@link ParsedConfig}. */
  readonly certainBefore: number;
}

/** A file as far as it can be read, and all that is wrong with it. */
export function checkDocument<T>(
  content: string | Uint8Array,
  file: string,
  shape: Shape<T>,
): CheckedDocument<T> {
  const parsed = parseConfig(content, file);
  const { node } = parsed;
  const read = node === null ? null : attempt(() => shape.read(node));
  const mistakes = allMistakes(parsed, read?.mistakes ?? []);
  const { certainBefore } = parsed;
  return { node, value: read?.mistakes === null ? read.value : null, mistakes, certainBefore };
}

/** The value alone. */
export function readConfig<T>(
  content: string | Uint8Array,
  file: string,
  shape: Shape<T>,
): T | null {
  return readDocument(content, file, shape)?.value ?? null;
}

/** What the parser and the shape refuse. What follows from damage of the syntax is left out. */
function allMistakes(
  { mistakes, certainBefore }: ParsedConfig,
  refused: readonly Mistake[],
): readonly Mistake[] {
  const isCertain = ({ at, isLack }: Mistake) =>
    certainBefore === Number.POSITIVE_INFINITY ||
    (!isLack && 'line' in at && at.line < certainBefore);
  return [...mistakes, ...refused.filter(isCertain)];
}

/** What is read as YAML would be wrong in every line, and no message would say why. */
function problemOfFormat(file: string): string | null {
  return /\.toml$/i.test(file) ? 'TOML is not read: write the settings as YAML or JSON' : null;
}

function problemOfSize(text: string): string | null {
  const tooMany = (what: string) => `the file has ${what}; at most ${limitsText} are read`;
  if (text.length > configLimits.bytes) return tooMany(`${grouped(text.length)} characters`);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > configLimits.lines ? tooMany(`${grouped(lines)} lines`) : null;
}
