/** The user asked for something that cannot be done as asked: one sentence, exit code 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Several such things, each a sentence of its own: who mends a file wants to see all that is wrong with it. */
export class UsageErrors extends UsageError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** The run took longer than the user allowed: one sentence, exit code 3, since the gate has no answer. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * The bytes of an input are not what their format demands. Never a bug and never fatal to a run: it is
 * caught at the facts boundary (ELF) or the layer boundary (archives) and becomes data in the report.
 * The message says what was seen, where, and what was expected.
 */
export abstract class DamagedInput extends Error {}

/** An ELF file contradicts the ELF specification or ends too early. */
export class MalformedElf extends DamagedInput {
  override readonly name = 'MalformedElf';
}

/** An archive, a compressed stream, a manifest or a blob is damaged, incomplete or not what its digest says. */
export class MalformedArchive extends DamagedInput {
  override readonly name = 'MalformedArchive';
}

/** A blob's bytes are not those that its digest, size or diffID promises. */
export class DigestMismatch extends DamagedInput {
  override readonly name = 'DigestMismatch';
}

/** A manifest names a blob or file that the archive does not hold. */
export class MissingPart extends DamagedInput {
  override readonly name = 'MissingPart';
}

/** The operating system refuses the bytes of a part: no permission, a failing disk. */
export class UnreadablePart extends DamagedInput {
  override readonly name = 'UnreadablePart';
}

/** A part is sound as far as can be told, but of a format, version or feature that is not read. */
export class UnsupportedFormat extends DamagedInput {
  override readonly name = 'UnsupportedFormat';
}

/** Reading a part met a bug of hullcheck: the part is not judged, and the run goes on. */
export class FailedPart extends DamagedInput {
  override readonly name = 'FailedPart';
}

/** An input asks for more than its budget (see limits.ts). The part that exceeds it is not judged. */
export class LimitExceeded extends DamagedInput {
  override readonly name = 'LimitExceeded';
}
