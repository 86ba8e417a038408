import { type LayerCache, layerCache } from '../../../src/cache/layer-cache.ts';
import type { TargetReport, Verdict } from '../../../src/index.ts';
import { plainScan } from '../../plain-scan.ts';
import type { Prediction } from '../predict-start.ts';
import { startsHere } from '../starts-here.ts';
import type { ImageCase } from './image-case.ts';

export interface ImagePrediction {
  /** Of `entrypoint-starts`, or while a scan does not have the rule null. */
  readonly start: Prediction | null;
  /** Of `loadable`; null where it has nothing to say of the case. */
  readonly loadable: Prediction | null;
}

const judging = ['loadable', 'entrypoint-starts'];

/** The base's layer is read once for all cases. */
export function createMemory(): LayerCache {
  const entries = new Map<string, Buffer>();
  const store = {
    read: async (key: string) => entries.get(key) ?? null,
    write: async (key: string, content: Buffer) => void entries.set(key, content),
  };
  return layerCache(store, 'one run');
}

/**
 * Of a layout with the images `case` and `bare`, which names no command: `entrypoint-starts` judges what the first starts,
 * `loadable` the same program as a file of the second, where nothing of the config matters to it.
 */
export async function predictImage(
  layout: string,
  memory: LayerCache,
  { image, program }: ImageCase,
): Promise<ImagePrediction> {
  const start = startOf(await scanOne(`oci-dir:${layout}:case`, memory));
  const { env = [], user, workingDir, architecture } = image;
  const isPlain =
    env.length === 0 && [user, workingDir, architecture].every((each) => each === undefined);
  if (program === null || !isPlain) return { start, loadable: null };
  return { start, loadable: loadableOf(await scanOne(`oci-dir:${layout}:bare`, memory), program) };
}

async function scanOne(reference: string, cache: LayerCache): Promise<TargetReport> {
  const report = await plainScan(reference, { only: judging, cache });
  const [target] = report.targets;
  if (target === undefined) throw new Error('no target');
  return target;
}

function startOf({ image }: TargetReport): Prediction | null {
  const verdict = image?.verdicts.find(({ rule }) => rule === 'entrypoint-starts');
  if (verdict === undefined || verdict.outcome === 'not-applicable') return null;
  return predictionOf(verdict);
}

function loadableOf({ binaries }: TargetReport, program: string): Prediction | null {
  const binary = binaries.find(
    ({ path, aliases }) => path === program || aliases.includes(program),
  );
  const verdict = binary?.verdicts.find(({ rule }) => rule === 'loadable');
  if (verdict === undefined || verdict.outcome === 'not-applicable') return null;
  return predictionOf(verdict);
}

function predictionOf({ outcome, message }: Verdict): Prediction {
  if (startsHere({ outcome, message })) return { fate: 'starts', message };
  if (outcome === 'not-applicable' || outcome === 'unknown')
    return { fate: null, message: `${outcome}: ${message}` };
  const isLate = message.startsWith('it starts, and dies');
  return { fate: isLate ? 'dies at the first call' : 'dies at start', message };
}
