import { listed } from '../base/amount.ts';
import { isIncomplete } from '../base/problem.ts';
import { describeGaps } from '../policy/gate.ts';
import { isSaidByUser } from '../policy/image-name.ts';
import { platformsGap } from '../policy/other-platforms.ts';
import type { GateConditions } from '../policy/policy.ts';
import { isAccepted } from '../policy/words/words.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { pairBinaries } from './pair-binaries.ts';
import { pairTargets } from './pair-targets.ts';

export interface Unpaired {
  /** Sentences: nobody knows whether these got worse. */
  readonly uncompared: readonly string[];
  /** Sentences for a reader. */
  readonly notices: readonly string[];
}

/** What has nothing to be compared with, on either side. */
export function unpairedOf(
  [old, fresh]: readonly [Report, Report],
  gateFor: (target: TargetReport) => GateConditions,
): Unpaired {
  const pairs = pairTargets(old.targets, fresh.targets);
  const gone = pairs.flatMap((pair) => (pair.new === undefined && pair.old ? [pair.old] : []));
  const added = pairs.flatMap((pair) => (pair.old === undefined && pair.new ? [pair.new] : []));
  const others = pairs.flatMap(({ old: was, new: is }) =>
    was?.platform && is?.platform && was.platform !== is.platform
      ? [`${is.name} is of ${is.platform}, and the old ${was.name} of ${was.platform}`]
      : [],
  );
  const isEither = gone.length > 0 && added.length > 0;
  const empty = fresh.targets.flatMap((target) =>
    target.problems.some(isIncomplete) || platformsGap([target], gateFor(target)) !== null
      ? []
      : (describeGaps([target], gateFor(target)) ?? []),
  );
  return {
    uncompared: [
      ...empty.map((why) => `of the new one, ${why}`),
      ...nothingIn(old, fresh, gateFor),
      ...(isEither || gone.length === 0 ? [] : chosenByMakers(fresh.targets, gone, gateFor)),
      ...(isEither
        ? [
            `${namesOf(gone)} and ${namesOf(added)} have no counterpart by name: compare each pair by itself`,
          ]
        : []),
      ...others,
    ],
    notices: isEither
      ? []
      : [
          ...(gone.length === 0 ? [] : [`${namesOf(gone)} is only in the old one`]),
          ...(added.length === 0
            ? []
            : [`${namesOf(added)} is only in the new one: all its files count as new`]),
        ],
  };
}

/** By its name the maker of an image chooses which of several old ones it is compared with: that is the word of the image. */
function chosenByMakers(
  targets: readonly TargetReport[],
  gone: readonly TargetReport[],
  gateFor: (target: TargetReport) => GateConditions,
): readonly string[] {
  return targets
    .filter((target) => target.kind === 'image' && !isSaidByUser(target))
    .filter((target) => !isAccepted('name', gateFor(target).accept))
    .map(
      ({ name }) =>
        `only its maker says that ${name} is not ${namesOf(gone)} of the old one, and the policy does not accept that: give its name behind the file (FILE:NAME)`,
    );
}

/** Of two things that have no file in common there is nothing to say. */
function nothingIn(
  old: Report,
  fresh: Report,
  gateFor: (target: TargetReport) => GateConditions,
): readonly string[] {
  const count = ({ targets }: Report) =>
    targets.reduce((sum, { binaries }) => sum + binaries.length, 0);
  if (count(fresh) === 0 || fresh.targets.every((target) => gateFor(target).allowEmpty)) return [];
  if (count(old) === 0) return ['there is no ELF file in the old one'];
  const { pairs } = pairBinaries(old, fresh);
  const isPaired = pairs.some((pair) => pair.old?.judged.sha256 && pair.new?.judged.sha256);
  return isPaired
    ? []
    : ['no file of the old one is in the new one: are they two releases of one thing?'];
}

function namesOf(targets: readonly TargetReport[]): string {
  return listed(targets.map(({ name, platform }) => (platform ? `${name} (${platform})` : name)));
}
