import { listed } from '../../base/amount.ts';
import { UsageError } from '../../base/errors.ts';
import { isAsked, judge, needsOf } from '../../judge/judge.ts';
import { spareAgain } from '../../judge/never-loaded.ts';
import type { BinaryRule, Rule } from '../../judge/rule.ts';
import { judgesBinaries } from '../../judge/rule.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { reviveFacts } from './revive-facts.ts';

export interface Asking {
  /** For messages. */
  readonly file: string;
  readonly rules: readonly Rule[];
  /** IDs of those that the report was not asked. */
  readonly lacking: readonly string[];
  /** Why they are asked. Absent: the report was not asked. */
  readonly why?: string;
}

/**
 * Facts that judging needs, whatever the rules are; and `overwritable`, of which a small report has nothing: its other facts may be
 * parts of themselves.
 */
const always = [
  ...['acceptance', 'kind', 'packer', 'exposure', 'package', 'libc', 'machine'],
  'overwritable',
] as const;

/**
 * Asks all rules of binaries from the facts of a report: one of them may change what another says. Verdicts of the image stay.
 * Throws UsageError where a fact is missing.
 */
export function askAgain(target: TargetReport, asking: Asking): TargetReport {
  return askThese(target, asking, (_, verdicts) => verdicts);
}

/** The same of some rules: `join` puts their verdicts among those that the binary has. */
export function askThese(
  target: TargetReport,
  asking: Asking,
  join: (binary: BinaryReport, verdicts: readonly JudgedVerdict[]) => readonly JudgedVerdict[],
): TargetReport {
  const rules = asking.rules.filter(judgesBinaries);
  const asked = target.binaries.map((binary) => {
    demandFacts(binary, rules, asking);
    return { ...binary, verdicts: join(binary, verdictsOf(binary, rules, asking)) };
  });
  const spared = spareAgain(target.binaries, asked);
  return { ...target, binaries: spared };
}

function verdictsOf(binary: BinaryReport, rules: readonly BinaryRule[], { file }: Asking) {
  try {
    return judge(rules, reviveFacts(binary.facts));
  } catch (error) {
    // Facts that were edited, or of a version between two releases: nothing of this program wrote them.
    throw new UsageError(
      `${file}: the facts of ${binary.path} are not those of this version: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Whether these rules can be asked of all binaries. */
export function hasFacts({ binaries }: TargetReport, rules: readonly BinaryRule[]): boolean {
  return binaries.every((binary) => missingFor(binary, rules).length === 0);
}

/** By rule: the names of facts that are not there. */
function missingFor({ facts }: BinaryReport, rules: readonly BinaryRule[]) {
  const has = new Map(Object.entries(facts));
  const isThere = (name: string) => {
    const fact = has.get(name);
    return fact !== undefined && (fact.known || fact.cause !== 'not-needed');
  };
  return rules
    .filter((rule) => isAsked(rule, facts))
    .map((rule) => ({ rule: rule.id, names: [...always, ...needsOf(rule, facts)] }))
    .map(({ rule, names }) => ({ rule, names: names.filter((name) => !isThere(name)) }))
    .filter(({ names }) => names.length > 0);
}

function demandFacts(
  binary: BinaryReport,
  rules: readonly BinaryRule[],
  { file, lacking, why = 'was not asked' }: Asking,
): void {
  const missing = missingFor(binary, rules);
  if (missing.length === 0) return;
  const has = new Map(Object.entries(binary.facts));
  const named = missing.filter(({ rule }) => lacking.includes(rule));
  const those = named.length === 0 ? missing : named;
  const ids = listed(those.map(({ rule }) => rule));
  const [need, rest] = those.length === 1 ? ['needs', 'it rests on'] : ['need', 'they rest on'];
  const names = [...new Set(those.flatMap((each) => each.names))];
  // With all facts, but without those that only the settings of its own policy would have had it read.
  if (names.every((name) => has.has(name)))
    throw new UsageError(
      `${ids} ${need} a scan with these settings: ${file} does not have ${listed(names)} of ${binary.path}, which ${names.length === 1 ? 'is' : 'are'} read only where a setting of the policy needs ${names.length === 1 ? 'it' : 'them'}`,
    );
  throw new UsageError(
    `${ids} ${need} --facts or a scan: ${file} ${why}, and has not all facts that ${rest}`,
  );
}
