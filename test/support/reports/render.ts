import type { Report } from '../../../src/report/report.ts';
import { reporters } from '../../../src/reporters/index.ts';
import type { RenderOptions } from '../../../src/reporters/reporter.ts';
import { sampleRules } from './sample-report.ts';

/** The whole output of one format, as a pipe without colours would get it. */
export async function render(
  format: string,
  report: Report,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const reporter = await reporters[format]?.();
  if (reporter === undefined) throw new Error(`there is no reporter ${format}`);
  const plain = {
    color: false,
    width: 80,
    all: false,
    suppressions: false,
    verbose: false,
    packages: false,
    groupBy: null,
    toolchain: null,
    rules: sampleRules,
    alertLocation: null,
  };
  return [...reporter.render(report, { ...plain, ...options })].join('');
}
