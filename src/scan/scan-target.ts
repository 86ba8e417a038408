import { basename } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { otherAlgorithms } from '../base/package-managers.ts';
import { printableName } from '../base/text.ts';
import type { CatalogContext } from '../cache/layer-cache.ts';
import type { SeenPlace } from '../cache/place-cache.ts';
import type { SeenCatalogs } from '../cache/seen-catalogs.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import type { Extractor } from '../extraction/extractor.ts';
import { judgeTarget } from '../judge/judge-target.ts';
import type { JudgedBefore } from '../judge/judged-before.ts';
import type { LayerReader } from '../layer-threads/layer-reader.ts';
import { mayHavePackages, type WantedDigests } from '../layers/building/package-signs.ts';
import { createExclusions } from '../policy/exclusions.ts';
import type { createRequiredSystems } from '../policy/image-policies.ts';
import { createOwnLists } from '../policy/own-lists.ts';
import type { TargetReport } from '../report/report.ts';
import type { Layer, Target } from '../sources/source.ts';
import { imageInEntries } from './image-in-entries.ts';
import { assembleTarget } from './report-assembly.ts';
import type { Progress, RunningOptions, ScanOptions } from './scan-options.ts';

/** What the targets of a run share. */
export interface ScanRun {
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

/** One target: its layers are cataloged and overlaid, and its binaries found and judged. */
export async function scanTarget(
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
    signal: running.signal,
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
  { cache, onProgress, signal }: RunningOptions,
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
    signal?.throwIfAborted();
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
    signal?.throwIfAborted();
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
