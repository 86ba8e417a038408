/**
 * What one pass over a file's machine code saw. Every number is a file offset, and every list ascends, so lists can
 * be merged with function ranges without searching.
 */
export interface Sightings {
  /** The canary is put on the stack: the guard is loaded (and stored in the frame, where the pattern shows it). */
  readonly canaryStores: number[];
  /** The canary on the stack is compared with the guard. */
  readonly canaryChecks: number[];
  /**
   * A frame slot is compared with a word from memory, and the branch for "differs" makes a call. It is a canary check
   * when most such branches of the file call the same function.
   */
  readonly guardedCalls: GuardedCall[];
  /** An instruction computes the address of something in the frame. */
  readonly stackAddresses: number[];
  /** Stores at an index of an array in a frame, for which no address is taken, and addresses of such elements. */
  readonly indexedStores: number[];
  /** The stack pointer is lowered by more than a page at once: unwind information hides that behind a frame pointer. */
  readonly largeAllocations: number[];
  /** A page of a frame is touched in order while the frame is made. */
  readonly stackProbes: number[];
  /** Return addresses are signed or the shadow stack is used explicitly (PAC). */
  readonly returnSignings: number[];
}

export interface GuardedCall {
  readonly at: number;
  /** The function called: its file offset, or any number that is the same for the same function. */
  readonly callee: number;
}

/** What sightings are made of, but for calls. */
export type SightingList = Exclude<keyof Sightings, 'guardedCalls'>;

export function noSightings(): Sightings {
  return {
    canaryStores: [],
    canaryChecks: [],
    guardedCalls: [],
    stackAddresses: [],
    indexedStores: [],
    largeAllocations: [],
    stackProbes: [],
    returnSignings: [],
  };
}
