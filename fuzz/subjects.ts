import type { Random } from './random.ts';
import { randomFrom } from './random.ts';
import type { FuzzInput, Subject } from './subject.ts';
import compression from './subjects/compression.ts';
import configuration from './subjects/configuration.ts';
import elf from './subjects/elf.ts';
import { fileSystems } from './subjects/file-systems.ts';
import image from './subjects/image.ts';
import nested from './subjects/nested.ts';
import packages from './subjects/package.ts';
import packageFormats from './subjects/package-formats.ts';
import report from './subjects/report.ts';
import root from './subjects/root-texts.ts';
import tar from './subjects/tar.ts';

export const subjects: readonly Subject[] = [
  elf,
  tar,
  compression,
  image,
  packages,
  root,
  configuration,
  report,
  ...fileSystems,
  ...packageFormats,
  nested,
];

export interface FuzzCase {
  readonly subject: Subject;
  readonly input: FuzzInput;
}

/** The run of a seed: which subject, and what it is given. `only` keeps to one subject. */
export async function caseOf(seed: number, only: string | null = null): Promise<FuzzCase> {
  const random = randomFrom(seed);
  const subject = subjects.find(({ name }) => name === only) ?? drawn(random);
  return { subject, input: await subject.make(random) };
}

function drawn(random: Random): Subject {
  const all = subjects.flatMap((subject) => Array<Subject>(subject.weight).fill(subject));
  const subject = random.any(all);
  if (subject === undefined) throw new Error('there are no subjects');
  return subject;
}
