import { DamagedInput } from '../../base/errors.ts';
import { problemOf } from '../../base/problem-of.ts';
import type { FileInput } from '../input/input.ts';
import type { Layer, PackageControl, Target } from '../source.ts';

/** What a package says of itself; '' where it says nothing. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of a package of a distribution: who built it, and of what. */
  readonly control?: PackageControl;
}

/**
 * A package is one layer. It is called as it calls itself (`busybox 1.36.1-r29 (x86_64)`), and by its path when that
 * cannot be read, which is then a problem of it. `identify` gives null for a package that has no name of its own.
 */
export async function packageTarget(
  input: FileInput,
  scheme: string,
  identify: () => Promise<Identity | null>,
  entries: Layer['entries'],
): Promise<Target> {
  const { problems, ...identity } = await named(input, identify);
  return {
    ...identity,
    scheme,
    kind: 'package',
    digest: null,
    platform: null,
    config: null,
    layers: [
      {
        digest: null,
        diffId: null,
        size: input.file.size,
        createdBy: null,
        origin: null,
        isThere: async () => true,
        entries,
        opensLibraries: true,
      },
    ],
    problems,
  };
}

async function named(
  input: FileInput,
  identify: () => Promise<Identity | null>,
): Promise<Pick<Target, 'name' | 'namedBy' | 'control' | 'problems'>> {
  try {
    const identity = await identify();
    const control = identity?.control;
    const own = nameOf(identity);
    const named = own === '' ? { name: input.name } : { name: own, namedBy: 'content' as const };
    return { ...named, ...(control === undefined ? {} : { control }), problems: [] };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { name: input.name, problems: [problemOf(error, 'metadata')] };
  }
}

function nameOf(identity: Identity | null): string {
  if (identity === null || identity.name === '') return '';
  const { name, version, architecture } = identity;
  return [name, version, architecture && `(${architecture})`].filter(Boolean).join(' ');
}
