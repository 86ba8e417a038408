import { oncePer } from '../base/once-per.ts';
import { judgedOf } from '../report/all-judged.ts';
import { factAt } from '../report/fact-at.ts';
import type { Judged, TargetReport } from '../report/report.ts';
import type { Whose } from '../root/ownership/ownership.ts';

export { factAt };

/** What verdicts are of and where it stands: what selectors and baselines ask about. */
export interface Subject {
  readonly target: TargetReport;
  readonly judged: Judged;
}

/** As much of a subject as says what it came with. */
export interface Owned {
  readonly judged: Pick<Judged, 'facts'>;
}

/** Name without version; null where the file belongs to none or that is not known. */
export function packageOf({ judged }: Owned): string | null {
  const name = factAt(judged, 'package.name');
  return typeof name === 'string' ? name : null;
}

export function subjectsOf(target: TargetReport): readonly Subject[] {
  return judgedOf(target).map((judged) => ({ target, judged }));
}

/** Whose it is. The image as a whole is yours; so is what a report of an older version does not say it of. */
export function whoseOf({ judged }: Subject): Whose {
  return whoseIs(judged.facts);
}

/** Asked of each verdict. */
const whoseIs = oncePer((facts: Judged['facts']): Whose => {
  const whose = factAt({ facts }, 'ownership.whose');
  return whose === 'dependency' || whose === 'distribution' ? whose : 'yours';
});

/** Name of the package or module of a dependency; null if it is not a dependency, or its name is not known. */
export function dependencyOf(subject: Subject): string | null {
  return whoseOf(subject) === 'dependency' ? componentOf(subject) : null;
}

/** Name of the package or module that brought it, whosever that is. */
export function componentOf({ judged }: Owned): string | null {
  const name = factAt(judged, 'ownership.component.name');
  return typeof name === 'string' ? name : null;
}

/** Package URL of what the file came with; null where it came with nothing that is known. */
export function purlOf({ judged }: Subject): string | null {
  const purl = factAt(judged, 'ownership.component.purl') ?? factAt(judged, 'package.purl');
  return typeof purl === 'string' ? purl : null;
}

/** Who looks after the package of the file; null where it belongs to none. */
export function maintainerOf({ judged }: Subject): string | null {
  const maintainer = factAt(judged, 'package.maintainer');
  return typeof maintainer === 'string' ? maintainer : null;
}

/** Whether the binary's layer came with the base image; null where the boundary is not known, and of an image as a whole. */
export function originOf({ target, judged }: Subject): 'base' | 'own' | null {
  return (judged.layer === null ? null : target.layers[judged.layer]?.origin) ?? null;
}

/** GNU's build id in hexadecimal, or Go's; null where there is none. */
export function buildIdOf({ judged }: Subject): string | null {
  const id = factAt(judged, 'buildId.id');
  return typeof id === 'string' ? id : null;
}

/** Package managers whose databases have the distribution's packages and those of others next to each other. */
export const systemEcosystems: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm', 'alpm']);
