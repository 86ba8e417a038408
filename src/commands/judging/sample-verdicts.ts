import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../base/errors.ts';
import { type Outcome, outcomes } from '../../base/verdict.ts';
import type { BinaryRule } from '../../judge/rule.ts';
import type { Plugin } from '../../plugins/load-plugin.ts';
import { plainPolicy } from '../../policy/policy.ts';
import { plainInput } from '../../scan/scan-options.ts';

/** What a rule of a plug-in says of one of its samples. */
export interface SampleVerdict {
  readonly rule: string;
  /** As the plug-in names it. */
  readonly sample: string;
  readonly want: Outcome;
  /** Of the rule, or why there is none. */
  readonly saw: string;
  readonly isRight: boolean;
}

/** Samples are scanned one by one, by the one rule alone. A sample may be whatever a scan reads: each binary in it must get the verdict. */
export async function* sampleVerdicts({
  url,
  rules,
}: Pick<Plugin, 'url' | 'rules'>): AsyncGenerator<SampleVerdict> {
  const folder = dirname(fileURLToPath(url));
  for (const rule of rules)
    for (const want of outcomes)
      for (const sample of rule.samples[want] ?? [])
        yield {
          rule: rule.id,
          sample,
          want,
          ...(await judged(rule, resolve(folder, sample), want)),
        };
}

async function judged(
  rule: BinaryRule,
  path: string,
  want: Outcome,
): Promise<Pick<SampleVerdict, 'saw' | 'isRight'>> {
  const { scan } = await import('../../scan/scan.ts');
  const options = {
    input: plainInput,
    judging: { rules: [rule], policy: plainPolicy() },
    running: { jobs: 1 },
  };
  try {
    const { targets } = await scan([path], options);
    const binaries = targets.flatMap((target) => target.binaries);
    const verdicts = binaries.flatMap((binary) => binary.verdicts);
    const wrong = verdicts.find(({ outcome }) => outcome !== want) ?? verdicts[0];
    if (wrong === undefined) return { saw: 'there is no ELF file in it', isRight: false };
    return { saw: `${wrong.outcome}: ${wrong.message}`, isRight: wrong.outcome === want };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { saw: error.message, isRight: false };
  }
}
