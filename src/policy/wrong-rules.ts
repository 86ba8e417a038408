import { amount, listed } from '../base/amount.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { Report } from '../report/report.ts';

/**
 * Where the verdicts are not those of the rules that were asked. Each binary has a verdict of every rule that judges binaries, so
 * somebody changed the list of rules, put verdicts in or took some away.
 */
export function wrongRules({ targets, rules }: Report): readonly string[] {
  if (rules === undefined) return [];
  const asked = new Set(rules);
  const ofBinaries = new Set(targets.flatMap(({ binaries }) => binaries.flatMap(rulesOf)));
  const judged = new Set(targets.flatMap(judgedOf).flatMap(rulesOf));
  const strange = [...judged].filter((rule) => !asked.has(rule)).toSorted();
  const lacking = targets
    .flatMap(({ binaries }) => binaries)
    .filter((binary) => new Set(rulesOf(binary)).size < ofBinaries.size).length;
  // Where an image has no part of its own, no rule of images was asked.
  const isWhole =
    ofBinaries.size > 0 && targets.some(({ kind, config }) => kind === 'image' && config !== null);
  const idle = isWhole ? rules.filter((rule) => !judged.has(rule)) : [];
  return [
    ...(strange.length === 0
      ? []
      : [`${has(strange)} verdicts, and the report does not name ${them(strange)} as asked`]),
    ...(lacking === 0
      ? []
      : [
          `${amount(lacking, 'binary')} ${lacking === 1 ? 'lacks' : 'lack'} verdicts that others have`,
        ]),
    ...(idle.length === 0
      ? []
      : [`the report names ${listed(idle)} as asked, and has no verdict of ${them(idle)}`]),
  ];
}

function rulesOf({ verdicts }: { readonly verdicts: readonly { readonly rule: string }[] }) {
  return verdicts.map(({ rule }) => rule);
}

function has(rules: readonly string[]): string {
  return `${listed(rules)} ${rules.length === 1 ? 'has' : 'have'}`;
}

function them(rules: readonly string[]): string {
  return rules.length === 1 ? 'it' : 'them';
}
