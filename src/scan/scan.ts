import { basename } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { DamagedInput, UsageError } from '../base/errors.ts';
import { otherAlgorithms } from '../base/package-managers.ts';
import { problemOf } from '../base/problem-of.ts';
import { printableName } from '../base/text.ts';
import type { CatalogContext } from '../cache/layer-cache.ts';
import type { SeenPlace } from '../cache/place-cache.ts';
import { createSeenCatalogs, type SeenCatalogs } from '../cache/seen-catalogs.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import { createExtractor, type Extractor } from '../extraction/extractor.ts';
import {
  factsForInspection,
  factsForReaders,
  wantedFacts,
  wantsLinkTables,
} from '../extraction/wanted-facts.ts';
import { judgeTarget } from '../judge/judge-target.ts';
import { JudgedBefore } from '../judge/judged-before.ts';
import type { Rule } from '../judge/rule.ts';
import { createLayerReader, type LayerReader } from '../layer-threads/layer-reader.ts';
import { mayHavePackages, type WantedDigests } from '../layers/building/package-signs.ts';
import { type Weighed, weighByPolicy } from '../policy/apply-policy.ts';
import { createExclusions } from '../policy/exclusions.ts';
import { createRequiredSystems, possiblePolicies } from '../policy/image-policies.ts';
import { factsNeededBy } from '../policy/needed-facts.ts';
import { createOwnLists } from '../policy/own-lists.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { onNamedBase } from '../sources/image/base/named-base.ts';
import { openTarget } from '../sources/input/find-source.ts';
import type { Layer, OpenSource, Target } from '../sources/source.ts';
import { imageInEntries } from './image-in-entries.ts';
import { assembleReport, assembleTarget } from './report-assembly.ts';
import type { Progress, RunningOptions, ScanOptions } from './scan-options.ts';

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
  const { limits } = options.input;
  const { rules, policy } = options.judging;
  const { jobs } = options.running;
  const ofPolicies = factsNeededBy(possiblePolicies(policy), rules);
  const asked = [...ofPolicies, ...forReaders(options.judging)];
  const debugFolders = await debugFoldersOf(options.input);
  const extractor = createExtractor(rules, { limits, jobs, asked, debugFolders });
  const run = {
    extractor,
    reader: createLayerReader({ limits, jobs }),
    limited: pLimit(jobs),
    context: { limits, wanted: wantedNames(rules, asked), debugFiles: debugFolders?.key },
    // Each image of one side has its own on the other side.
    seen: createSeenCatalogs(groups.length > 1 ? mostBetween : 1),
    judgedBefore: groups.flat().length > 1 ? new JudgedBefore() : undefined,
    systemFor: createRequiredSystems(policy),
  };
  try {
    const reports: Scanned[] = [];
    for (const [index, references] of groups.entries())
      reports.push(
        await scanGroup(references, options, { ...run, isLast: index === groups.length - 1 }),
      );
    return reports;
  } finally {
    await Promise.all([run.reader.close(), extractor.close()]);
  }
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
  const { rules, rulesVersion, policy } = options.judging;
  const targets: TargetReport[] = [];
  const refused: UsageError[] = [];
  for (const [index, reference] of references.entries()) {
    const isLast = run.isLast && index === references.length - 1;
    const own = { ...run, isLast };
    const found = await scanReference(reference, options, own).catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error);
      return [refusedTarget(reference, error)];
    });
    targets.push(...found);
  }
  // One of many hides none of the others, but there must be others.
  if (refused.length === references.length && refused[0] !== undefined) throw refused[0];
  const { judgement, compared } = weighByPolicy(targets, policy);
  const asked = rules.map(({ id }) => id);
  return { report: assembleReport(judgement, asked, rulesVersion), compared };
}

/** Of everything in a catalog about files, so that the cache can distinguish catalogs. */
function wantedNames(rules: readonly Rule[], asked: readonly string[]): ReadonlySet<string> {
  const names: readonly string[] = [...wantedFacts(rules, asked)];
  return new Set(wantsLinkTables(rules, asked) ? [...names, 'link tables'] : names);
}

interface ScanRun {
  readonly extractor: Extractor;
  readonly reader: LayerReader;
  readonly limited: LimitFunction;
  readonly context: CatalogContext;
  readonly seen: SeenCatalogs;
  readonly judgedBefore: JudgedBefore | undefined;
  readonly systemFor: ReturnType<typeof createRequiredSystems>;
  /** No other reference, or target of it, is read after this one. */
  readonly isLast: boolean;
}

async function scanReference(
  reference: string,
  options: ScanOptions,
  run: ScanRun,
): Promise<TargetReport[]> {
  const { input, running } = options;
  const { remote } = running;
  let source: OpenSource;
  try {
    source = await (running.open?.(reference) ??
      openTarget(reference, { ...input, ...(remote && { remote }) }));
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return [assembleTarget(unopened(reference), [], null, [problemOf(error, reference)])];
  }
  try {
    const reports: TargetReport[] = [];
    for (const [index, target] of source.targets.entries()) {
      const isLast = run.isLast && index === source.targets.length - 1;
      const based = input.base === undefined ? target : onNamedBase(target, input.base);
      reports.push(await scanTarget(based, options, { ...run, isLast }));
    }
    return reports;
  } finally {
    await source.close();
  }
}

async function scanTarget(
  target: Target,
  { input, judging, running }: ScanOptions,
  run: ScanRun,
): Promise<TargetReport> {
  const place = (await running.places?.open(target, run.context)) ?? null;
  for (const content of place?.known ?? []) run.extractor.remember(content);
  const read = async (digests: Digests) => {
    const catalogs = await catalogLayers(target, running, { ...run, place }, digests);
    // Judging takes memory, and most of it where there is much to judge.
    if (run.isLast) {
      run.seen.clear();
      await Promise.all([run.reader.close(), run.extractor.close()]);
    }
    return catalogs;
  };
  const catalogs = await read('guessed');
  const { excludes, report } = createExclusions(input.exclude);
  // A single file has no place in a root: it is called as it was given, and so is what lies in it.
  const plain = printableName(`/${basename(target.name)}`).length;
  const calledAs = (path: string) =>
    target.kind === 'file' ? printableName(target.name) + path.slice(plain) : path;
  const ownListsOf = createOwnLists(judging.policy);
  const judged = await judgeTarget(target, catalogs, {
    rules: judging.rules,
    limits: input.limits,
    excludes,
    requiredSystem: run.systemFor({ ...target, namedBy: target.namedBy ?? 'given' }),
    withLibraryUse: judging.allFacts === true,
    ownListsOf:
      ownListsOf === null
        ? undefined
        : (binary) => ownListsOf({ ...binary, path: calledAs(binary.path) }),
    withDigests: () => read('all'),
    judgedBefore: run.judgedBefore,
  });
  await place?.keep();
  run.seen.next();
  const binaries =
    target.kind === 'file'
      ? judged.binaries.map((binary) => ({ ...binary, path: calledAs(binary.path) }))
      : judged.binaries;
  const more = { ...judged, exclusions: report() };
  const image = imageInEntries(target, catalogs);
  const problems = image === null ? judged.problems : [...judged.problems, image];
  return assembleTarget(target, binaries, judged.os, problems, more);
}

/** Those that databases of packages know files by: where there is a sign of a database, or of every file. */
type Digests = 'guessed' | 'all';

function catalogLayers(
  target: Target,
  { cache, onProgress }: RunningOptions,
  run: ScanRun & { readonly place: SeenPlace | null },
  digests: Digests,
) {
  let done = 0;
  let files = 0;
  let bytes = 0;
  const { name, layers } = target;
  const report = (step: Progress['step']) =>
    onProgress?.({ step, name, done, total: layers.length, files, bytes });
  const extract = async (elf: PlacedElf) => {
    files += 1;
    bytes += elf.place.length;
    report('layer');
    const extraction = await run.extractor.extract(elf);
    run.place?.meet({ look: elf.look, extraction });
    return extraction;
  };
  const wantedOf = (layer: Layer): WantedDigests => {
    if (digests === 'all') return 'all';
    if (!mayHavePackages(target)) return [];
    // The layers above another say less of themselves.
    return layer.digests?.() ?? (layer === layers[0] ? 'by-signs' : otherAlgorithms);
  };
  const catalog = async (layer: Layer) => {
    const { reader, context, seen } = run;
    // What is kept may lack some of them.
    const known =
      digests === 'all' ? null : ((await seen.find(layer)) ?? (await cache?.find(layer, context)));
    const result = known ?? (await reader.read(layer, extract, wantedOf(layer)));
    if (!known) await cache?.keep(layer, context, result);
    seen.keep(layer, result);
    done += 1;
    report('layer');
    return result;
  };
  report('open');
  return Promise.all(target.layers.map((layer) => run.limited(() => catalog(layer))));
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
