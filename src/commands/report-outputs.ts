// supporting: how a report leaves the process
import type { Report } from '../report.ts';
import type { Rule } from '../rule.ts';
import type { Surroundings } from './command.ts';
import { inChunks, writeOutputFile } from './output-file.ts';
import { type OutputArguments, readDestinations, readLocation } from './output-options.ts';
import { terminalLook } from './terminal-look.ts';

export interface ReportOutputs {
  readonly useStdout: boolean;
  /** Writes every output. Throws UsageError when a file cannot be written. */
  write(report: Report, rules: readonly Rule[]): Promise<void>;
}

/** Settles formats, files and looks before any work is done. Throws UsageError. */
export async function prepareOutputs(
  args: OutputArguments,
  surroundings: Surroundings,
): Promise<ReportOutputs> {
  const { stdout, cwd } = surroundings;
  const destinations = await readDestinations(args.output ?? ['text'], cwd);
  const alertLocation = readLocation(args.sarifLocation);
  return {
    useStdout: destinations.some(({ path }) => path === null),
    async write(report, rules) {
      const common = { all: args.all, suppressions: args.sarifSuppressions, rules, alertLocation };
      for (const { reporter, path } of destinations) {
        if (path !== null) {
          await writeOutputFile(
            path,
            reporter.render(report, { ...common, color: false, width: 80 }),
          );
          continue;
        }
        const pieces = reporter.render(report, { ...common, ...terminalLook(surroundings) });
        for (const chunk of inChunks(pieces)) await stdout.write(chunk);
      }
    },
  };
}
