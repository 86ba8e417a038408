import { type Severity, severities } from '../base/verdict.ts';
import type { RootFacts } from '../root/root-facts.ts';
import type { Rule } from './rule.ts';

/** What exposure adds to the severity of a failed rule. Of several lines the one that raises most counts. */
const weights: readonly Weight[] = [
  {
    // Users who run it get more rights than they have: the shortest way from a mistake to root.
    name: 'setuid, setgid or file capabilities',
    applies: ({ exposure }) => exposure?.known === true && exposure.value.privileged,
    steps: 1,
    most: 'critical',
  },
  {
    // What the image is for: it meets the input that comes from outside. A program that is as the distribution built it
    // (/bin/sh as CMD) weighs what it weighs in every image of that distribution: nobody who makes the image can change
    // it. An image that forges the database of its packages gains no more than this step.
    name: 'started by ENTRYPOINT or CMD',
    applies: ({ exposure, package: owner }) =>
      exposure?.known === true &&
      (exposure.value.reached?.how === 'started' || exposure.value.reached?.how === 'named') &&
      !(owner?.known === true && owner.value?.maker.by === 'distribution'),
    steps: 1,
    most: 'high',
  },
];

interface Weight {
  readonly name: string;
  readonly applies: (facts: Weighed) => boolean;
  readonly steps: number;
  /** Not raised past this. */
  readonly most: Severity;
}

/** A saved report has what is known of them. */
type Weighed = { readonly [Name in 'exposure' | 'package']?: RootFacts[Name] | null };

/** The severity of a failed rule for one binary. A note stays one: it says nothing of a weakness. */
export function weighSeverity(severity: Severity, facts: Weighed): Severity {
  return raisedBy(
    severity,
    weights.filter(({ applies }) => applies(facts)),
  );
}

function raisedBy(severity: Severity, applying: readonly Weight[]): Severity {
  if (severity === 'note') return severity;
  const from = severities.indexOf(severity);
  const raised = applying.map(({ steps, most }) =>
    Math.min(from, Math.max(from - steps, severities.indexOf(most))),
  );
  return severities[Math.min(from, ...raised)] ?? severity;
}

/** By rule: what a verdict of it can weigh before any policy. */
export type PossibleSeverities = ReadonlyMap<string, ReadonlySet<Severity>>;

type Declared = Pick<Rule, 'id' | 'severity' | 'otherSeverities'>;

/** For binaries with these facts; null: for what is not weighed by exposure. */
export function createPossibleSeverities(
  rules: readonly Declared[],
): (facts: Weighed | null, mayFail: boolean) => PossibleSeverities {
  const known = new Map<string, PossibleSeverities>();
  return (facts, mayFail) => {
    const applying = facts === null ? [] : weights.filter(({ applies }) => applies(facts));
    const key = `${mayFail} ${applying.map(({ name }) => name).join()}`;
    const found = known.get(key) ?? possibleOf(rules, applying, mayFail);
    known.set(key, found);
    return found;
  };
}

/** A file that nothing can load keeps what the failure weighed. */
function possibleOf(
  rules: readonly Declared[],
  applying: readonly Weight[],
  mayFail: boolean,
): PossibleSeverities {
  return new Map(
    rules.map(({ id, severity, otherSeverities = [] }) => {
      const declared = [severity, ...otherSeverities];
      const weighed = declared.map((each) => raisedBy(each, applying));
      return [id, new Set(mayFail ? weighed : [...declared, ...weighed])];
    }),
  );
}
