import { UsageErrors } from '../base/errors.ts';
import { unknown } from '../base/verdict.ts';
import type { BinaryRule } from '../judge/rule.ts';
import { type Definition, readDefinition } from './definition.ts';
import { oneLine, type Patience, PluginHost } from './plugin-host.ts';
import { readVerdict } from './read-verdict.ts';

/** The file of a plug-in. */
export interface PluginFile {
  /** As messages and reports call it. */
  readonly name: string;
  /** `file:` URL. */
  readonly url: string;
  readonly text: string;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

export interface Plugin {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
  readonly rules: readonly BinaryRule[];
  /** Ends its thread. A rule that is asked later starts another one. */
  close(): void;
}

/** Rules of one plug-in. */
const mostRules = 200;

/** Throws UsageErrors for one that does not load, or whose rules are not valid: without them a policy would not be what it says. */
export async function loadPlugin(file: PluginFile, patience?: Patience): Promise<Plugin> {
  const host = new PluginHost(file, patience);
  const loaded = await host.load();
  const fault = 'because' in loaded ? `does not load: ${oneLine(loaded.because)}` : null;
  if ('because' in loaded) return refuse(file, host, [fault ?? '']);
  if (loaded.rules.length > mostRules)
    return refuse(file, host, [`has ${loaded.rules.length} rules, expected at most ${mostRules}`]);
  const read = loaded.rules.map((rule) => readDefinition(rule, file.name));
  const mistakes = read.flatMap((each) => ('mistakes' in each ? each.mistakes : []));
  const definitions = read.flatMap((each) => ('definition' in each ? [each.definition] : []));
  const twice = definitions.filter(
    ({ id }, at) => definitions.findIndex((other) => other.id === id) !== at,
  );
  const all = [...mistakes, ...twice.map(({ id }) => `${id}: two rules have this id`)];
  if (all.length > 0) return refuse(file, host, all);
  const rules = definitions.map((definition, at) => ruleOf(definition, at, host));
  const { name, url, sha256 } = file;
  return { name, url, sha256, rules, close: () => host.close() };
}

function refuse({ name }: PluginFile, host: PluginHost, mistakes: readonly string[]): never {
  host.close();
  throw new UsageErrors(
    mistakes.slice(0, mostMistakes).map((each) => `the plug-in ${name}: ${each}`),
  );
}

const mostMistakes = 20;

/** An ordinary rule, whose function asks the thread. What the thread does not decide is unknown, and a problem where it counts. */
function ruleOf(definition: Definition, at: number, host: PluginHost): BinaryRule {
  return {
    ...definition,
    check(facts) {
      const given = host.ask(at, facts);
      return 'verdict' in given
        ? readVerdict(given.verdict, definition)
        : unknown(given.because, [], { undecidedBy: given.by });
    },
  };
}
