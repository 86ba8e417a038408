/**
 * What the counts of code are weighed by. Rules show these figures as their own; why they are used here, where files are read:
 * docs/decisions/0018-facts-weigh-by-figures-of-rules.md. Measured over 128 builds of real programs where nothing else is said.
 */
export const thresholds = {
  /** Of the rule stack-protector. */
  canaries: {
    /** Share of the functions that need a canary and have one: none 0 to 0.08, plain from 0.24, strong from 0.76. */
    leastCoverage: 0.15,
    strongCoverage: 0.7,
    /** Of the functions that need no canary: strong protects up to 0.02 of them, all from 0.72. */
    allFunctions: 0.5,
    /** Fewer functions make no ratio worth believing. */
    enoughForPartial: 20,
    enoughForLevel: 8,
    /**
     * Outside of described functions only instructions can be counted: in code built with `-fstack-protector-strong` there
     * are 9 canary instructions or more for 100 that take a stack address.
     */
    leastLoose: 0.02,
    enoughLoose: 200,
    /**
     * Without unwind information a frame pointer cannot be distinguished from any other use of its register, nor the
     * address of an argument from that of a buffer.
     */
    fewAddresses: 3,
    /**
     * gcc does not protect a function because of the address of an argument, which code does not show: one alone proves
     * nothing.
     */
    fewFunctions: 1,
    /**
     * In one object file that needs no canary many functions may take such addresses, as wrappers do: of 12,000 objects
     * built with `-fstack-protector-strong` (Debian's static libraries and kernel modules) those without a canary have up to 4.
     */
    manyOfObject: 8,
  },
  /** Of the rule stack-clash-protection. */
  probes: {
    /** Start-up code and hand-written assembly keep a few frames from being probed in programs that are built right. */
    nearlyAll: 0.9,
  },
  /** Of the rule fortify-source, for its hint under musl. Measured: busybox 1 in 8 KiB, libcrypto 1 in 15, without 0. */
  traps: {
    enough: 3,
    /** Bytes of code for each. */
    sparsest: 32 * 1024,
    /** So much code without a single one was built without, and less of it where it calls enough that could be checked. */
    muchCode: 256 * 1024,
    someCode: 64 * 1024,
    enoughFortifiable: 8,
  },
  /**
   * Of the rule control-flow-protection: shares of the functions. Compilers leave out landing pads where no pointer leads,
   * PLTs have none, and leaf functions need no signature. Of functions that a pointer surely leads to nearly all have one.
   */
  functions: { withLandingPad: 0.4, withSignedReturn: 0.2, readyTargets: 0.5 },
} as const;
