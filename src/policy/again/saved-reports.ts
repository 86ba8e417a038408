import { amount, listed } from '../../base/amount.ts';
import { UsageError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { judgesBinaries, type Rule } from '../../judge/rule.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { Report, RulesVersion, TargetReport } from '../../report/report.ts';
import { unweighed } from '../unweighed.ts';
import { askAgain } from './ask-again.ts';
import { askSettingsAgain, type SettingFacts, withSettings } from './ask-settings-again.ts';
import { excludeAgain } from './exclude-again.ts';

/** A report, and the file that it was read from. */
export interface SavedReport {
  readonly file: string;
  readonly report: Report;
}

export interface JudgingAgain {
  /** All rules that there are. */
  readonly rules: readonly Rule[];
  /** IDs, of `--rule`; undefined: those of the reports. */
  readonly chosen: readonly string[] | undefined;
  /** Globs, as of a scan. */
  readonly exclude: readonly string[];
  /** What the policy sets that rules ask: it counts in place of what the report was judged with. */
  readonly settings: SettingFacts;
}

export interface FoundAgain {
  /** As rules judged them, without any policy. */
  readonly targets: readonly TargetReport[];
  /** IDs of the rules that all of them were asked, sorted. */
  readonly asked: readonly string[];
  /** Of the rules that judged all of them; undefined: they are not the same. */
  readonly rulesVersion: RulesVersion | undefined;
  /** Sentences: what makes the reports another thing than a scan. */
  readonly remarks: readonly Note[];
}

/**
 * What was found in saved reports, to be judged by another policy. Verdicts of rules that a report has are taken as they are; a
 * rule that it lacks is asked of its facts, and then all of them are. Throws UsageError for what needs the image.
 */
export function findAgain(saved: readonly SavedReport[], again: JudgingAgain): FoundAgain {
  const asked = again.chosen ?? [...new Set(saved.flatMap(rulesOf))].toSorted();
  const found = saved.map((each) => ({ ...each, lacking: lackingIn(each, asked) }));
  refuseImageRules(found, again.rules);
  const withOldPlaces = new Set<string>();
  const targets = found.flatMap(({ file, report, lacking }) => {
    const own = report.targets.map((target) =>
      narrowed(excludeAgain(unweighed(target), again.exclude), asked),
    );
    const rules = again.rules.filter(({ id }) => asked.includes(id));
    if (lacking.length === 0) {
      const setting = { file, rules, settings: again.settings };
      return own.map((each) => {
        const { target, hasOldPlaces } = askSettingsAgain(
          each,
          setting,
          report.against !== undefined,
        );
        if (hasOldPlaces) withOldPlaces.add(file);
        return target;
      });
    }
    demandSameFacts(file, report, lacking);
    if (report.against !== undefined)
      throw new UsageError(
        `${listed(lacking)} ${lacking.length === 1 ? 'was' : 'were'} not asked in ${file}, and was not compared with the older release: scan it again with --against`,
      );
    return own.map((target) =>
      askAgain(withSettings(target, again.settings), { file, rules, lacking }),
    );
  });
  const remarks = [...remarksOf(saved), ...placesRemark([...withOldPlaces])];
  return { targets, asked, rulesVersion: rulesVersionIn(saved), remarks };
}

/** The only difference from a scan, where lists moved in a file or to another one. */
function placesRemark(files: readonly string[]): readonly Note[] {
  if (files.length === 0) return [];
  const message = `messages of own-lists name allow and deny where they stood when ${listed(files)} ${files.length === 1 ? 'was' : 'were'} written: they stand elsewhere now, and say the same`;
  return [{ kind: 'lists-moved', message, rules: ['own-lists'], count: files.length }];
}

function rulesVersionIn(saved: readonly SavedReport[]): RulesVersion | undefined {
  const [first, ...others] = saved.map(({ report: { tool } }) => tool.rules);
  return others.every((each) => each?.sha256 === first?.sha256) ? first : undefined;
}

/** Throws UsageError for a report of a version that did not keep what its policy changed. */
export function rulesOf({ file, report }: SavedReport): readonly string[] {
  if (report.rules !== undefined) return report.rules;
  throw new UsageError(
    `${file} was written by an older version of hullcheck, which did not keep what the rules said before its policy: scan the image again`,
  );
}

function lackingIn(saved: SavedReport, asked: readonly string[]): readonly string[] {
  const has = new Set(rulesOf(saved));
  return asked.filter((rule) => !has.has(rule));
}

type Lacking = SavedReport & { readonly lacking: readonly string[] };

/** A rule of images rests on files that no report has. */
function refuseImageRules(saved: readonly Lacking[], rules: readonly Rule[]): void {
  const ofBinaries = new Set(rules.filter(judgesBinaries).map(({ id }) => id));
  for (const { file, lacking } of saved) {
    const ofImage = lacking.filter((rule) => !ofBinaries.has(rule));
    if (ofImage.length > 0)
      throw new UsageError(
        `${listed(ofImage)} ${ofImage.length === 1 ? 'needs' : 'need'} a scan: ${file} was not asked, and facts of binaries do not show it`,
      );
  }
}

/** Shapes of facts may change with a minor version. */
function demandSameFacts(file: string, { tool }: Report, lacking: readonly string[]): void {
  const minorOf = (text: string) => text.split('.').slice(0, 2).join('.');
  if (minorOf(tool.version) === minorOf(version)) return;
  throw new UsageError(
    `${listed(lacking)} ${lacking.length === 1 ? 'needs' : 'need'} a scan: ${file} was not asked, and its facts are of hullcheck ${tool.version}, which ${version} may read otherwise`,
  );
}

function narrowed(target: TargetReport, asked: readonly string[]): TargetReport {
  const isAsked = ({ rule }: { readonly rule: string }) => asked.includes(rule);
  const { image } = target;
  const ofImage = image?.verdicts.filter(isAsked) ?? [];
  const { image: _, ...others } = target;
  return {
    ...(image === undefined || ofImage.length === 0
      ? others
      : { ...target, image: { ...image, verdicts: ofImage } }),
    binaries: target.binaries.map((binary) => ({
      ...binary,
      verdicts: binary.verdicts.filter(isAsked),
    })),
  };
}

/** The rules of another version may have judged otherwise. */
function remarksOf(saved: readonly SavedReport[]): readonly Note[] {
  const others = saved.filter(({ report: { tool } }) => tool.version !== version);
  const [first] = others;
  if (first === undefined) return [];
  const more = others.length > 1 ? ` and ${amount(others.length - 1, 'more report')}` : '';
  return [
    {
      kind: 'report-of-other-version',
      message: `what ${first.file}${more} found is of the rules of hullcheck ${first.report.tool.version}, and was not asked of those of ${version}`,
      count: others.length,
    },
  ];
}
