import { isIncomplete } from '../../base/problem.ts';
import type { Cache } from '../../cache/cache.ts';
import { mostKeptText } from '../../cache/result-cache.ts';
import type { Acceptance } from '../../policy/baseline/entry.ts';
import { exitCodeOf } from '../../policy/exit-code.ts';
import type { Report } from '../../report/report.ts';
import type { InputOptions, RunningOptions, ScanOptions } from '../../scan/scan-options.ts';
import { loadRules, loadRulesVersion } from '../options/chosen-rules.ts';
import type { ReportOutputs } from '../output/report-outputs.ts';
import type { Settings } from '../settings/settings.ts';
import type { ProgressDisplay } from './progress.ts';

/** A scan whose options are all read and checked. */
export interface ScanPlan {
  readonly images: readonly string[];
  /** Rule IDs. */
  readonly rules: readonly string[];
  /** The older release; null: nothing is compared. */
  readonly against: string | null;
  /** Whether `--rule` chose the rules. */
  readonly isNarrowed: boolean;
  readonly cwd: string;
  /** What entries that are new in the baseline carry; null: the baseline is not updated. */
  readonly updateBaseline: Omit<Acceptance, 'date'> | null;
  readonly settings: Settings;
  readonly input: InputOptions;
  readonly running: RunningOptions;
  readonly outputs: ReportOutputs;
  /** undefined: no cache is used. */
  readonly cache: Cache | undefined;
  readonly display: ProgressDisplay;
  /** For people: nothing that a program reads. */
  readonly say: (text: string) => Promise<void>;
}

export interface ScanOutcome {
  readonly exitCode: number;
  /** One sentence that explains the state of the gate. */
  readonly because: string;
}

/** More images than this are opened one after the other and always scanned. */
const mostAtOnce = 16;

/** Writes all outputs. */
export async function scanUnlessKnown(plan: ScanPlan): Promise<ScanOutcome> {
  const { images, updateBaseline, against, cache } = plan;
  try {
    if (
      cache === undefined ||
      updateBaseline !== null ||
      against !== null ||
      // Digests of images do not cover them; facts of files are kept with them.
      plan.input.debugFolders !== undefined ||
      images.length > mostAtOnce
    )
      return outcomeOf(await scanAndWrite(plan, undefined, 0));
    return await cachedScan(plan, cache);
  } finally {
    plan.display.end();
    await cache?.close();
  }
}

/** Writes the outputs of an earlier run of the same scan again if the cache has them. */
async function cachedScan(plan: ScanPlan, { results }: Cache): Promise<ScanOutcome> {
  const { images, input, running, outputs } = plan;
  const { openImages } = await import('./opened-images.ts');
  const opened = await openImages(images, { ...input, ...running });
  try {
    const question = { targets: opened.targets ?? [], asked: cacheKeyOf(plan) };
    const known = await results.find(question);
    if (known !== null) {
      await outputs.writeTexts(known.texts);
      return known;
    }
    const found = await scanAndWrite(plan, opened.open, mostKeptText);
    const { texts } = found;
    if (texts !== null && isWhole(found.report)) {
      const bytes = texts.map((text) => Buffer.from(text));
      await results.keep(question, { ...outcomeOf(found), texts: bytes });
    }
    return outcomeOf(found);
  } finally {
    await opened.close();
  }
}

interface WrittenReport {
  readonly report: Report;
  readonly texts: readonly string[] | null;
}

async function scanAndWrite(
  plan: ScanPlan,
  open: RunningOptions['open'],
  mostKept: number,
): Promise<WrittenReport> {
  const { settings, input, outputs, cache, display } = plan;
  const rules = await loadRules(plan.rules, settings.rules);
  const kept = { cache: cache?.layers, places: cache?.places };
  const allFacts = outputs.looks.some(({ facts }) => facts === true);
  const judging = {
    ...{ rules, allFacts, policy: settings.policy },
    rulesVersion: await loadRulesVersion(),
  };
  const running = { ...plan.running, ...kept, onProgress: display.show };
  const options = { input, judging, running: { ...running, open } };
  const compared = await (plan.against === null
    ? scanAlone(plan, options)
    : scanAgainst(plan, plan.against, options));
  display.end();
  const found =
    plan.updateBaseline === null ? compared : await updated(compared, plan, plan.updateBaseline);
  return { report: found, texts: await outputs.write(found, rules, mostKept) };
}

async function scanAlone({ images }: ScanPlan, options: ScanOptions): Promise<Report> {
  const { scan } = await import('../../scan/scan.ts');
  return scan(images, options);
}

/** An older release that is not a saved report is scanned along: what both have is read once. */
async function scanAgainst(plan: ScanPlan, given: string, options: ScanOptions): Promise<Report> {
  const { images, settings, cwd, rules, isNarrowed } = plan;
  const { againstRelease, savedRelease } = await import('./against-release.ts');
  const saved = await savedRelease(given, cwd);
  const { scanEach } = await import('../../scan/scan.ts');
  const sides = saved === null ? [images, [given]] : [images];
  const [scanned, older] = await scanEach(sides, options);
  if (scanned === undefined) throw new TypeError('one group gives one report');
  const old = saved ?? (older === undefined ? null : { given, report: older.report, sha256: null });
  if (old === null) throw new TypeError('a second group gives a second report');
  const chosen = isNarrowed ? rules : undefined;
  return againstRelease(scanned, old, { settings, chosen });
}

async function updated(
  scanned: Report,
  { settings, say }: ScanPlan,
  accept: NonNullable<ScanPlan['updateBaseline']>,
): Promise<Report> {
  const { updateBaseline } = await import('../output/baseline-update.ts');
  return updateBaseline(scanned, settings, { accept, say });
}

function outcomeOf({ report: { gate } }: WrittenReport): ScanOutcome {
  return { exitCode: exitCodeOf(gate), because: gate.because };
}

/**
 * Everything besides the images and the engine that decides the outputs: how the scan runs does not. The date matters only to
 * waivers and entries of a baseline that expire.
 */
function cacheKeyOf({ rules, input, settings, outputs }: ScanPlan): unknown {
  const { today, ...judgement } = settings.policy;
  const ends =
    judgement.waivers.some(({ expires }) => expires !== null) ||
    judgement.baseline?.some(({ expires }) => expires !== undefined) === true;
  return {
    rules,
    input,
    judgement,
    today: ends ? today : null,
    looks: outputs.looks,
  };
}

/** Results with damage or exceeded limits are not cached. */
function isWhole({ targets }: Report): boolean {
  return !targets.some(({ problems }) => problems.some(isIncomplete));
}
