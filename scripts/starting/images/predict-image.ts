import { defaultLimits, rules, scan, type TargetReport } from '../../../src/index.ts';
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
  return { start: null, loadable: program === null ? null : loadableOf(target, program) };
}

function loadableOf({ binaries, problems }: TargetReport, program: string): Prediction | null {
  const binary = binaries.find(
    ({ path, aliases }) => path === program || aliases.includes(program),
  );
  const verdict = binary?.verdicts.find(({ rule }) => rule === 'loadable');
  if (verdict === undefined) {
    return {
      fate: null,
      message: `not in the report: ${problems.map((each) => JSON.stringify(each)).join(' ')}`,
    };
  }
  const { outcome, message } = verdict;
  if (outcome === 'not-applicable') return null;
  if (outcome === 'pass') return { fate: 'starts', message };
  if (outcome !== 'fail') return { fate: null, message: `${outcome}: ${message}` };
  return {
    fate: message.startsWith('it starts, and dies') ? 'dies at the first call' : 'dies at start',
    message,
  };
}
