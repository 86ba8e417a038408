import { type Severity, severities } from '../base/verdict.ts';
import type { RootFacts } from '../root/root-facts.ts';

/** What exposure adds to the severity of a failed rule. Of several lines the one that raises most counts. */
const weights: readonly {
  readonly name: string;
  readonly applies: (facts: Weighed) => boolean;
  readonly steps: number;
  /** Not raised past this. */
  readonly most: Severity;
}[] = [
  {
    // Users who run it get more rights than they have: the shortest way from a mistake to root.
    name: 'setuid, setgid or file capabilities',
    applies: ({ exposure }) => exposure.known && exposure.value.privileged,
    steps: 1,
    most: 'critical',
  },
  {
    // What the image is for: it meets the input that comes from outside. A program that is as the distribution built it
    // (/bin/sh as CMD) weighs what it weighs in every image of that distribution: nobody who makes the image can change
    // it. An image that forges the database of its packages gains no more than this step.
    name: 'started by ENTRYPOINT or CMD',
    applies: ({ exposure, package: owner }) =>
      exposure.known &&
      (exposure.value.reached?.how === 'started' || exposure.value.reached?.how === 'named') &&
      !(owner.known && owner.value?.maker.by === 'distribution'),
    steps: 1,
    most: 'high',
  },
];

type Weighed = Pick<RootFacts, 'exposure' | 'package'>;

/** The severity of a failed rule for one binary. A note stays one: it says nothing of a weakness. */
export function weighSeverity(severity: Severity, facts: Weighed): Severity {
  if (severity === 'note') return severity;
  const raised = weights
    .filter(({ applies }) => applies(facts))
    .map(({ steps, most }) => {
      const from = severities.indexOf(severity);
      return Math.min(from, Math.max(from - steps, severities.indexOf(most)));
    });
  return severities[Math.min(severities.indexOf(severity), ...raised)] ?? severity;
}
