import type { Argv, Options } from 'yargs';
import { reporters } from '../../reporters/index.ts';
import type { Command, Surroundings } from '../command.ts';

export interface DeclaredCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly DeclaredOption[];
}

export interface DeclaredOption {
  /** Without dashes. */
  readonly name: string;
  /** One letter; null: it has none. */
  readonly short: string | null;
  readonly describe: string;
  readonly takesValue: boolean;
  /** Empty: any value, or a file. */
  readonly values: readonly string[];
}

/** What commands declare to yargs. Hidden options are left out. */
export async function declaredCommands(
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<readonly DeclaredCommand[]> {
  const { ruleIds } = await import('../../../rules/ids.ts');
  return commands.map((command) => {
    const options: DeclaredOption[] = [];
    const add = (name: string, declared: Options) => {
      if (declared.hidden !== true) options.push(optionOf(name, declared, ruleIds));
    };
    command.register(recorderOf(add), surroundings, () => {});
    return { name: command.name, summary: command.summary, options };
  });
}

/** Stands for yargs: every method returns it, and a command describes itself to it. */
function recorderOf(add: (name: string, declared: Options) => void): Argv {
  // It has what commands call of the many methods of yargs.
  const recorder = new Proxy({} as Argv, {
    get:
      (_, method) =>
      (...words: readonly never[]) => {
        const [name, declared, describe] = words;
        if (method === 'option' && name !== undefined && declared !== undefined)
          add(name, declared);
        if (method === 'command' && describe !== undefined) called(describe, recorder);
        return recorder;
      },
  });
  return recorder;
}

function called(describe: (parser: Argv) => unknown, parser: Argv): void {
  describe(parser);
}

function optionOf(name: string, declared: Options, ruleIds: readonly string[]): DeclaredOption {
  const { alias, boolean, choices = [], describe = '' } = declared;
  const names: Readonly<Record<string, readonly string[]>> = {
    rule: ruleIds,
    output: Object.keys(reporters),
    'fail-on': ['critical', 'high', 'medium', 'low', 'note', 'none'],
    'gate-of': ['yours', 'dependencies', 'all'],
  };
  const values = choices.length > 0 ? choices.map(String) : (names[name] ?? []);
  return {
    name,
    short: typeof alias === 'string' && alias.length === 1 ? alias : null,
    describe,
    takesValue: boolean !== true,
    values,
  };
}
