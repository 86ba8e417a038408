import { compileGlobs, globOfPath } from '../../base/glob.ts';
import { runtimesAmong } from '../../base/known-runtimes.ts';
import { oncePer } from '../../base/once-per.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import type { TargetReport } from '../../report/report.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import { factAt } from './fact-at.ts';
import { advice, type Fix, type Located } from './fix.ts';

/** Of a package that no distribution and no vendor with a known repository made: the reader may be who did. */
export function claimOf(file: Located): Fix | null {
  const { component } = ownershipOf(file.judged);
  const glob = component === null ? null : globOfPath(component.name);
  const isOfNobodyKnown =
    factAt(file, 'package.maker.by') === 'others' &&
    factAt(file, 'ownership.isDeclared') === undefined;
  if (glob === null || !isOfNobodyKnown) return null;
  return advice(
    `built by you? --yours ${shellQuote(glob)} (yours: in hullcheck.yaml) has the gate count it in full`,
  );
}

/** Of a runtime that lies where its makers put it and that no list has: its users do not build it again to fix it. */
export function disclaimerOf({ target, judged }: Located): Fix | null {
  if (!runtimesIn(target).some((matches) => matches(judged.path))) return null;
  return advice(
    `not built by you? declare it under dependencies: in hullcheck.yaml (hullcheck init writes it), or name the base image: --base IMAGE`,
  );
}

/** Each file of a target asks. */
const runtimesIn = oncePer(({ binaries }: TargetReport) => {
  const own = binaries.filter((binary) => ownershipOf(binary).whose === 'yours');
  return runtimesAmong(own.map(({ path }) => path)).map(({ globs }) => compileGlobs(globs));
});
