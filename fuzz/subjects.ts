import type { Subject } from './subject.ts';
import behind from './subjects/behind.ts';
import compression from './subjects/compression.ts';
import configuration from './subjects/configuration.ts';
import debugFile from './subjects/debug-file.ts';
import document from './subjects/document.ts';
import elf from './subjects/elf.ts';
import { fileSystems } from './subjects/file-systems.ts';
import image from './subjects/image.ts';
import nested from './subjects/nested.ts';
import { packages } from './subjects/package.ts';
import report from './subjects/report.ts';
import root from './subjects/root-texts.ts';
import tar from './subjects/tar.ts';
import unread from './subjects/unread.ts';

export const subjects: readonly Subject[] = [
  elf,
  debugFile,
  tar,
  compression,
  document,
  image,
  root,
  configuration,
  report,
  ...fileSystems,
  ...packages,
  nested,
  behind,
  unread,
];

/** Throws an error that lists the names. */
export function subjectNamed(name: string): Subject {
  const subject = subjects.find((one) => one.name === name);
  if (subject !== undefined) return subject;
  const names = subjects.map((one) => one.name).join(', ');
  throw new Error(`${name} is not a subject, expected one of ${names}`);
}
