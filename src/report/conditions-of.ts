import type { Gate } from './report.ts';

/** A condition of a gate, and what was counted for it. */
export interface JudgedCondition {
  /** As it is configured: `fail-on high`, `coverage of pie at least 100 %`. */
  readonly condition: string;
  readonly because: string;
  readonly state: 'holds' | 'broken' | 'undecided' | 'applied to nothing';
}

/** `gate.platforms: all`, as a condition. */
export const allPlatforms = 'all platforms judged';

export function brokenConditions({ failed }: Gate): readonly JudgedCondition[] {
  return failed.map(({ condition, because }) => ({
    ...{ condition, because, state: 'broken' as const },
  }));
}

/** Those that a scan of more would decide. */
export function undecidedConditions({ asked, held = [] }: Gate): readonly JudgedCondition[] {
  if (asked?.platforms !== 'all' || held.some(({ condition }) => condition === allPlatforms))
    return [];
  const because = 'a platform was not judged (--platform all)';
  return [{ condition: allPlatforms, because, state: 'undecided' }];
}

/** A report of an older version does not list all that hold. */
export function heldConditions({
  failOn,
  failOnRules,
  failOnUnknown,
  failed,
  held = [],
}: Gate): readonly JudgedCondition[] {
  const isSaid = (condition: string) =>
    [...failed, ...held].some((each) => each.condition === condition);
  const asked = [
    ...(failOn === 'none' ? [] : [[`fail-on ${failOn}`, 'no finding that counts weighs so much']]),
    ...failOnRules.map((rule) => [`fail-on ${rule}`, 'no finding of it counts']),
    ...(failOnUnknown ? [['fail-on-unknown', 'no verdict that counts is unknown']] : []),
  ] as const;
  return [
    ...asked.flatMap(([condition = '', because = '']) =>
      isSaid(condition) ? [] : [{ condition, because, state: 'holds' as const }],
    ),
    ...held.map(({ condition, because, state }) => ({
      ...{ condition, because },
      state: state ?? ('holds' as const),
    })),
  ];
}
