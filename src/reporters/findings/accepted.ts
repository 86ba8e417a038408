import { amount } from '../../base/amount.ts';
import type {
  BaselinedBy,
  JudgedVerdict,
  PolicyMessage,
  PolicyReport,
  Report,
  TargetReport,
} from '../../report/report.ts';
import { reasonText, untilText } from './waivers-in-use.ts';

/** `waived until 2027-01-31: REASON`, `in the baseline`, `counted with relro: ...`; null for a verdict that counts. */
export function acceptanceOf({
  waived,
  baselined,
  baselinedBy,
  countedWith,
  stands,
}: JudgedVerdict): string | null {
  if (waived !== undefined) return `waived${untilText(waived)}: ${reasonText(waived)}`;
  if (baselined !== undefined) return `in the baseline${acceptedText(baselinedBy ?? {})}`;
  if (stands?.is === 'as before') return 'as before: the older release has it too';
  return countedWith === undefined ? null : `counted with ${countedWith}: it has the same cause`;
}

/** ` since 2026-11-30 until 2027-01-31: known (owner: team-x)`. */
function acceptedText({ date, owner, reason, expires }: BaselinedBy): string {
  const since = date === undefined ? '' : ` since ${date}`;
  const until = expires === undefined ? '' : ` until ${expires}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${since}${until}${why}${owner === undefined ? '' : ` (owner: ${owner})`}`;
}

/** `3 findings are waived and 12 in the baseline`; null where nothing is accepted. */
export function acceptedSentence({ counts, gate }: Report): string | null {
  const { baselined, asBefore = 0 } = counts;
  const unknown = gate.setAside.waivedUnknown ?? 0;
  const waived = counts.waived - unknown;
  const parts = [
    ...(waived > 0 ? [`${amount(waived, 'finding')} waived`] : []),
    ...(unknown > 0 ? [`${amount(unknown, 'unknown verdict')} waived`] : []),
    ...(baselined > 0 ? [`${amount(baselined, 'finding')} in the baseline`] : []),
    ...(asBefore > 0 ? [`${asBefore} as before`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** `configuration hullcheck.yaml, baseline known.json, profile debian`; null where nothing but the command line and the rules decide. */
export function policySources({ policy: { files, profile } }: Report): string | null {
  const parts = [
    ...files.map(({ role, name, how }) => `${role} ${name}${how === 'named' ? '' : ` (${how})`}`),
    ...(profile === 'auto' || profile === 'default' ? [] : [`profile ${profile}`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** `judged by profile strict (hullcheck.yaml:12)`, of an image that the configuration has settings for by its name. */
export function ownPolicyOf({ policy }: TargetReport): string | null {
  return policy === undefined
    ? null
    : `judged by profile ${policy.profile} (${policy.from.join(', ')})`;
}

/** Warnings or notices with their kinds; of a report of an older version, that they are of the policy. */
export function messagesIn(
  { messages, warnings, notices }: PolicyReport,
  level: PolicyMessage['level'],
): readonly Pick<PolicyMessage, 'kind' | 'message'>[] {
  if (messages !== undefined) return messages.filter((each) => each.level === level);
  const sentences = level === 'warning' ? warnings : notices;
  return sentences.map((message) => ({ kind: 'policy', message }));
}

/** Levels that a configuration gives rules, with their places: formats that have no settings of the policy list them as messages. */
export function levelsInForce({
  settings = [],
}: PolicyReport): readonly Pick<PolicyMessage, 'kind' | 'message'>[] {
  return settings
    .filter(({ name }) => name.startsWith('rules.') || name === 'overrides')
    .map(({ name, value, from }) => ({
      kind: 'level-in-force',
      message: `${from} sets ${name} to ${value}`,
    }));
}

/** Messages of the policy itself: what it cannot do here, waivers that need attention, and findings that are fixed. */
export function policyNews(
  policy: PolicyReport,
  wanted: 'all' | 'notices' = 'all',
): readonly string[] {
  const { warnings, notices } = policy;
  return [...(wanted === 'all' ? warnings : []), ...notices, ...fixedNews(policy)];
}

/** Findings of the baseline that are gone. */
export function fixedNews({ fixed }: PolicyReport): readonly string[] {
  return fixed.map(({ rule, path, how }) =>
    how === 'removed'
      ? `${rule} at ${path} is in the baseline, but the binary is gone`
      : `${rule} at ${path} is in the baseline, and fixed`,
  );
}
