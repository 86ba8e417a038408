/** A mistake in the arguments or files of the user: one sentence, exit code 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command line that cannot be parsed. */
export class ArgumentError extends UsageError {
  /** One line that is printed after the message. */
  readonly usage: string;

  constructor(message: string, usage: string) {
    super(message);
    this.usage = usage;
  }
}

/** Several mistakes, one sentence each, so that the user can fix all of them at once. */
export class UsageErrors extends UsageError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** Each as a sentence of its own. */
export function mistakesOf(error: UsageError): readonly string[] {
  return error instanceof UsageErrors ? error.mistakes : [error.message];
}

/** The run took longer than --timeout: one sentence and exit code 3, since the gate is undecided. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * The bytes of an input are not valid in their format. This is not a bug and does not end a run: it is
 * caught at the facts boundary (ELF) or the layer boundary (archives) and becomes data in the report.
 * The message says what was seen, where, and what was expected.
 */
export abstract class DamagedInput extends Error {}

/** An ELF file contradicts the ELF specification or ends too early. */
export class MalformedElf extends DamagedInput {
  override readonly name = 'MalformedElf';
}

/** An archive, a compressed stream, a manifest or a blob is damaged, incomplete or not what its digest says. */
export class MalformedInput extends DamagedInput {
  override readonly name = 'MalformedInput';
}

/** A blob does not match its expected digest, size or diffID. */
export class DigestMismatch extends DamagedInput {
  override readonly name = 'DigestMismatch';
}

/** A manifest names a blob or file that is not in the archive. */
export class MissingPart extends DamagedInput {
  override readonly name = 'MissingPart';
}

/** The operating system cannot read a part: no permission, a failing disk. */
export class UnreadablePart extends DamagedInput {
  override readonly name = 'UnreadablePart';
}

/** A part seems valid, but hullcheck does not support its format, version or feature. */
export class UnsupportedFormat extends DamagedInput {
  override readonly name = 'UnsupportedFormat';
}

/** A bug in hullcheck stopped the reading of a part: the part is not judged, and the run continues. */
export class FailedPart extends DamagedInput {
  override readonly name = 'FailedPart';
}

/** An input exceeds a limit (see limits.ts). The part that exceeds it is not judged. */
export class LimitExceeded extends DamagedInput {
  override readonly name = 'LimitExceeded';
}
