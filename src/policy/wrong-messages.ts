import { judgedOf } from '../report/all-judged.ts';
import { sentencesOf } from '../report/policy-messages.ts';
import type { InactiveAcceptance, PolicyMessage, Report } from '../report/report.ts';
import { isSame } from './same-json.ts';

/** Where what a report says of its own policy is not what its verdicts, or other parts of it, say. */
export function wrongMessages(report: Report): readonly string[] {
  const { messages, inactive } = report.policy;
  return [
    ...(messages === undefined ? [] : wrongSentences(report, messages)),
    ...(inactive === undefined ? [] : wrongRows(report, inactive)),
    ...(messages === undefined || inactive === undefined ? [] : wrongPairs(messages, inactive)),
  ];
}

function wrongSentences({ policy }: Report, messages: readonly PolicyMessage[]): readonly string[] {
  const isOne =
    isSame(policy.warnings, sentencesOf(messages, 'warning')) &&
    isSame(policy.notices, sentencesOf(messages, 'notice'));
  return isOne ? [] : ['the warnings and notices of the policy are not its messages'];
}

function wrongRows(
  { targets, policy, date }: Report,
  inactive: readonly InactiveAcceptance[],
): readonly string[] {
  const open = new Map<string, number>();
  const failing = inactive.length === 0 ? [] : targets.flatMap(judgedOf);
  for (const { rule, outcome, waived, baselined } of failing.flatMap(({ verdicts }) => verdicts)) {
    if (waived !== undefined || (outcome !== 'fail' && outcome !== 'unknown')) continue;
    open.set(`waiver ${rule}`, (open.get(`waiver ${rule}`) ?? 0) + 1);
    if (outcome === 'fail' && baselined === undefined)
      open.set(`baseline ${rule}`, (open.get(`baseline ${rule}`) ?? 0) + 1);
  }
  const wrong = inactive.flatMap((row) => {
    const { by, state, rules, verdicts, verdictsByRule, expires, reason = '' } = row;
    const what = `the ${by} of ${rules.join(', ')} (${reason})`;
    const there = rules.reduce((sum, rule) => sum + (open.get(`${by} ${rule}`) ?? 0), 0);
    const byRule = Object.entries(verdictsByRule ?? {});
    const isSum =
      byRule.reduce((sum, [, some]) => sum + some, 0) === verdicts &&
      isSame(byRule.map(([rule]) => rule).toSorted(), [...rules]);
    const isLater = expires === undefined || (date !== undefined && expires >= date);
    return [
      ...(state === 'ended' && isLater
        ? [
            `${what} is listed as ended, but ends ${expires === undefined ? 'never' : `on ${expires}`}`,
          ]
        : []),
      ...(verdicts > there
        ? [`${what} is listed with ${verdicts} verdicts that count again, but ${there} count`]
        : []),
      ...(verdictsByRule !== undefined && !isSum
        ? [`${what} is listed with ${verdicts} verdicts, which is not the sum of its rules`]
        : []),
    ];
  });
  const gone = inactive.filter(({ by, state }) => by === 'baseline' && state === 'unused');
  const entries = gone.reduce((sum, { entries: some = 0 }) => sum + some, 0);
  return entries === policy.fixed.length
    ? wrong
    : [
        ...wrong,
        `${policy.fixed.length} findings of the baseline are gone, but ${entries} of its entries are listed as unused`,
      ];
}

/** A row has its messages, and a message its row. */
function wrongPairs(
  messages: readonly PolicyMessage[],
  inactive: readonly InactiveAcceptance[],
): readonly string[] {
  const said = new Map<string, number>();
  for (const { kind, origin = '', rules = [], count = 0 } of messages) {
    if (/^waiver-(?:ended|refused)$/.test(kind))
      for (const rule of rules) add(said, `${kind} ${rule} ${origin}`, 1);
    if (/^(?:waiver|baseline)-(?:ended|refused|raised|unaccepted)$/.test(kind))
      add(said, kind, count);
  }
  const listed = new Map<string, number>();
  for (const { by, state, origin = '', rules, verdicts } of inactive) {
    if (by === 'baseline' ? state === 'unused' : state !== 'ended' && state !== 'refused') continue;
    if (by === 'waiver')
      for (const rule of rules) add(listed, `${by}-${state} ${rule} ${origin}`, 1);
    add(listed, `${by}-${state}`, verdicts);
  }
  const names = new Set([...said.keys(), ...listed.keys()]);
  const wrong = [...names].filter((name) => (said.get(name) ?? 0) !== (listed.get(name) ?? 0));
  return wrong.map(
    (name) => `what the policy lists as inactive is not what its messages say (${name})`,
  );
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
