/** What a rule is made of, and all that a rule may import. */
import type { BinaryKind } from './facts/kind.ts';
import type { Facts } from './judge.ts';
import type { Severity, Verdict } from './verdict.ts';

export type { BinaryKind } from './facts/kind.ts';
export type { Facts } from './judge.ts';
export {
  type Damage,
  type Evidence,
  fail,
  notApplicable,
  pass,
  type Severity,
  unknown,
  type Verdict,
} from './verdict.ts';

/** Where a remedy is applied. */
export type Toolchain =
  | 'gcc'
  | 'clang'
  | 'rustc'
  | 'go'
  | 'zig'
  | 'cmake'
  | 'alpine'
  | 'debian'
  | 'image';

export type FactName = keyof Facts;

/** The facts a rule asked for, with their values: the judge has settled that they are known. */
export type KnownFacts<Needs extends FactName> = {
  readonly [Name in Needs]: Extract<Facts[Name], { known: true }>['value'];
};

export interface RuleDefinition<Needs extends FactName> {
  /** The good state, as a sentence without a full stop: `Executables can be loaded anywhere`. */
  readonly title: string;
  readonly severity: Severity;
  /** For code scanning: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. */
  readonly securitySeverity: number;
  readonly cwe: readonly number[];
  /** Version of hullcheck that brought the rule. */
  readonly since: string;
  /** Why it matters, and what an attacker gains without it. Markdown. */
  readonly rationale: string;
  /** How the verdict is reached, and how to see it with readelf or objdump. Markdown. */
  readonly evidence: string;
  /** What to do, by toolchain. Markdown. */
  readonly remediation: Readonly<Partial<Record<Toolchain, string>>>;
  /** URLs. */
  readonly references: readonly string[];
  /** Kinds that the rule says nothing about, each with the reason. It judges every other kind. */
  readonly exempt: Readonly<Partial<Record<BinaryKind, string>>>;
  /** A packed file shows only its stub: a rule that judges headers of the stub itself says so. Otherwise packed files are `unknown`. */
  readonly judgesPacked?: true;
  /**
   * Names of files in samples/elf, by the verdict they must get; where the place of a file decides, files in an image of
   * samples/images, as `root-cases.tar:/usr/bin/setuid`. A test holds the rule to them: one at least for each verdict it can give.
   */
  readonly samples: {
    readonly pass: readonly string[];
    readonly fail: readonly string[];
    readonly unknown?: readonly string[];
    readonly 'not-applicable'?: readonly string[];
  };
  /** A need that is not known makes the verdict `unknown`, with its reason. */
  readonly needs: readonly Needs[];
  /** Pure. */
  check(facts: KnownFacts<Needs>): Verdict;
}

/** A rule of any needs, as the registry holds it. */
export interface Rule extends Omit<RuleDefinition<FactName>, 'check'> {
  /** The file's name, permanent: `stack-protector`. */
  readonly id: string;
  check(facts: KnownFacts<FactName>): Verdict;
}

/** Keeps the types of a rule file together: `export default defineRule({ ... })`. */
export function defineRule<const Needs extends FactName>(
  rule: RuleDefinition<Needs>,
): RuleDefinition<Needs> {
  return rule;
}
