/** `hullcheck/rule`: what a plug-in imports to write rules. */

import type { Remedies, Severity, Verdict } from '../base/verdict.ts';
import type { BinaryKind } from '../facts/kind.ts';
import type { FactName, KnownFacts } from '../judge/rule.ts';

export { compileGlob } from '../base/glob.ts';
export { isOlder } from '../base/is-older.ts';
export {
  type Evidence,
  fail,
  notApplicable,
  pass,
  type Remedies,
  type Severity,
  type Toolchain,
  unknown,
  type Verdict,
} from '../base/verdict.ts';
export type { BinaryKind } from '../facts/kind.ts';
export type { FactName, Facts, KnownFacts } from '../judge/rule.ts';

/** A rule of a plug-in. It judges each binary by itself. */
export interface PluginRule<Needs extends FactName = FactName> {
  /** A prefix of your own, and a name for the good state: `acme/no-foo`. */
  readonly id: string;
  /** The good state, as a sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What `fail` of it may weigh instead. */
  readonly otherSeverities?: readonly Severity[];
  /** For code scanning, from 0.1 to 10. Absent: by the severity. */
  readonly securitySeverity?: number;
  readonly cwe?: readonly number[];
  /** Why it matters. Markdown. */
  readonly rationale?: string;
  /** How the verdict is reached. Markdown. */
  readonly evidence?: string;
  /** What to do: for all, or by toolchain. Markdown. */
  readonly remediation: string | Remedies;
  /** URLs. */
  readonly references?: readonly string[];
  /** Kinds of binaries that it judges. Absent: all that are programs, libraries, object files or parts of a kernel. */
  readonly kinds?: readonly BinaryKind[];
  /** It judges what packed files show, their stub. Absent: they are `unknown`. */
  readonly judgesPacked?: true;
  /** Facts that it needs. One that is not known makes the verdict `unknown`, and the rule is not asked. */
  readonly needs: readonly Needs[];
  /** Files, relative to the plug-in, by the verdict that they must get: `hullcheck rules test` asks. */
  readonly samples?: {
    readonly pass?: readonly string[];
    readonly fail?: readonly string[];
    readonly unknown?: readonly string[];
    readonly 'not-applicable'?: readonly string[];
  };
  /** Pure: by the facts alone, and the same each time. */
  check(facts: KnownFacts<Needs>): Verdict;
}

/** Keeps the types of a rule together: `export default defineRule({ ... })`, or a list of them. */
export function defineRule<const Needs extends FactName>(
  rule: PluginRule<Needs>,
): PluginRule<Needs> {
  return rule;
}
