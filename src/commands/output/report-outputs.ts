import { UsageError } from '../../base/errors.ts';
import type { Rule } from '../../judge/rule.ts';
import type { Report } from '../../report/report.ts';
import { reporters } from '../../reporters/index.ts';
import type { RenderOptions } from '../../reporters/reporter.ts';
import type { Surroundings } from '../command.ts';
import {
  type Destination,
  type OutputArguments,
  readDestinations,
  readLocation,
} from '../options/output-options.ts';
import { readPlaces, toolchainOf, withPlaces } from './alert-places.ts';
import type { Pieces } from './output-file.ts';
import { lookAt } from './terminal-look.ts';
import { writeOutput } from './write-output.ts';

export interface ReportOutputs {
  readonly useStdout: boolean;
  /** Everything besides report and rules that decides the text of each output. Plain data. */
  readonly looks: readonly Look[];
  /**
   * Writes every output. Returns their texts if they have at most `mostKept` characters together, else null.
   * Throws UsageError when a file cannot be written.
   */
  write(
    report: Report,
    rules: readonly Rule[],
    mostKept?: number,
  ): Promise<readonly string[] | null>;
  /** Writes texts that were rendered before, one for each output. */
  writeTexts(texts: readonly Buffer[]): Promise<void>;
}

export interface Look extends Omit<RenderOptions, 'rules'> {
  readonly format: string;
}

/** Checks formats and files before any work is done. Throws UsageError. */
export function prepareOutputs(
  args: OutputArguments,
  surroundings: Surroundings,
  /** Folder of the configuration file; null: there is none. */
  folder: string | null = null,
): ReportOutputs {
  const destinations = readDestinations(
    args.output ?? ['text'],
    surroundings.cwd,
    Object.keys(reporters),
  );
  if (args.explainGate && !destinations.some(({ format }) => format === 'text'))
    throw new UsageError('--explain-gate requires the text format: add -o text');
  if (args.facts && !destinations.some(({ format }) => withFacts.has(format)))
    throw new UsageError('--facts requires the json or jsonl format: add -o json=FILE');
  const needsPlaces = destinations.some(({ format }) => withPlaces.has(format));
  const places = needsPlaces ? readPlaces(args, surroundings, folder) : {};
  const looks = destinations.map((each) => ({
    ...lookOf(each, args, surroundings),
    ...(withPlaces.has(each.format) ? places : {}),
  }));
  const writeOne = (at: number, pieces: Pieces) =>
    writeOutput(destinations[at]?.path ?? null, pieces, surroundings);
  return {
    useStdout: destinations.some(({ path }) => path === null),
    looks,
    async write(report, rules, mostKept = 0) {
      const keeper = textKeeper(mostKept);
      for (const [at, look] of looks.entries()) {
        const reporter = await reporters[look.format]?.();
        if (reporter === undefined) throw new Error(`no reporter is registered as ${look.format}`);
        await writeOne(at, keeper.pass(reporter.render(report, { ...look, rules })));
      }
      return keeper.texts();
    },
    async writeTexts(texts) {
      for (const [at, text] of texts.entries()) await writeOne(at, text);
    },
  };
}

const withFacts: ReadonlySet<string> = new Set(['json', 'jsonl']);

function lookOf(
  { format, path }: Destination,
  { all, sarifSuppressions, sarifLocation, ...args }: OutputArguments,
  surroundings: Surroundings,
): Look {
  const alertLocation = readLocation(sarifLocation);
  const { verbose, packages, groupBy, explainGate, facts } = args;
  return {
    format,
    ...lookAt(path, surroundings),
    all,
    verbose,
    packages,
    groupBy: groupBy ?? null,
    ...(explainGate && format === 'text' ? { explainGate } : {}),
    ...(facts && withFacts.has(format) ? { facts } : {}),
    toolchain: toolchainOf(args),
    suppressions: sarifSuppressions,
    alertLocation,
  };
}

/** Keeps a copy of the texts until they exceed the limit. */
function textKeeper(most: number) {
  const texts: string[] = [];
  let left = most;
  return {
    *pass(pieces: Iterable<string>): Generator<string> {
      let text = '';
      for (const piece of pieces) {
        left -= piece.length;
        text = left < 0 ? '' : text + piece;
        yield piece;
      }
      texts.push(text);
    },
    texts: () => (left < 0 ? null : texts),
  };
}
