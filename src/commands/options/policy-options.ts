import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import type { Config } from '../../policy/config/config.ts';
import type { ConfigNode } from '../../policy/config/config-node.ts';
import type { ConfigLayer } from '../../policy/config/layers.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import type { Surroundings } from '../command.ts';
import { type HelpGroup, helpGroups } from '../help-pages/help-groups.ts';
import { dateOption } from './date-option.ts';
import { type PolicyOption, policyOptions } from './policy-option-table.ts';

/** Declares all of them except `without`. None has a default here: an option that is not given leaves the file's setting. */
export function withPolicyOptions<T>(parser: Argv<T>, without: readonly string[] = []) {
  // The first use of a heading decides its place in help.
  for (const heading of helpGroups) parser.group([], heading);
  for (const { name, form, describe, group } of policyOptions) {
    if (without.includes(name)) continue;
    const help = group === null ? { describe, hidden: true } : { describe, group };
    if (form === 'truth') parser.option(name, { boolean: true, ...help });
    else parser.option(name, { string: true, array: true, requiresArg: true, ...help });
  }
  return parser
    .option('config', {
      string: true,
      array: true,
      requiresArg: true,
      group: 'Policy:' satisfies HelpGroup,
      describe:
        'Configuration file in place of those in this folder and above it (repeatable; later ones win)',
    })
    .option('extends', {
      string: true,
      array: true,
      requiresArg: true,
      group: 'Policy:' satisfies HelpGroup,
      describe:
        'Policy below every configuration file: a file, package or https address, with @sha256:DIGEST (repeatable)',
    })
    .option('date', { ...dateOption, group: 'Policy:' satisfies HelpGroup })
    .option('require-config', {
      boolean: true,
      group: 'Policy:' satisfies HelpGroup,
      describe: 'Fail if there is no configuration file, or if one that locks settings is left out',
    });
}

/** What yargs read, by name. Only the policy options are used. */
export type PolicyArguments = Readonly<Record<string, unknown>>;

/** Environment and command line as configurations of their own, so that one reader checks all of them. */
export function optionLayers(
  args: PolicyArguments,
  env: Surroundings['env'],
  shape: Shape<Config>,
): readonly ConfigLayer[] {
  const fromEnvironment = (option: PolicyOption) => {
    const text = env[variableOf(option)];
    if (text === undefined || text === '') return [];
    const isList = option.form === 'list' || option.form === 'pairs';
    return isList ? splitList(text) : [text];
  };
  const fromArguments = (option: PolicyOption) => {
    const given = args[option.name];
    return given === undefined ? [] : Array.isArray(given) ? given.map(String) : [String(given)];
  };
  return [
    layerOf(fromEnvironment, variableOf, shape),
    layerOf(fromArguments, ({ name }) => `--${name}`, shape),
  ];
}

/** `HULLCHECK_FAIL_ON`. */
export function variableOf({ name }: PolicyOption): string {
  return `HULLCHECK_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** Splits at commas and spaces; a comma in braces belongs to a glob. */
function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+(?![^{]*\})/).filter((item) => item !== '');
}

function layerOf(
  valuesOf: (option: PolicyOption) => readonly string[],
  nameOf: (option: PolicyOption) => string,
  shape: Shape<Config>,
): ConfigLayer {
  const given = policyOptions.flatMap((option) => {
    const values = valuesOf(option);
    return values.length === 0 ? [] : [{ option, node: nodeOf(option, values, nameOf(option)) }];
  });
  const names = new Map(given.map(({ option }) => [option.path.join('.'), nameOf(option)]));
  const originOf = (setting: string) =>
    [...names].find(([path]) => setting === path || setting.startsWith(`${path}.`))?.[1] ?? '';
  return { config: shape.read(treeOf(given)), originOf, placeOf: originOf };
}

interface GivenOption {
  readonly option: PolicyOption;
  readonly node: ConfigNode;
}

/** The same structure as in a file: the options of a section below its key. */
function treeOf(given: readonly GivenOption[]): ConfigNode {
  const groups = new Map<string, GivenOption[]>();
  for (const item of given) {
    const [first = ''] = item.option.path;
    groups.set(first, [...(groups.get(first) ?? []), item]);
  }
  const members = [...groups].map(([key, items]) => {
    const [first] = items;
    const at = first?.node.at ?? { name: key };
    const inner = items.map(({ option, node }) => ({
      key: option.path[1] ?? '',
      at: node.at,
      value: node,
    }));
    const value: ConfigNode =
      first?.option.path.length === 1 ? first.node : { kind: 'map', members: inner, at };
    return { key, at, value };
  });
  return { kind: 'map', members, at: { name: 'the command line' } };
}

function nodeOf({ form }: PolicyOption, values: readonly string[], name: string): ConfigNode {
  const at = { name };
  if (form === 'list') {
    const items = values.map((value): ConfigNode => ({ kind: 'scalar', value, at }));
    return { kind: 'list', items, at };
  }
  if (form === 'pairs')
    return { kind: 'map', members: values.map((pair) => pairOf(pair, name)), at };
  const [value = '', second] = values;
  if (second !== undefined) throw new UsageError(`${name} was given more than once`);
  return { kind: 'scalar', value: form === 'text' ? value : plain(value, form), at };
}

function pairOf(pair: string, name: string) {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
  if (key === undefined || value === undefined)
    throw new UsageError(`${name} is ${pair}, expected NAME=NUMBER`);
  const at = { name };
  return { key, at, value: { kind: 'scalar' as const, value: plain(value, 'number'), at } };
}

/** Reads numbers and booleans as YAML does; anything else stays text, which the shape refuses. */
function plain(text: string, form: PolicyOption['form']): string | number | boolean {
  if (form === 'truth' && /^(?:true|1)$/.test(text)) return true;
  if (form === 'truth' && /^(?:false|0)$/.test(text)) return false;
  return /^\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}
