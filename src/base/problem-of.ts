import {
  type DamagedInput,
  DigestMismatch,
  FailedPart,
  LimitExceeded,
  MissingPart,
  UnreadablePart,
  UnsupportedFormat,
} from './errors.ts';
import type { Problem } from './problem.ts';

/** How damage found at a boundary stands in the report. */
export function problemOf(error: DamagedInput, where: string): Problem {
  return { kind: kindOf(error), where, message: error.message };
}

function kindOf(error: DamagedInput): Problem['kind'] {
  if (error instanceof LimitExceeded) return 'limit';
  if (error instanceof DigestMismatch) return 'digest-mismatch';
  if (error instanceof MissingPart) return 'missing';
  if (error instanceof UnreadablePart || error instanceof FailedPart) return 'unreadable';
  if (error instanceof UnsupportedFormat) return 'unsupported';
  return 'damaged';
}
