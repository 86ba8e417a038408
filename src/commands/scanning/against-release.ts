import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ruleIds } from '../../../rules/ids.ts';
import { UsageError } from '../../base/errors.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import type { Lock } from '../../policy/config/locks.ts';
import { covers } from '../../report/locked-settings.ts';
import type { Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import type { ScanOptions } from '../../scan/scan-options.ts';
import { isSavedReport, readText, reportIn } from '../output/report-of.ts';
import type { Settings } from '../settings/settings.ts';

/** Options of a scan that an older release leaves no sense to. */
export interface AgainstArguments {
  readonly against: string | undefined;
  readonly base: string | undefined;
  readonly baseline?: unknown;
  readonly worseThan?: unknown;
  readonly updateBaseline: boolean;
}

/** Throws UsageError before anything is scanned. */
export function checkAgainst(args: AgainstArguments, settings: Settings, cwd: string): void {
  const { against } = args;
  if (against === undefined) {
    if (args.worseThan !== undefined)
      throw new UsageError(
        '--worse-than requires --against OLD: it says what got worse than there',
      );
    demandAgainst(settings, 'name the older release with --against');
    return;
  }
  if (Array.isArray(against)) throw new UsageError('--against was given more than once');
  if (against === '') throw new UsageError('--against names nothing');
  if (args.updateBaseline)
    throw new UsageError(
      '--update-baseline and --against are two ways to know what is new: give one',
    );
  if (args.baseline !== undefined)
    throw new UsageError('--baseline and --against are two ways to know what is new: give one');
  if (args.base !== undefined)
    throw new UsageError(
      '--base is of the images that are scanned, and --against names another one: scan each with --base and -o json=FILE, and compare the two files with hullcheck diff',
    );
  const looksLikePath = /^(?:\.{0,2}\/|dir:|file:)/.test(against) || /\.json$/.test(against);
  const path = resolve(cwd, against);
  if (
    looksLikePath &&
    !against.includes(':') &&
    statSync(path, { throwIfNoEntry: false }) === undefined
  )
    throw new UsageError(`--against ${against}: there is no such file or folder`);
}

/**
 * A policy that sets `gate.worse-than` and locks it wants every release to be compared: a run that leaves out the comparison would
 * hold without being asked. Throws UsageError.
 */
export function demandAgainst(
  { locks, layers, policy }: Pick<Settings, 'locks' | 'layers' | 'policy'>,
  remedy: string,
): void {
  const lock = locks.find(({ setting }) => covers(setting, ofWorse));
  const layer = layers.findLast(({ config }) => config.gate?.['worse-than'] !== undefined);
  if (lock === undefined || policy.gate.worseThan === 'none' || layer === undefined) return;
  if (layer.originOf(ofWorse) === 'default') return;
  throw new UsageError(
    `${ofWorse} is set at ${layer.placeOf(ofWorse)} and locked by ${lock.place}: ${remedy}`,
  );
}

const ofWorse = 'gate.worse-than';

/** The report with the gate of a comparison: what the old one has too does not count, and what got worse does. Throws UsageError. */
export async function againstRelease(
  scanned: Report,
  old: string,
  {
    settings,
    options,
    cwd,
    chosen,
  }: {
    readonly settings: Settings;
    readonly options: ScanOptions;
    readonly cwd: string;
    /** IDs of `--rule`; undefined: all. */
    readonly chosen: readonly string[] | undefined;
  },
): Promise<Report> {
  const { policy, locks } = settings;
  const { report: before, sha256 } = await oldReport(old, cwd, options);
  const { releaseAgainst } = await import('../../diff/compare-releases.ts');
  const { compared, targets } = releaseAgainst([before, scanned], policy, {
    rules: { known: ruleIds, chosen },
    locked: lockedConditions(locks),
  });
  const { difference } = compared;
  const remarks = [
    ...(policy.remarks ?? []),
    ...difference.notices.map((each) => ({
      kind: 'hard-to-compare' as const,
      message: `compared with ${old}: ${each}`,
    })),
  ];
  const judged = applyPolicy(targets, { ...policy, remarks });
  const report = assembleReport(judged, scanned.rules, scanned.tool.rules);
  return {
    ...report,
    against: {
      given: old,
      ...(sha256 === null ? {} : { sha256 }),
      version: before.tool.version,
      targets: before.targets.map(({ name, digest, platform }) => ({ name, digest, platform })),
      asBefore: report.counts.asBefore ?? 0,
      gone: difference.better.filter(({ after }) => after === null || after === 'pass').length,
      worse: difference.worse.length,
    },
  };
}

async function oldReport(old: string, cwd: string, options: ScanOptions) {
  if (await isSavedReport(resolve(cwd, old))) {
    const text = await readText(old, cwd);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { report: reportIn(text, old), sha256 };
  }
  const { scan } = await import('../../scan/scan.ts');
  return { report: await scan([old], options), sha256: null };
}

/** Each condition by its own lock, or that of all. */
function lockedConditions(locks: readonly Lock[]) {
  const isLocked = (name: string) => locks.some(({ setting }) => covers(setting, name));
  return {
    failOn: isLocked('gate.fail-on'),
    failOnUnknown: isLocked('gate.fail-on-unknown'),
    coverage: isLocked('gate.coverage'),
    maximum: isLocked('gate.maximum'),
  };
}
