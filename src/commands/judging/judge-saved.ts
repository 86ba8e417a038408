import { amount, listed } from '../../base/amount.ts';
import type { Rule } from '../../judge/rule.ts';
import { findAgain, type SavedReport } from '../../policy/again/saved-reports.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import { refuseUnasked } from '../../policy/config/unasked.ts';
import { createRequiredSystems } from '../../policy/image-policies.ts';
import { mapVerdicts } from '../../policy/map-verdicts.ts';
import { createOwnLists } from '../../policy/own-lists.ts';
import type { Policy } from '../../policy/policy.ts';
import { demandStrict } from '../../policy/strict-policy.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { Against, Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import type { Surroundings } from '../command.ts';
import { chosenRules } from '../options/chosen-rules.ts';
import type { PolicyArguments } from '../options/policy-options.ts';
import { loadReport } from '../output/report-of.ts';
import { demandAgainst } from '../scanning/check-against.ts';
import { loadAllRules } from '../settings/known-rules.ts';
import { enforceLocksOnOptions } from '../settings/locked-options.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { limitsNotAsked, rulesNotAsked } from './not-asked.ts';

export interface JudgedAgain {
  readonly report: Report;
  /** Those that were asked, for reporters. */
  readonly rules: readonly Rule[];
}

export interface JudgingArguments extends PolicyArguments {
  readonly rule: readonly string[] | undefined;
}

/** The report that a scan of the same images by the policy of these options makes. Throws UsageError. */
export async function judgeSaved(
  files: readonly string[],
  args: JudgingArguments,
  surroundings: Surroundings,
): Promise<JudgedAgain> {
  const settings = await readSettings(args, surroundings, files);
  enforceLocksOnOptions(settings, args);
  demandStrict(settings.policy);
  const saved = await loadReports(files, surroundings.cwd);
  if (saved.some(({ report }) => report.targets.some(({ against }) => against === undefined)))
    demandAgainst(settings, 'scan the image with --against, and judge that report');
  const judged = await judgeAgain(saved, settings, args.rule);
  enforceLocksOnReports(settings, judged, saved);
  return judged;
}

/** Throws UsageError where a lock keeps rules that the reports were not asked, or what a scan for them was given. */
export function enforceLocksOnReports(
  settings: Pick<Settings, 'locks' | 'config' | 'rules'>,
  { rules }: Pick<JudgedAgain, 'rules'>,
  saved: readonly SavedReport[],
): void {
  const rule = rules.map(({ id }) => id);
  const files = listed(saved.map(({ file }) => file));
  const narrowedBy = `${files}: ${amount(settings.rules.ids.length - rule.length, 'rule')} not asked`;
  enforceLocksOnOptions(settings, { rule, narrowedBy });
  for (const { file, report } of saved)
    for (const { base } of report.targets)
      if (base?.how === 'named')
        enforceLocksOnOptions(settings, {
          base: base.because,
          basedBy: `${file} was scanned with --base`,
        });
}

export async function loadReports(
  files: readonly string[],
  cwd: string,
): Promise<readonly SavedReport[]> {
  const saved: SavedReport[] = [];
  // One after the other: the text of each can be large.
  for (const file of files) saved.push({ file, report: await loadReport(file, cwd) });
  return saved;
}

/** By other settings than the reports were made with. Throws UsageError for what needs the image. */
export async function judgeAgain(
  saved: readonly SavedReport[],
  {
    policy,
    config,
    layers,
    rules: known,
  }: Pick<Settings, 'policy' | 'config' | 'layers' | 'rules'>,
  named: readonly string[] | undefined,
): Promise<JudgedAgain> {
  const rules = await loadAllRules(known);
  const chosen = named === undefined ? undefined : chosenRules(named, known.ids);
  const settings = {
    requiredSystemFor: createRequiredSystems(policy),
    ownListsOf: createOwnLists(policy),
  };
  const exclude = config.exclude ?? [];
  const found = findAgain(withCausesApart(saved), { rules, chosen, exclude, settings });
  const asked = rules.filter(({ id }) => found.asked.includes(id));
  const judging = withRemarks(policy, known.ids, found, [
    ...(named === undefined ? rulesNotAsked(saved, found.asked, known.ids) : []),
    ...limitsNotAsked(saved, layers),
  ]);
  const files = listed(saved.map(({ file }) => file));
  refuseUnasked(judging, layers, named === undefined ? files : '--rule');
  const judgement = applyPolicy(found.targets, judging);
  const report = assembleReport(judgement, found.asked, found.rulesVersion);
  return { report: { ...report, ...againstIn(saved) }, rules: asked };
}

/** What the reports were compared with stays as it was: each verdict says how it stands to that. */
function againstIn(saved: readonly SavedReport[]): Pick<Report, 'against'> {
  const all = saved.flatMap(({ report: { against } }) => against ?? []);
  const [first, ...others] = all;
  if (first === undefined) return {};
  if (others.length === 0) return { against: first };
  const sum = (count: (one: Against) => number) =>
    all.reduce((total, each) => total + count(each), 0);
  const causes = all.flatMap((each) => each.causes ?? []);
  return {
    against: {
      given: listed(all.map(({ given }) => given)),
      version: first.version,
      targets: all.flatMap(({ targets }) => targets),
      asBefore: sum(({ asBefore }) => asBefore),
      gone: sum(({ gone }) => gone),
      worse: sum(({ worse }) => worse),
      ...(causes.length === 0 ? {} : { causes }),
    },
  };
}

/** Each report counts its causes by itself: those of the later ones come behind those of the first. */
function withCausesApart(saved: readonly SavedReport[]): readonly SavedReport[] {
  let before = 0;
  return saved.map((each) => {
    const shift = before;
    before += each.report.against?.causes?.length ?? 0;
    if (shift === 0) return each;
    const targets = each.report.targets.map((target) =>
      mapVerdicts(target, (verdict) =>
        verdict.worseBy === undefined ? verdict : { ...verdict, worseBy: verdict.worseBy + shift },
      ),
    );
    return { ...each, report: { ...each.report, targets } };
  });
}

/** A report of a scan that was narrowed to some rules says so again. */
function withRemarks(
  policy: Policy,
  ids: readonly string[],
  { asked, remarks }: Pick<ReturnType<typeof findAgain>, 'asked' | 'remarks'>,
  more: readonly Note[],
): Policy {
  const isNarrowed = policy.asked === undefined && ids.some((id) => !asked.includes(id));
  return {
    ...policy,
    ...(isNarrowed ? { asked } : {}),
    remarks: [...(policy.remarks ?? []), ...remarks, ...more],
  };
}
