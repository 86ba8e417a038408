import { object, readJson, string } from '../shapes/json-shapes.ts';
import { parseDocument } from './parse-document.ts';

const statement = object<{ predicate: { report: { digest: { sha256: string } } } }>({
  predicate: object({ report: object({ digest: object({ sha256: string }) }) }),
});

/** The sha256 of the report that an in-toto statement of `hullcheck attest` vouches for. Throws UsageError. */
export function readDigestOfReport(text: string): string {
  return readJson(statement, parseDocument(text, 'not a statement')).predicate.report.digest.sha256;
}
