import type { Entry, EntryWalk } from '../archive/entry.ts';
import { zipEntries } from '../archive/zip/zip.ts';
import { readZipDirectory } from '../archive/zip/zip-directory.ts';
import { findZipEnd, hasZipInFront, zipEndOf } from '../archive/zip/zip-end.ts';
import { DamagedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { problemOf } from '../base/problem-of.ts';
import { printableName } from '../base/text.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { runtimeOf } from './nested/program-in-front.ts';
import { identityOfControl, readWhole } from './packages/package-metadata.ts';
import { type Identity, packageTarget } from './packages/package-target.ts';
import type { Source, Target } from './source.ts';

const scheme = 'zip';

/** An archive is found by its end: a script or a program that unpacks it may stand in front of it. */
export default {
  scheme,
  summary: 'a zip archive: a Python wheel, a Java archive, also after a script or a program',
  recognised: 'it begins with `PK`, or an archive is found from its end',
  opens: 'packages',
  endings: ['zip', 'whl', 'jar'],
  async claims(input) {
    if (input.kind !== 'file') return 'no';
    if (input.format === scheme) return 'likely';
    if (input.format !== 'elf' && input.format !== 'unknown') return 'no';
    if ((await findZipEnd(input.file)) === null) return 'no';
    // The program in front is judged with it.
    return input.format === 'elf' ? 'certain' : 'likely';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (input.format !== scheme && (await findZipEnd(input.file)) === null)
      throw notThis(input, 'a zip archive');
    const { limits } = options;
    const entries = (report: (problem: Problem) => void) => walk(input, limits, report);
    const identify = () => identifyWheel(input, limits);
    const target: Target = await packageTarget(input, scheme, identify, entries);
    return [{ ...target, problems: [...target.problems, ...(await around(input, limits))] }];
  },
} satisfies Source;

/** Parts that no reader of the archive uses. Its reader reports damage. */
async function around(input: FileInput, limits: Limits): Promise<readonly Problem[]> {
  const { name, file } = input;
  try {
    const { behind } = await zipEndOf(file);
    const front = await beginningOfZip(input, limits);
    const problems: Problem[] = [];
    if (behind > 0)
      problems.push({
        kind: 'notice',
        where: name,
        message: `${behind} bytes behind the zip archive were not read`,
      });
    if (front > 0 && (await hasZipInFront(file, front)))
      problems.push({
        kind: 'unsupported',
        where: name,
        message: `entries of another zip archive stand in the ${front} bytes in front of this one, and were not read`,
      });
    return problems;
  } catch (error) {
    if (error instanceof DamagedInput) return [];
    throw error;
  }
}

/** Entries do not depend on each other, so damage in one is reported and the walk goes on. */
async function* walk(
  input: FileInput,
  limits: Limits,
  report: (problem: Problem) => void,
): EntryWalk {
  const { file, format } = input;
  const refuse = (name: string, message: string) =>
    report({ kind: 'unsupported', where: printableName(`/${name}`), message });
  if (format === 'elf') yield runtimeOf(input, await beginningOfZip(input, limits));
  for await (const entry of zipEntries(file, limits, refuse)) {
    yield { ...entry, body: () => bodyOrReport(entry, report) };
  }
}

async function beginningOfZip({ file }: FileInput, limits: Limits): Promise<number> {
  const records = await readZipDirectory(file, limits);
  const first = records.reduce((least, { offset }) => Math.min(least, offset), file.size);
  return Math.max(first, 0);
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

/** Names of a wheel are those of its metadata (Python's binary distribution format). null: this is not a wheel. */
async function identifyWheel({ file }: FileInput, limits: Limits): Promise<Identity | null> {
  for await (const entry of zipEntries(file, limits, () => {})) {
    if (/^[^/]+\.dist-info\/METADATA$/.test(entry.path))
      return identityOfControl(await readWhole(entry, limits));
  }
  return null;
}
