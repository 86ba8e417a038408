import { UnreadablePart } from '../../base/errors.ts';

/** A registry answers, and does not give what was requested. */
export class Refused extends UnreadablePart {
  /** Of HTTP. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** No answer came, so that another way may do. */
export class Unreachable extends UnreadablePart {}
