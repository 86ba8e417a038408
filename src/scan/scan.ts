import pLimit from 'p-limit';
import { DamagedInput, UsageError } from '../base/errors.ts';
import { problemOf } from '../base/problem-of.ts';
import { createSeenCatalogs } from '../cache/seen-catalogs.ts';
import { createExtractor } from '../extraction/extractor.ts';
import {
  factsForInspection,
  factsForReaders,
  wantedFacts,
  wantsLinkTables,
} from '../extraction/wanted-facts.ts';
import { JudgedBefore } from '../judge/judged-before.ts';
import type { Rule } from '../judge/rule.ts';
import { createLayerReader } from '../layer-threads/layer-reader.ts';
import { type Weighed, weighByPolicy } from '../policy/apply-policy.ts';
import { createRequiredSystems, possiblePolicies } from '../policy/image-policies.ts';
import { factsNeededBy } from '../policy/needed-facts.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { onNamedBase } from '../sources/image/base/named-base.ts';
import { openTarget } from '../sources/input/find-source.ts';
import type { OpenSource, Target } from '../sources/source.ts';
import { assembleReport, assembleTarget } from './report-assembly.ts';
import type { ScanOptions } from './scan-options.ts';
import { type ScanRun, scanTarget } from './scan-target.ts';

/**
 * The whole way of an image, on one screen: open it, catalog its layers, overlay them to one root, find the binaries,
 * judge them, report. Throws UsageError only; damage becomes problems in the report.
 */
export async function scan(references: readonly string[], options: ScanOptions): Promise<Report> {
  const [scanned] = await scanEach([references], options);
  if (scanned === undefined) throw new TypeError('one group gives one report');
  return scanned.report;
}

export interface Scanned {
  readonly report: Report;
  /** For a comparison with an older release. */
  readonly compared: Weighed['compared'];
}

/**
 * A report for each group of references, as if each were scanned by itself. What several of them hold, layers and equal
 * files, is read once.
 */
export async function scanEach(
  groups: readonly (readonly string[])[],
  options: ScanOptions,
): Promise<readonly Scanned[]> {
  const run = await createRun(groups, options);
  try {
    const reports: Scanned[] = [];
    for (const [index, references] of groups.entries())
      reports.push(
        await scanGroup(references, options, { ...run, isLast: index === groups.length - 1 }),
      );
    return reports;
  } finally {
    await run.close();
  }
}

/**
 * A report of each target by itself, as soon as it is judged: what a run over many images keeps in memory is one of them. Each has its own
 * gate. A caller that stops early ends the run.
 */
export async function* scanTargets(
  references: readonly string[],
  options: ScanOptions,
): AsyncGenerator<Report, void, undefined> {
  const run = await createRun([references], options);
  try {
    for (const [index, reference] of references.entries()) {
      const own = { ...run, isLast: index === references.length - 1 };
      try {
        for await (const target of targetsIn(reference, options, own))
          yield reportOf([target], options).report;
      } catch (error) {
        // One of many hides none of the others.
        if (!(error instanceof UsageError) || references.length === 1) throw error;
        yield reportOf([refusedTarget(reference, error)], options).report;
      }
    }
  } finally {
    await run.close();
  }
}

interface OpenRun extends Omit<ScanRun, 'isLast'> {
  /** Ends its threads. */
  close(): Promise<void>;
}

async function createRun(
  groups: readonly (readonly string[])[],
  options: ScanOptions,
): Promise<OpenRun> {
  const { limits } = options.input;
  const { rules, policy } = options.judging;
  const { jobs, signal } = options.running;
  signal?.throwIfAborted();
  const ofPolicies = factsNeededBy(possiblePolicies(policy), rules);
  const asked = [...ofPolicies, ...forReaders(options.judging)];
  const debugFolders = await debugFoldersOf(options.input);
  const extractor = createExtractor(rules, { limits, jobs, asked, debugFolders });
  const reader = createLayerReader({ limits, jobs });
  const close = async () => {
    await Promise.all([reader.close(), extractor.close()]);
  };
  return {
    extractor,
    reader,
    limited: pLimit(jobs),
    context: { limits, wanted: wantedNames(rules, asked), debugFiles: debugFolders?.key },
    // Each image of one side has its own on the other side.
    seen: createSeenCatalogs(groups.length > 1 ? mostBetween : 1),
    judgedBefore: groups.flat().length > 1 ? new JudgedBefore() : undefined,
    systemFor: createRequiredSystems(policy),
    close,
  };
}

function forReaders({ allFacts, forInspection }: ScanOptions['judging']): readonly string[] {
  if (forInspection === true) return factsForInspection;
  return allFacts === true ? factsForReaders : [];
}

async function debugFoldersOf({ debugFolders = [], limits }: ScanOptions['input']) {
  if (debugFolders.length === 0) return undefined;
  const { listDebugFolders } = await import('../extraction/debug/debug-folders.ts');
  return listDebugFolders(debugFolders, limits);
}

/**
 * Images between two that share layers, of releases that are compared: catalogs of more would need memory without bound. Layers that
 * each image has, as those of one base, are kept however many there are.
 */
const mostBetween = 16;

async function scanGroup(
  references: readonly string[],
  options: ScanOptions,
  run: ScanRun,
): Promise<Scanned> {
  const targets: TargetReport[] = [];
  const refused: UsageError[] = [];
  for (const [index, reference] of references.entries()) {
    const isLast = run.isLast && index === references.length - 1;
    const own = { ...run, isLast };
    try {
      for await (const target of targetsIn(reference, options, own)) targets.push(target);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error);
      targets.push(refusedTarget(reference, error));
    }
  }
  // One of many hides none of the others, but there must be others.
  if (refused.length === references.length && refused[0] !== undefined) throw refused[0];
  return reportOf(targets, options);
}

function reportOf(targets: readonly TargetReport[], { judging }: ScanOptions): Scanned {
  const { rules, rulesVersion, policy } = judging;
  const { judgement, compared } = weighByPolicy(targets, policy);
  const asked = rules.map(({ id }) => id);
  return { report: assembleReport(judgement, asked, rulesVersion), compared };
}

/** Of everything in a catalog about files, so that the cache can distinguish catalogs. */
function wantedNames(rules: readonly Rule[], asked: readonly string[]): ReadonlySet<string> {
  const names: readonly string[] = [...wantedFacts(rules, asked)];
  return new Set(wantsLinkTables(rules, asked) ? [...names, 'link tables'] : names);
}

async function* targetsIn(
  reference: string,
  options: ScanOptions,
  run: ScanRun,
): AsyncGenerator<TargetReport, void, undefined> {
  const { input, running } = options;
  const { remote, signal } = running;
  signal?.throwIfAborted();
  let source: OpenSource;
  try {
    source = await (running.open?.(reference) ??
      openTarget(reference, { ...input, ...(remote && { remote }) }));
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    yield assembleTarget(unopened(reference), [], null, [problemOf(error, reference)]);
    return;
  }
  try {
    for (const [index, target] of source.targets.entries()) {
      const isLast = run.isLast && index === source.targets.length - 1;
      const based = input.base === undefined ? target : onNamedBase(target, input.base);
      yield await scanTarget(based, options, { ...run, isLast });
    }
  } finally {
    await source.close();
  }
}

function refusedTarget(reference: string, { message }: UsageError): TargetReport {
  const problem = { kind: 'unreadable', where: reference, message } as const;
  return assembleTarget(unopened(reference), [], null, [problem]);
}

/** Stands for an input that was recognised but could not be opened at all. */
function unopened(reference: string): Target {
  return {
    name: reference,
    scheme: 'unreadable',
    kind: 'file',
    digest: null,
    platform: null,
    config: null,
    layers: [],
    problems: [],
  };
}
