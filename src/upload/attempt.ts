/** An answer of the API, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON; null when the body is none. */
  readonly body: unknown;
}

/** One request: an answer with the header that says when to try again, or what went wrong on the way. */
export type Attempt =
  | (Answer & { readonly retryAfter: string | null; readonly exhausted: boolean })
  | { readonly error: string };
