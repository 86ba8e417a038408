import { availableParallelism } from 'node:os';
import { rules as allRules } from '../../rules/index.ts';
import { rulesVersionOf } from '../judge/rules-version.ts';
import { plainPolicy } from '../policy/policy.ts';
import type { Report } from '../report/report.ts';
import * as engine from '../scan/scan.ts';
import {
  type InputOptions,
  type JudgingOptions,
  plainInput,
  type RunningOptions,
  type ScanOptions as WholeOptions,
} from '../scan/scan-options.ts';
import { type Input, openableInputs } from './inputs.ts';

/** Every member, and every member of these, may be absent. */
export interface ScanOptions {
  /** What is scanned of the inputs. Absent: all of an image for the default platform, with the default limits. */
  readonly input?: Partial<InputOptions>;
  /** Absent: all rules, and the plain policy. `loadConfig` gives that of configuration files. */
  readonly judging?: Partial<JudgingOptions>;
  /** Absent: as many layers and files in parallel as there are processors, and no cache. It never changes a report. */
  readonly running?: Partial<RunningOptions>;
}

/**
 * One report of all inputs. Damage in them is a problem in the report; throws UsageError if there is nothing to scan, and the reason of
 * `running.signal`.
 */
export async function scan(
  inputs: Input | readonly Input[],
  options: ScanOptions = {},
): Promise<Report> {
  const { references, whole } = prepared(inputs, options);
  return untilAborted(engine.scan(references, whole), whole.running.signal);
}

/**
 * A report for each image, package or file in the inputs, as soon as it is judged: one of them is in memory at a time. Each has its own
 * gate.
 */
export async function* scanTargets(
  inputs: Input | readonly Input[],
  options: ScanOptions = {},
): AsyncGenerator<Report, void, undefined> {
  const { references, whole } = prepared(inputs, options);
  const targets = engine.scanTargets(references, whole);
  try {
    for (;;) {
      const next = await untilAborted(targets.next(), whole.running.signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // What is aborted ends by itself: waiting for it could take as long as the step that it is in.
    const end = targets.return();
    if (whole.running.signal?.aborted !== true) await end;
    else end.catch(() => {});
  }
}

function prepared(inputs: Input | readonly Input[], options: ScanOptions) {
  const judging = {
    ...{ rules: allRules, policy: plainPolicy() },
    ...withoutUndefined(options.judging),
  };
  const input = { ...plainInput, ...withoutUndefined(options.input) };
  const running = { jobs: availableParallelism(), ...withoutUndefined(options.running) };
  const { remote } = running;
  const { references, open } = openableInputs(inputs, {
    ...{ platform: input.platform, limits: input.limits },
    ...(remote === undefined ? {} : { remote }),
  });
  const rulesVersion = judging.rules === allRules ? { rulesVersion: rulesVersionOf(allRules) } : {};
  const whole: WholeOptions = {
    input,
    judging: { ...rulesVersion, ...judging },
    running: { open, ...running },
  };
  return { references, whole };
}

/** A member that is given as undefined is absent. */
function withoutUndefined<T extends object>(given: T | undefined): Partial<T> {
  const members = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as Partial<T>;
}

/** Rejects at once; the work ends at its next step, and what it has open is closed then. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}
