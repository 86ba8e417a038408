import type { Compared, DiffLook } from '../../diff/formats/diff-format.ts';
import { diffFormats } from '../../diff/formats/index.ts';
import type { Surroundings } from '../command.ts';
import {
  type DiffOutputArguments,
  readDestinations,
  readLocation,
} from '../options/output-options.ts';
import { readPlaces, toolchainOf, withPlaces } from './alert-places.ts';
import { lookAt } from './terminal-look.ts';
import { writeOutput } from './write-output.ts';

export interface DiffOutputs {
  readonly useStdout: boolean;
  /** Writes every output. Throws UsageError when a file cannot be written. */
  write(compared: Compared, rules: DiffLook['rules']): Promise<void>;
}

/**
 * Checks formats and files before any work is done. `folder`: of the configuration file; null: there is none. Throws
 * UsageError.
 */
export function prepareDiffOutputs(
  args: DiffOutputArguments,
  surroundings: Surroundings,
  folder: string | null,
): DiffOutputs {
  const { output = ['text'], all, sarifLocation, sarifAbsent } = args;
  const destinations = readDestinations(output, surroundings.cwd, Object.keys(diffFormats));
  const needsPlaces = destinations.some(({ format }) => withPlaces.has(format));
  const places = needsPlaces ? readPlaces(args, surroundings, folder) : {};
  const look = {
    all,
    toolchain: toolchainOf(args),
    alertLocation: readLocation(sarifLocation),
    absent: sarifAbsent,
    ...places,
  };
  return {
    useStdout: destinations.some(({ path }) => path === null),
    async write(compared, rules) {
      for (const { format, path } of destinations) {
        const writer = await diffFormats[format]?.();
        if (writer === undefined) throw new Error(`no format of a diff is registered as ${format}`);
        const pieces = writer.render(compared, { ...look, ...lookAt(path, surroundings), rules });
        await writeOutput(path, pieces, surroundings);
      }
    },
  };
}
