import { placeKey } from '../binary-change.ts';
import type { TurnedChange } from '../verdict-changes.ts';

/** Options that `compiler-flags` reports, and the rule that sees what they do. */
const seenBy: readonly (readonly [option: RegExp, rule: string])[] = [
  [/^-fno-stack-protector /, 'stack-protector'],
  [/^-[UD]_FORTIFY_SOURCE/, 'fortify-source'],
  [/^-fno-stack-clash-protection /, 'stack-clash-protection'],
  [/^-fcf-protection=|^-mbranch-protection=/, 'control-flow-protection'],
  [/execstack /, 'non-executable-stack'],
];

/**
 * Where the rule would have got worse that shows what the recorded options of a file did: one cause, and not two. null: none of them
 * weakens anything, or they do something else too.
 */
export function sameFlagPlace({ change, subject }: TurnedChange): string | null {
  if (change.rule !== 'compiler-flags' || subject === null) return null;
  const verdict = subject.judged.verdicts.find(({ rule }) => rule === change.rule);
  const [faults] = verdict?.message.split(': in ') ?? [];
  if (verdict?.outcome !== 'fail' || faults === undefined) return null;
  const [rule = null, ...others] = new Set(faults.split(', ').map(ruleOf));
  if (rule === null || others.length > 0) return null;
  return placeKey(change.target, { path: change.path, rule });
}

function ruleOf(option: string): string | null {
  return seenBy.find(([pattern]) => pattern.test(option))?.[1] ?? null;
}
