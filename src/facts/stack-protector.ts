import { type CanaryCode, canaryCode } from '../code/canaries/canary.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { undefinedNames } from './search/symbol-names.ts';
import type { Protection, ProtectionState } from './stack/protection-state.ts';
import { judgeProtection } from './stack/weigh-canaries.ts';

/** What a file shows of `-fstack-protector*`: by symbols, and in its machine code. */
export interface StackProtector extends Protection {
  /** Undefined symbols that only code with canaries imports. Proof of presence. */
  readonly imports: readonly string[];
  /** The same symbols where the file offers them to others: what a C library does, whatever its own code is like. */
  readonly exports: readonly string[];
  /** null when no pattern is known for the machine. */
  readonly code: CanaryCode | null;
}

/** gcc and clang with glibc, musl and bionic; OpenBSD-style guards; the Intel compiler. */
const canarySymbols = dynamicNames([
  '__stack_chk_fail',
  '__stack_chk_fail_local',
  '__stack_chk_guard',
  '__stack_smash_handler',
  '__guard',
  '__intel_security_cookie',
  '__intel_security_check_cookie',
]);

/** If section headers, which separate code from constants, might have decided it. */
const undecided: readonly ProtectionState[] = [
  'no-pattern',
  'few-addresses',
  'few-functions',
  'maybe-assembly',
  'inseparable',
];

export default factExtractor('code', (elf: Elf): StackProtector => {
  const imports = [...undefinedNames(elf)].filter((name) => canarySymbols.has(name)).sort();
  const code = canaryCode(elf);
  const found = judgeProtection(elf, imports, code);
  if (undecided.includes(found.state)) demandSections(elf);
  return {
    ...found,
    imports,
    exports: [...canarySymbols.definedIn(elf)].sort(),
    code,
  };
});
