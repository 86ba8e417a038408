import { type Fact, known } from '../fact.ts';
import type { BinaryReport, TargetReport } from '../report.ts';
import type { Ownership } from '../root/ownership/ownership.ts';
import type { DeclaredDependency } from './policy.ts';
import { compileSelector, whyNothing } from './select.ts';
import { whoseOf } from './subject.ts';

export interface Declared {
  readonly targets: readonly TargetReport[];
  /** Sentences: which declarations match nothing. */
  readonly notices: readonly string[];
}

/**
 * Makes dependencies of what the configuration declares as such, where nothing else is known of a file. The first
 * declaration that matches counts.
 */
export function applyDeclared(
  targets: readonly TargetReport[],
  dependencies: readonly DeclaredDependency[],
): Declared {
  if (dependencies.length === 0) return { targets, notices: [] };
  const entries = dependencies.map((declared) => ({
    declared,
    matches: compileSelector(declared.where),
    matched: 0,
  }));
  const changed = targets.map((target) => ({
    ...target,
    binaries: target.binaries.map((binary) => {
      const subject = { target, judged: binary };
      if (whoseOf(subject) !== 'yours') return binary;
      const found = entries.find(({ matches }) => matches(subject));
      if (found === undefined) return binary;
      found.matched += 1;
      return ownedAs(binary, found.declared);
    }),
  }));
  const notices = entries
    .filter(({ matched }) => matched === 0)
    .map(
      ({ declared: { name, origin, where } }) =>
        `the dependency ${name} at ${origin} matches no file of yours: ${whyNothing(where)}`,
    );
  return { targets: changed, notices };
}

function ownedAs(binary: BinaryReport, declared: DeclaredDependency): BinaryReport {
  const { name, version, reason, origin } = declared;
  const purl = `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  const ownership: Fact<Ownership> = known({
    whose: 'dependency',
    component: { ecosystem: 'generic', name, version, purl, group: name },
    because: `${origin} declares it: ${reason}`,
  });
  return { ...binary, facts: { ...binary.facts, ownership } };
}
