import type { RenderOptions } from '../../reporters/reporter.ts';
import type { Surroundings } from '../command.ts';
import { readDockerfile } from '../options/dockerfile-option.ts';
import type { OutputArguments } from '../options/output-options.ts';
import { readRoot, repositoryAt } from '../options/repository-option.ts';

/** Formats whose alerts point to a line of a file. */
export const withPlaces: ReadonlySet<string> = new Set(['sarif', 'github', 'gitlab']);

/** `folder`: of the configuration file; null: there is none. Throws UsageError. */
export function readPlaces(
  { dockerfile: named, sarifRoot }: Pick<OutputArguments, 'dockerfile' | 'sarifRoot'>,
  { cwd, env }: Surroundings,
  folder: string | null,
): Pick<RenderOptions, 'repository' | 'dockerfile'> {
  const rootOf = readRoot(sarifRoot, cwd, env);
  const dockerfile = readDockerfile(named, cwd, folder, rootOf);
  return {
    ...(rootOf === null ? {} : { repository: repositoryAt(cwd, rootOf) }),
    ...(dockerfile === null ? {} : { dockerfile }),
  };
}

/** `explain` has the words of abuild under the name of the distribution. */
export function toolchainOf({
  toolchain,
}: Pick<OutputArguments, 'toolchain'>): RenderOptions['toolchain'] {
  return toolchain === 'alpine' ? 'abuild' : (toolchain ?? null);
}
