import type { Expectation } from '../../profile.ts';

/** Facts of files for which a promise does not apply. */
export interface Exception extends Pick<Expectation, 'rules' | 'because' | 'source'> {
  readonly facts: NonNullable<Expectation['where']['facts']>;
}

/** From what is promised of the files that `where` selects. */
export function exceptIn(where: Expectation['where'], exception: Exception): Expectation {
  const { rules, because, facts, source } = exception;
  return { rules, level: 'off', because, where: { ...where, facts }, source };
}

/** A call that gcc proves right needs no check at run time: files built whole with the flag import both kinds. */
export const plainAgain: Exception = {
  rules: ['fortify-source'],
  because:
    'gcc turns a checked snprintf or sprintf back into a plain one where the format is "%s" or the length is known',
  facts: { 'fortify.state': ['partly'], 'fortify.level': [2, 3] },
  source: 'https://gcc.gnu.org/git/?p=gcc.git;a=blob;f=gcc/gimple-fold.cc',
};

/** `main(int argc, char **argv)` that hands on `&argc` takes a stack address, and gets no canary. */
export const parametersOnly: Exception = {
  rules: ['stack-protector'],
  because:
    'of one or two functions each may be one that takes the address of a parameter only, which -fstack-protector-strong leaves out',
  facts: {
    'stackProtector.state': ['unprotected'],
    'stackProtector.coverage.needing': [1, 2],
    // A frame that is too wide for parameters holds a buffer.
    'stackProtector.code.wideFrames': [0],
  },
  source: 'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html',
};

/** The kernel starts it with no loader, and nothing could load a library: it was linked with -static. */
export const linkedStatic: Exception = {
  rules: ['pie'],
  because: 'gcc makes PIEs by default, and -static asks it for a program at a fixed address',
  facts: { 'kind.kind': ['static-executable'], 'loadAddress.chosenBy': ['linker'] },
  source: 'https://gcc.gnu.org/onlinedocs/gcc/Link-Options.html',
};

/**
 * Of such a program the slots of IRELATIVE lie in .got.plt, which RELRO covers with -z now alone. The segment is there: -z norelro
 * makes none.
 */
export const lateSlotsOnly: Exception = {
  rules: ['relro'],
  because:
    'all that a program linked with -static writes at start are slots that RELRO covers only with -z now, which is not a default',
  facts: { 'kind.kind': ['static-executable'], 'relro.idle': [true] },
  source: 'https://sourceware.org/binutils/docs/ld/Options.html',
};

/** By code that is there: the table of Go's functions fits the functions that lie in it. */
export const linkedByGo: Exception = {
  rules: ['pie', 'relro'],
  because:
    "PIE and RELRO are defaults of gcc and of flags for it: Go's linker makes neither without -buildmode=pie",
  facts: { 'go.table': [true], 'loadAddress.chosenBy': ['linker'] },
  source: 'https://pkg.go.dev/cmd/go#hdr-Build_modes',
};
