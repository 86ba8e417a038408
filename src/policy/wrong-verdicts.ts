import { amount } from '../base/amount.ts';
import { UsageError } from '../base/errors.ts';
import { judgesBinaries, type Rule } from '../judge/rule.ts';
import type { BinaryReport, JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import { askThese } from './again/ask-again.ts';
import { unweighed } from './unweighed.ts';

/**
 * Verdicts of binaries that the rules do not give of the facts that the report has: what they say, and what they weigh. A report without all facts cannot be
 * asked, and neither can verdicts of an image as a whole: whether these are those of the image is a question to the image.
 */
export function wrongVerdicts(report: Report, rules: readonly Rule[]): readonly string[] {
  if (report.facts !== 'all' || rules.length === 0) return [];
  const ids = new Set(report.rules ?? []);
  const asked = rules.filter((rule) => judgesBinaries(rule) && ids.has(rule.id));
  return report.targets.flatMap((target) => wrongIn(unweighed(target), asked));
}

function wrongIn(target: TargetReport, rules: readonly Rule[]): readonly string[] {
  try {
    const again = askThese(
      target,
      { file: target.name, rules, lacking: [] },
      (_, verdicts) => verdicts,
    );
    const wrong = target.binaries.flatMap((binary, at) => differing(binary, again.binaries[at]));
    return wrong.length === 0 ? [] : [sentenceOf(target, wrong)];
  } catch (error) {
    // Facts were taken away, or are not those of this version.
    if (error instanceof UsageError)
      return [`its facts do not give its verdicts: ${error.message}`];
    throw error;
  }
}

function differing(
  { verdicts }: BinaryReport,
  again: BinaryReport | undefined,
): readonly JudgedVerdict[] {
  return verdicts.filter((verdict) => {
    const given = again?.verdicts.find(({ rule }) => rule === verdict.rule);
    return given !== undefined && !isEqual(verdict, given);
  });
}

function isEqual(one: JudgedVerdict, other: JudgedVerdict): boolean {
  return (
    one.outcome === other.outcome && one.severity === other.severity && one.cause === other.cause
  );
}

function sentenceOf({ name }: TargetReport, wrong: readonly JudgedVerdict[]): string {
  const rules = [...new Set(wrong.map(({ rule }) => rule))].toSorted();
  const what = `${amount(wrong.length, 'verdict')} of ${name} (${rules.join(', ')})`;
  return `${what} ${wrong.length === 1 ? 'is' : 'are'} not what ${rules.length === 1 ? 'the rule says' : 'the rules say'} of the facts that the report has`;
}
