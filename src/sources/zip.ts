import type { Entry, EntryWalk } from '../archive/entry.ts';
import { zipEntries } from '../archive/zip.ts';
import { DamagedInput } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { problemOf } from '../problem-of.ts';
import { printableName } from '../text.ts';
import { expectFormat } from './claim.ts';
import type { FileInput } from './input.ts';
import { identityOfControl, readWhole } from './package-metadata.ts';
import { type Identity, packageTarget } from './package-target.ts';
import type { Source } from './source.ts';

const scheme = 'zip';

export default {
  scheme,
  summary: 'a zip archive: a Python wheel, a Java archive',
  async claims(input) {
    return input.kind === 'file' && input.format === scheme ? 'likely' : 'no';
  },
  async open(given, options) {
    const input = expectFormat(given, options, scheme, 'a zip archive');
    const { limits } = options;
    const entries = (report: (problem: Problem) => void) => walk(input, limits, report);
    return [await packageTarget(input, scheme, () => identifyWheel(input, limits), entries)];
  },
} satisfies Source;

/** Entries do not depend on each other, so damage in one is reported and the walk goes on. */
async function* walk(
  { file }: FileInput,
  limits: Limits,
  report: (problem: Problem) => void,
): EntryWalk {
  const refuse = (name: string, message: string) =>
    report({ kind: 'unsupported', where: printableName(`/${name}`), message });
  for await (const entry of zipEntries(file, limits, refuse)) {
    yield { ...entry, body: () => bodyOrReport(entry, report) };
  }
}

async function* bodyOrReport(
  entry: Entry,
  report: (problem: Problem) => void,
): AsyncIterable<Buffer> {
  try {
    yield* entry.body();
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    report(problemOf(error, printableName(`/${entry.path}`)));
  }
}

/** Names of a wheel are those of its metadata (Python's binary distribution format). null: this is no wheel. */
async function identifyWheel({ file }: FileInput, limits: Limits): Promise<Identity | null> {
  for await (const entry of zipEntries(file, limits, () => {})) {
    if (/^[^/]+\.dist-info\/METADATA$/.test(entry.path))
      return identityOfControl(await readWhole(entry, limits));
  }
  return null;
}
