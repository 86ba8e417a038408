import type { Degree } from '../../src/judge/rule.ts';
import type { Languages, StackProtector } from './messages.ts';

/**
 * How many of the functions that need a canary have one, and the compiler's level that it looks like. Next to another language these
 * are functions of C, as far as they are known apart; else the whole file's are counted, so that canaries that go away are missed.
 */
export function canaryDegree({
  stackProtector,
  language,
}: {
  readonly stackProtector: StackProtector;
  readonly language: Languages;
}): Degree | null {
  const { state, coverage, level, code } = stackProtector;
  switch (state) {
    case 'nothing-to-protect':
      return { share: [0, 0] };
    // What has no buffer there needs neither.
    case 'second-stack':
      return null;
    case 'other-runtime':
      // Go's own table of functions shows that there is no C that needs one.
      if (language.some(({ name, hardenedBy }) => name === 'go' && hardenedBy === 'runtime'))
        return { share: [0, 0] };
      return code === null ? null : ofEveryLanguage(code.whole.coverage);
    case 'mixed':
    case 'unproven-runtime':
      return code === null ? null : ofEveryLanguage(code.whole.coverage);
    default: {
      if (coverage === null) return null;
      const share = [coverage.needingProtected, coverage.needing] as const;
      return level === null || level === 'little' ? { share } : { share, level };
    }
  }
}

/** Without a table of functions nothing can be said of how many. */
function ofEveryLanguage(coverage: StackProtector['coverage']): Degree | null {
  return coverage === null
    ? null
    : { share: [coverage.needingProtected, coverage.needing], mixed: true };
}
