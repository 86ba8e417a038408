// supporting: the options of policy, on the command line and in the environment
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { defaultLimits, limitSettings } from '../limits.ts';
import type { Config } from '../policy/config/config.ts';
import type { ConfigNode } from '../policy/config/document.ts';
import type { ConfigLayer } from '../policy/config/layers.ts';
import type { Shape } from '../policy/config/shape.ts';
import type { Surroundings } from './command.ts';
import { shortSize } from './parse-size.ts';

/** A setting that can be given outside of a file, under one name in three spellings. */
interface PolicyOption {
  /** As `fail-on`: `--fail-on`, `HULLCHECK_FAIL_ON`. */
  readonly name: string;
  /** Where it stands in a configuration. */
  readonly path: readonly string[];
  /** `pairs` are `NAME=VALUE`. */
  readonly form: 'text' | 'list' | 'pairs' | 'number' | 'truth';
  readonly describe: string;
}

const options: readonly PolicyOption[] = [
  {
    name: 'profile',
    path: ['profile'],
    form: 'text',
    describe: 'What binaries are judged by; hullcheck profiles lists them',
  },
  {
    name: 'fail-on',
    path: ['gate', 'fail-on'],
    form: 'list',
    describe:
      'Least severity that breaks the gate: critical, high (default), medium, low, note or none; or a rule (repeatable)',
  },
  {
    name: 'fail-on-unknown',
    path: ['gate', 'fail-on-unknown'],
    form: 'truth',
    describe: 'An unknown verdict breaks the gate',
  },
  {
    name: 'coverage',
    path: ['gate', 'coverage'],
    form: 'pairs',
    describe: 'RULE=PERCENT: least share of binaries that must pass (repeatable)',
  },
  {
    name: 'maximum',
    path: ['gate', 'maximum'],
    form: 'pairs',
    describe: 'SEVERITY=COUNT or RULE=COUNT: most findings (repeatable)',
  },
  {
    name: 'allow-empty',
    path: ['gate', 'allow-empty'],
    form: 'truth',
    describe: 'Nothing to scan is no reason for exit code 3',
  },
  {
    name: 'baseline',
    path: ['baseline'],
    form: 'text',
    describe: 'Count only findings that this file does not have',
  },
  {
    name: 'exclude',
    path: ['exclude'],
    form: 'list',
    describe: 'Leave out paths in the image that match this glob (repeatable)',
  },
  {
    name: 'jobs',
    path: ['limits', 'jobs'],
    form: 'number',
    describe: 'Layers and files worked on side by side (default: one for each core)',
  },
  ...Object.entries(limitSettings).map(([name, { limit, form, describe }]) => ({
    name,
    path: ['limits', name] as const,
    form: form === 'size' ? ('text' as const) : ('number' as const),
    describe: `${describe} (default: ${form === 'size' ? shortSize(defaultLimits[limit]) : defaultLimits[limit]})`,
  })),
];

/** Declares them. None has a default here: what is not given is for the file to say. */
export function withPolicyOptions<T>(parser: Argv<T>) {
  for (const { name, form, describe } of options) {
    if (form === 'truth') parser.option(name, { boolean: true, describe });
    else parser.option(name, { string: true, array: true, requiresArg: true, describe });
  }
  return parser.option('config', {
    string: true,
    requiresArg: true,
    describe: 'Configuration file (default: hullcheck.yaml, found upwards from here)',
  });
}

/** What yargs read, by name; only the options of policy are looked at. */
export type PolicyArguments = Readonly<Record<string, unknown>>;

/** The values of the environment and of the command line as configurations of their own, so that one reader serves all. */
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

function variableOf({ name }: PolicyOption): string {
  return `HULLCHECK_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** At commas and spaces; a comma in braces is of a glob. */
function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+(?![^{]*\})/).filter((item) => item !== '');
}

function layerOf(
  valuesOf: (option: PolicyOption) => readonly string[],
  nameOf: (option: PolicyOption) => string,
  shape: Shape<Config>,
): ConfigLayer {
  const given = options.flatMap((option) => {
    const values = valuesOf(option);
    return values.length === 0 ? [] : [{ option, node: nodeOf(option, values, nameOf(option)) }];
  });
  const names = new Map(given.map(({ option }) => [option.path.join('.'), nameOf(option)]));
  const originOf = (setting: string) =>
    [...names].find(([path]) => setting === path || setting.startsWith(`${path}.`))?.[1] ?? '';
  return { config: shape.read(treeOf(given)), originOf };
}

interface GivenOption {
  readonly option: PolicyOption;
  readonly node: ConfigNode;
}

/** As a file would have it: options of one group under its name. */
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

/** Numbers and truths as YAML would read them; anything else stays text, for the shape to refuse. */
function plain(text: string, form: PolicyOption['form']): string | number | boolean {
  if (form === 'truth' && /^(?:true|1)$/.test(text)) return true;
  if (form === 'truth' && /^(?:false|0)$/.test(text)) return false;
  return /^\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}
