import type { Evidence } from '../base/verdict.ts';
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import kind, { type BinaryKind } from './kind.ts';

/** How the file gets the code that it does not bring. */
export interface Linking {
  /** `none`: not linked at all (objects, modules, firmware, cores, debug information). */
  readonly how: 'dynamic' | 'static' | 'none';
  readonly evidence: readonly Evidence[];
}

const unlinked: readonly BinaryKind[] = [
  'object',
  'kernel-module',
  'kernel',
  'firmware',
  'boot-code',
  'core',
  'debug-only',
];

/** A program without a loader and without needs brings its libc along; a library never does, its program loads one. */
export default factExtractor('headers', (elf): Linking => {
  const { kind: is, evidence } = kind(elf);
  if (unlinked.includes(is)) return { how: 'none', evidence };
  const isStatic = is === 'static-executable' || (is === 'static-pie' && !needsLibraries(elf));
  return { how: isStatic ? 'static' : 'dynamic', evidence: [interpreterOf(elf), neededOf(elf)] };
});

function needsLibraries(elf: Elf): boolean {
  return elf.dynamicValue(DT.NEEDED) !== null;
}

function interpreterOf(elf: Elf): Evidence {
  return { what: 'PT_INTERP', saw: elf.interpreter ?? 'none' };
}

function neededOf(elf: Elf): Evidence {
  return { what: 'DT_NEEDED', saw: neededNames(elf) || 'none' };
}

/** That there are any is known without their names. */
function neededNames(elf: Elf): string {
  return optional(() => elf.dynamicStrings(DT.NEEDED).join(', ')) ?? 'not readable';
}
