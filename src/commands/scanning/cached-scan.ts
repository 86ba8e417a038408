import { isIncomplete } from '../../base/problem.ts';
import type { Cache } from '../../cache/cache.ts';
import { mostKeptText } from '../../cache/result-cache.ts';
import { exitCodeOf } from '../../policy/exit-code.ts';
import type { Report } from '../../report/report.ts';
import type { ScanOptions } from '../../scan/scan.ts';
import { loadRules } from '../options/chosen-rules.ts';
import type { ReportOutputs } from '../output/report-outputs.ts';
import type { Settings } from '../settings/settings.ts';
import type { ProgressDisplay } from './progress.ts';

/** A scan whose options are all read and checked. */
export interface ScanPlan {
  readonly images: readonly string[];
  /** Rule IDs. */
  readonly rules: readonly string[];
  readonly updateBaseline: boolean;
  readonly settings: Settings;
  readonly options: Omit<ScanOptions, 'onProgress' | 'rules'>;
  readonly outputs: ReportOutputs;
  /** undefined: no cache is used. */
  readonly cache: Cache | undefined;
  readonly display: ProgressDisplay;
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
  const { images, updateBaseline, cache } = plan;
  try {
    if (cache === undefined || updateBaseline || images.length > mostAtOnce)
      return outcomeOf(await scanAndWrite(plan, undefined, 0));
    return await cachedScan(plan, cache);
  } finally {
    plan.display.end();
    await cache?.close();
  }
}

/** Writes the outputs of an earlier run of the same scan again if the cache has them. */
async function cachedScan(plan: ScanPlan, { results }: Cache): Promise<ScanOutcome> {
  const { images, options, outputs } = plan;
  const { openImages } = await import('./opened-images.ts');
  const opened = await openImages(images, options);
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
  open: ScanOptions['open'],
  mostKept: number,
): Promise<WrittenReport> {
  const { images, settings, options, outputs, cache, display } = plan;
  const rules = await loadRules(plan.rules);
  const { scan } = await import('../../scan/scan.ts');
  const kept = { cache: cache?.layers, places: cache?.places };
  const ways = { open, ...kept, onProgress: display.show };
  const scanned = await scan(images, { ...options, rules, ...ways });
  display.end();
  const found = plan.updateBaseline ? await updated(scanned, settings) : scanned;
  return { report: found, texts: await outputs.write(found, rules, mostKept) };
}

async function updated(scanned: Report, settings: Settings): Promise<Report> {
  const { updateBaseline } = await import('../output/baseline-update.ts');
  return updateBaseline(scanned, settings);
}

function outcomeOf({ report: { gate } }: WrittenReport): ScanOutcome {
  return { exitCode: exitCodeOf(gate), because: gate.because };
}

/**
 * Everything besides the images and the engine that decides the outputs. A new option is part of it by default; options that
 * only change how the work is done are left out. The date matters only to waivers that expire.
 */
function cacheKeyOf({ rules, options, outputs }: ScanPlan): unknown {
  const { policy, jobs, remote, cache, places, open, ...whatIsScanned } = options;
  const { today, ...judgement } = policy;
  const ends = policy.waivers.some(({ expires }) => expires !== null);
  return {
    rules,
    whatIsScanned,
    judgement,
    today: ends ? today : null,
    looks: outputs.looks,
  };
}

/** Results with damage or exceeded limits are not cached. */
function isWhole({ targets }: Report): boolean {
  return !targets.some(({ problems }) => problems.some(isIncomplete));
}
