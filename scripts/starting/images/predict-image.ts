import { defaultLimits, rules, scan, type TargetReport, type Verdict } from '../../../src/index.ts';
import { plainPolicy } from '../../../src/policy/policy.ts';
import type { Prediction } from '../predict-start.ts';
import type { ImageCase } from './image-case.ts';

export interface ImagePrediction {
  /** Of `entrypoint-starts`, or while a scan does not have the rule null. */
  readonly start: Prediction | null;
  /** Of `loadable`; null where it has nothing to say of the case. */
  readonly loadable: Prediction | null;
}

/**
 * `entrypoint-starts` judges what the image starts, `loadable` everything else: the same program as a file of a bare root,
 * where nothing of the image's config matters to it.
 */
export async function predictImage(
  layout: string,
  root: string,
  { image, program }: ImageCase,
): Promise<ImagePrediction> {
  const start = startOf(await scanOne(`oci-dir:${layout}`, 'entrypoint-starts'));
  const { env = [], user, workingDir, architecture } = image;
  const isPlain =
    env.length === 0 && [user, workingDir, architecture].every((each) => each === undefined);
  if (program === null || !isPlain) return { start, loadable: null };
  return { start, loadable: loadableOf(await scanOne(root, 'loadable'), program) };
}

async function scanOne(reference: string, rule: string): Promise<TargetReport> {
  const report = await scan([reference], {
    rules: rules.filter(({ id }) => id === rule),
    exclude: [],
    platform: null,
    limits: defaultLimits,
    jobs: 1,
    policy: plainPolicy(),
    onProgress: () => {},
  });
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
  if (outcome === 'pass') return { fate: 'starts', message };
  if (outcome === 'not-applicable' || outcome === 'unknown')
    return { fate: null, message: `${outcome}: ${message}` };
  const isLate = message.startsWith('it starts, and dies');
  return { fate: isLate ? 'dies at the first call' : 'dies at start', message };
}
