import { lastingPackage } from '../identity/alike.ts';
import { lastingName } from '../identity/lasting-name.ts';
import type { LastingPaths } from '../identity/lasting-path.ts';
import { factAt, packageOf, type Subject } from '../policy/subject.ts';

/** What makes two files look like releases of one, as keys: file name and soname without versions, and the package. */
export function likenessesOf(subject: Subject, pathsOf: LastingPaths): readonly string[] {
  const { judged } = subject;
  const soname = factAt(judged, 'soname');
  const brought = factAt(judged, 'ownership.component.group') ?? packageOf(subject);
  return [
    `name ${stemOf(pathsOf(judged.path).file)}`,
    ...(typeof soname === 'string' ? [`soname ${lastingName(soname).key}`] : []),
    ...(typeof brought === 'string' ? [`package ${lastingPackage(brought)}`] : []),
  ];
}

/** An object that takes the place of a program or library has its name, with another ending. */
function stemOf(file: string): string {
  return file.replace(/\.(?:o|so|a)$/, '');
}
