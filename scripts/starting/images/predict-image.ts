import { defaultLimits, rules, scan, type TargetReport, type Verdict } from '../../../src/index.ts';
import { plainPolicy } from '../../../src/policy/policy.ts';
import type { Prediction } from '../predict-start.ts';

export interface ImagePrediction {
  /** Of `entrypoint-starts`, or while a scan does not have the rule null. */
  readonly start: Prediction | null;
  /** Of `loadable`; null where the case has no such program. */
  readonly loadable: Prediction | null;
}

const judging = new Set(['loadable', 'entrypoint-starts']);

export async function predictImage(
  layout: string,
  program: string | null,
): Promise<ImagePrediction> {
  const report = await scan([`oci-dir:${layout}`], {
    rules: rules.filter(({ id }) => judging.has(id)),
    exclude: [],
    platform: null,
    limits: defaultLimits,
    jobs: 1,
    policy: plainPolicy(),
    onProgress: () => {},
  });
  const [target] = report.targets;
  if (target === undefined) throw new Error('no target');
  return {
    start: startOf(target),
    loadable: program === null ? null : loadableOf(target, program),
  };
}

type WithImage = TargetReport & {
  readonly image?: { readonly verdicts: TargetReport['binaries'][number]['verdicts'] };
};

function startOf({ image }: WithImage): Prediction | null {
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
