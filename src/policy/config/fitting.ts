import { compileGlobs, globOfPath } from '../../base/glob.ts';
import { runtimesAmong } from '../../base/known-runtimes.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { BinaryReport, Report } from '../../report/report.ts';
import { componentOf, dependencyOf, factAt, originOf, type Subject, whoseOf } from '../subject.ts';

export interface ProposedDependency {
  readonly name: string;
  readonly version: string;
  readonly path: readonly string[];
  readonly reason: string;
  /** Digests say that it came with an image that somebody else made. A name and a place are for a person to judge. */
  readonly isVouched: boolean;
}

export interface ProposedClaim {
  readonly package: readonly string[];
  readonly reason: string;
}

export interface ProposedWaiver {
  readonly rule: string;
  readonly package: string;
  readonly reason: string;
}

/** Files of yours that no list has and that others built: runtimes by where they lie, and what the base image brought. */
export function proposedDependencies({ targets }: Report): readonly ProposedDependency[] {
  const subjects = targets.flatMap((target) =>
    target.binaries
      .map((judged) => ({ target, judged }))
      .filter((each) => whoseOf(each) === 'yours'),
  );
  const runtimes = runtimesIn(subjects);
  const matches = compileGlobs(runtimes.flatMap(({ path }) => path));
  const rest = subjects.filter(
    (subject) => originOf(subject) === 'base' && !matches(subject.judged.path),
  );
  return [...runtimes, ...ofBase(rest)];
}

/**
 * Packages that no distribution and no vendor with a known repository made, and wheels and modules that are of no public index, where
 * they were installed on top of the base image: as an own one is.
 */
export function proposedClaims({ targets }: Report): readonly ProposedClaim[] {
  const found = new Map<string, ProposedClaim>();
  for (const target of targets)
    for (const judged of target.binaries) {
      const subject = { target, judged };
      if (whoseOf(subject) !== 'dependency' || originOf(subject) === 'base') continue;
      const named = ofOwnPackage(subject) ?? ofOwnModule(subject);
      const glob = named === null ? null : globOfPath(named.name);
      if (named === null || glob === null) continue;
      found.set(named.name, { package: [glob], reason: named.reason });
    }
  return [...found.values()];
}

interface Named {
  readonly name: string;
  readonly reason: string;
}

function ofOwnPackage({ judged }: Subject): Named | null {
  const name = factAt(judged, 'package.name');
  if (factAt(judged, 'package.maker.by') !== 'others' || typeof name !== 'string') return null;
  return { name, reason: `not the distribution's: ${factAt(judged, 'package.maker.because')}` };
}

function ofOwnModule(subject: Subject): Named | null {
  const name = componentOf(subject);
  const reason = factAt(subject.judged, 'ownership.component.mayBeOwn');
  return name === null || typeof reason !== 'string' ? null : { name, reason };
}

/**
 * Wheels and modules without a known origin: no list distinguishes those of a private index from those of the public
 * one.
 */
export function mutePackages({ targets }: Report): readonly string[] {
  const names = targets.flatMap((target) =>
    target.binaries.flatMap((judged) => {
      const subject = { target, judged };
      const ecosystem = String(factAt(judged, 'ownership.component.ecosystem'));
      const isMute = mute.has(ecosystem) && ofOwnModule(subject) === null;
      return isMute && originOf(subject) !== 'base' ? (dependencyOf(subject) ?? []) : [];
    }),
  );
  return [...new Set(names)].toSorted();
}

const mute: ReadonlySet<string> = new Set(['conda', 'gem', 'npm', 'pypi']);

type Own = Subject & { readonly judged: BinaryReport };

function runtimesIn(subjects: readonly Own[]): readonly ProposedDependency[] {
  const found = runtimesAmong(subjects.map(({ judged }) => judged.path));
  return found.map(({ name, version, builtBy, globs }) => {
    const matches = compileGlobs(globs);
    return {
      name,
      version,
      path: globs,
      reason: `${name} is built by ${builtBy}`,
      isVouched: subjects.filter(({ judged }) => matches(judged.path)).every(isOfKnownBase),
    };
  });
}

/** Layers are compared with those of an image that lies alongside it, or that the user names; a history is written by anybody. */
function isOfKnownBase(subject: Subject): boolean {
  const how = subject.target.base?.how ?? null;
  return originOf(subject) === 'base' && (how === 'named' || how === 'annotation');
}

/** More than these are not listed one by one. */
const mostOfBase = 20;

function ofBase(rest: readonly Own[]): readonly ProposedDependency[] {
  const globs = rest.flatMap(({ judged }) => globOfPath(judged.path) ?? []);
  const [first] = rest;
  if (first === undefined || globs.length > mostOfBase) return [];
  const name = first.target.base?.name ?? 'base image';
  return [
    {
      name,
      version: '',
      path: globs,
      reason: 'the base image brought it',
      isVouched: rest.every(isOfKnownBase),
    },
  ];
}

/** What may be accepted of a dependency for a while; that it does not start is for nobody to accept unseen. */
const waivable: ReadonlySet<string> = new Set([
  'no-writable-code',
  'non-executable-stack',
  'safe-run-path',
]);

/** Of dependencies that are named: findings that break the gate and that only their makers can fix. */
export function proposedWaivers(report: Report): readonly ProposedWaiver[] {
  const found = new Map<string, ProposedWaiver>();
  for (const target of report.targets)
    for (const judged of judgedOf(target)) {
      const name = dependencyOf({ target, judged });
      if (name === null) continue;
      for (const verdict of judged.verdicts) {
        if (!waivable.has(verdict.rule) || !breaksGate(gateOfTarget(target, report), verdict))
          continue;
        const glob = globOfPath(name);
        if (glob === null) continue;
        found.set(`${verdict.rule}\0${name}`, {
          rule: verdict.rule,
          package: glob,
          reason: `others build ${name}, and its next version may have it fixed: ${verdict.message}`,
        });
      }
    }
  return [...found.values()];
}

/** Without a system, and with nothing that needs one, the profile `static` requires more. */
export function isAllStatic({ targets }: Report): boolean {
  const binaries = targets.flatMap((target) => target.binaries);
  const isBare = targets.every(({ os, kind }) => os === null && kind === 'image');
  return isBare && binaries.length > 0 && binaries.every(isStatic);
}

function isStatic(binary: BinaryReport): boolean {
  const kind = factAt(binary, 'kind.kind');
  return kind === 'static-executable' || kind === 'static-pie';
}
