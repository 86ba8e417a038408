import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { amount } from '../base/amount.ts';
import { UsageError } from '../base/errors.ts';

/** What GitHub refuses: docs.github.com, "SARIF support for code scanning", validating. */
const limits = { runs: 20, results: 25_000, compressed: 10 * 1024 ** 2 } as const;

/** Above this GitHub keeps the most severe results of a run. */
const mostKept = 5000;

export interface PackedSarif {
  /** gzip and then base64, as the API takes it. */
  readonly body: string;
  readonly runs: number;
  readonly results: number;
  /** Bytes after gzip. */
  readonly size: number;
  /** What GitHub will leave out, in sentences. */
  readonly warnings: readonly string[];
}

/** Throws UsageError for a file that is not SARIF, or that GitHub would refuse for its size. */
export async function packSarif(bytes: Buffer): Promise<PackedSarif> {
  const results = resultsOf(parse(bytes));
  if (results.length > limits.runs)
    throw tooMuch(`has ${results.length} runs`, `${limits.runs} in a file`);
  const most = Math.max(0, ...results);
  if (most > limits.results)
    throw tooMuch(`has ${most} results in one run`, `${limits.results} in a run`);
  const compressed = await promisify(gzip)(bytes, { level: 9 });
  if (compressed.length > limits.compressed)
    throw tooMuch(`is ${compressed.length} bytes after gzip`, `${limits.compressed} bytes`);
  return {
    body: compressed.toString('base64'),
    runs: results.length,
    results: results.reduce((sum, count) => sum + count, 0),
    size: compressed.length,
    warnings: results
      .filter((count) => count > mostKept)
      .map(
        (count) =>
          `of ${amount(count, 'result')} in a run GitHub keeps the ${mostKept} most severe`,
      ),
  };
}

function tooMuch(seen: string, allowed: string): UsageError {
  return new UsageError(`the SARIF file ${seen}, and GitHub takes at most ${allowed}`);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new UsageError(`not a SARIF file: ${error instanceof Error ? error.message : error}`);
  }
}

/** Number of results of each run. */
function resultsOf(document: unknown): readonly number[] {
  if (member(document, 'version') !== '2.1.0')
    throw new UsageError('not a SARIF file: its version is not 2.1.0');
  const runs = member(document, 'runs');
  if (!Array.isArray(runs)) throw new UsageError('not a SARIF file: it has no list of runs');
  return runs.map((run: unknown, index) => {
    const results = member(run, 'results');
    // GitHub's own upload step stops at such a file with an error that names no cause.
    if (!Array.isArray(results))
      throw new UsageError(`run ${index + 1} of the SARIF file has no list of results`);
    return results.length;
  });
}

/** A member of a parsed JSON document whose shape is not known; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
