import type { Judged, TargetReport } from '../../report/report.ts';
import { isSaidByUser } from '../image-name.ts';
import type { Selector } from '../policy.ts';
import { factAt, packageOf, type Subject, systemEcosystems, whoseOf } from '../subject.ts';
import type { Word } from './words.ts';

/** What says that a file is of others; null: it is yours, or the user says so. */
export function wordOfOwner(subject: Subject): Word | null {
  const { judged } = subject;
  if (factAt(judged, 'ownership.isDeclared') === true) return null;
  return whoseOf(subject) === 'yours' ? null : wordOfPackage(judged);
}

/** What says which package or module a file came with. */
export function wordOfPackage(judged: Pick<Judged, 'facts'>): Word | null {
  if (factAt(judged, 'ownership.byPathAlone') === true) return 'package-paths';
  const isOfSystem = systemEcosystems.has(String(factAt(judged, 'ownership.component.ecosystem')));
  if (isOfSystem || packageOf({ judged }) !== null) return 'package-database';
  if (factAt(judged, 'ownership.isDeclared') === true) return null;
  return 'language-packages';
}

/** What says where the base image ends: null: the user does, `unknown`: nothing. */
export function wordOfLayers({ base }: Pick<TargetReport, 'base'>): Word | 'unknown' | null {
  switch (base?.how ?? null) {
    case null:
      return 'unknown';
    case 'named':
      return null;
    case 'builder':
    case 'command':
      return 'history';
    default:
      return 'labels';
  }
}

/** Many waivers name paths and digests alone, which nobody's word is needed for. */
function isPlain(selector: Selector): boolean {
  for (const name in selector) if (name !== 'path' && name !== 'digest') return false;
  return true;
}

/** On what it rests that a selector matches a file that it does match. Layers are asked about apart. */
export function wordsOfMatch(selector: Selector, subject: Subject): readonly Word[] {
  const { package: packages, purl, maintainer, whose, buildId, os, promised, image } = selector;
  if (isPlain(selector)) return [];
  const found = new Set<Word | null>();
  if (packages !== undefined || purl !== undefined || maintainer !== undefined)
    found.add(wordOfPackage(subject.judged));
  if (whose !== undefined) found.add(wordOfOwner(subject));
  if (promised !== undefined) found.add(wordOfPackage(subject.judged));
  if (buildId !== undefined) found.add('build-id');
  if (os !== undefined) found.add('os-release');
  if (image !== undefined && !isSaidByUser(subject.target)) found.add('name');
  return [...found].filter((word) => word !== null);
}
