import { UsageError } from '../base/errors.ts';
import { depthExcess } from '../base/json-bounds.ts';
import { object, readJson, string } from '../shapes/json-shapes.ts';

const statement = object<{ predicate: { report: { digest: { sha256: string } } } }>({
  predicate: object({ report: object({ digest: object({ sha256: string }) }) }),
});

/** The sha256 of the report that an in-toto statement of `hullcheck attest` vouches for. Throws UsageError. */
export function readDigestOfReport(text: string): string {
  const excess = depthExcess(text);
  if (excess !== null) throw new UsageError(`not a statement: it is ${excess}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`not a statement: ${error instanceof Error ? error.message : error}`);
  }
  return readJson(statement, document).predicate.report.digest.sha256;
}
