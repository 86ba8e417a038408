import type { AskedConditions, Gate } from '../report/report.ts';
import { defaultGate, type GateConditions } from './policy.ts';
import { isWord } from './words/words.ts';

/** What a gate was asked besides what its other members say. */
export function askedOf(conditions: GateConditions): AskedConditions {
  const { coverage, coverageOf, maximum, required, allowEmpty, platforms } = conditions;
  const { strictPolicy, accept, worseThan } = conditions;
  return {
    ...(Object.keys(coverage).length === 0 ? {} : { coverage }),
    ...(coverageOf === 'own' ? { coverageOf } : {}),
    ...(Object.keys(maximum).length === 0 ? {} : { maximum }),
    ...(required === false || (required !== true && required.length === 0) ? {} : { required }),
    ...(allowEmpty ? { allowEmpty } : {}),
    ...(platforms === undefined ? {} : { platforms }),
    ...(strictPolicy === true ? { strictPolicy } : {}),
    ...(worseThan === defaultGate.worseThan ? {} : { worseThan }),
    ...(accept === undefined ? {} : { accept }),
  };
}

/** The conditions of a gate in a report; null: a report of an older version does not have all of them. */
export function conditionsAsked({
  of,
  failOn,
  failOnRules,
  failOnUnknown,
  asked,
}: Gate): GateConditions | null {
  if (asked === undefined) return null;
  const { accept, coverageOf = 'all', ...others } = asked;
  return {
    ...defaultGate,
    ...others,
    ...{ of: of ?? 'all', failOn, failOnRules, failOnUnknown, coverageOf },
    ...(accept === undefined ? {} : { accept: accept.filter(isWord) }),
  };
}
