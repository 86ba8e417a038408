/** What a rule is made of, and all that a rule may import. */

import type { Degree, Remedies, Severity, Verdict } from '../base/verdict.ts';
import type { Facts, MoreFacts } from '../root/root-facts.ts';
import type { ImageFacts } from '../root/start/image-facts.ts';
import { type Exemptions, listExemptions } from './exemptions.ts';

export { amount as count, listed, percent } from '../base/amount.ts';
export { mostFaults } from '../base/further-faults.ts';
export { compileGlob } from '../base/glob.ts';
export { isOlder } from '../base/is-older.ts';
export type { AllowedNames, DeniedNames, OwnLists } from '../base/own-lists.ts';
export {
  type ProcessorLevel,
  pageSizes,
  processorLevels,
  type RequiredSystem,
} from '../base/required-system.ts';
export {
  type Damage,
  type Degree,
  type Evidence,
  fail,
  notApplicable,
  pass,
  type Remedies,
  type Severity,
  type Toolchain,
  unknown,
  type Verdict,
  worst,
} from '../base/verdict.ts';
export type { BinaryKind } from '../facts/kind.ts';
export { pageAnswer, sizesText } from '../facts/weighing/page-answer.ts';
export { thresholds } from '../facts/weighing/thresholds.ts';
export {
  describeLoader,
  isForMachine,
  libcOfLibrary,
  libcOfLoader,
  loadersInstead,
} from '../root/linkage/loaders-here.ts';
export { isMuslName } from '../root/loader/musl.ts';
export {
  evidenceOfLink,
  missingSymbolsText,
  obstacleText,
} from '../root/loader/result/link-texts.ts';
export { lacksAnything } from '../root/plugins/plugin-linkage.ts';
export type { Facts } from '../root/root-facts.ts';
export { adviceFor, goStatically, pathRemedies } from '../root/start/advice.ts';
export { nameOfCause } from '../root/start/cause.ts';
export type { ImageFacts } from '../root/start/image-facts.ts';
export { installRemedies } from '../root/system/alpine-packages.ts';
export {
  type Exemptions,
  freestanding,
  kindsOf,
  notLoaded,
  notPrograms,
  notStarted,
} from './exemptions.ts';

export type FactName = Exclude<keyof Facts, keyof MoreFacts>;

/** The facts that a rule needs, with their values: the judge has checked that they are known. */
export type KnownFacts<Needs extends FactName> = {
  readonly [Name in Needs]: Extract<Facts[Name], { known: true }>['value'];
};

export type ImageFactName = keyof ImageFacts;

export type KnownImageFacts<Needs extends ImageFactName> = {
  readonly [Name in Needs]: Extract<ImageFacts[Name], { known: true }>['value'];
};

/** What every rule says of itself. */
export interface RuleTexts {
  /** The good state, as a sentence without a full stop: `Executables can be loaded anywhere`. */
  readonly title: string;
  readonly severity: Severity;
  /**
   * What a verdict of it may weigh instead, the most severe first: saved reports are held to it. Absent: always its own. Exposure is
   * not part of it.
   */
  readonly otherSeverities?: readonly Severity[];
  /** For code scanning: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. */
  readonly securitySeverity: number;
  readonly cwe: readonly number[];
  /** Version of hullcheck that brought the rule; '' for a rule of a plug-in. */
  readonly since: string;
  /** The plug-in that brought it. Absent: it is one of hullcheck. */
  readonly from?: string;
  /** Why it matters, and what an attacker gains without it. Markdown. */
  readonly rationale: string;
  /** How the verdict is reached, and how to see it with readelf or objdump. Markdown. */
  readonly evidence: string;
  /** What to do, by toolchain. Markdown. */
  readonly remediation: Remedies;
  /** Where that is done: `root`, where the image or root is put together; else where the binary is built. */
  readonly remedied?: 'root';
  /** Rule that fails a file for the same cause and says more: where both fail, only that one does. */
  readonly yieldsTo?: string;
  /** URLs. */
  readonly references: readonly string[];
  /**
   * Names of files in samples/elf, by the verdict they must get; where the place of a file decides, files in an image of
   * samples/images, as `root-cases.tar:/usr/bin/setuid`; of a rule that judges images, those images, as `starts.docker.tar:TAG`.
   * A test holds the rule to them: one at least for each verdict it can give.
   */
  readonly samples: {
    readonly pass: readonly string[];
    readonly fail: readonly string[];
    readonly unknown?: readonly string[];
    readonly 'not-applicable'?: readonly string[];
  };
}

/** Facts that policies set. */
export type SettingFact = 'requiredSystem' | 'ownLists';

export interface RuleSetting {
  readonly fact: SettingFact;
  /** What is said of every file where the policy does not set it: the message of not-applicable. */
  readonly without: string;
  /** Samples are judged with it. */
  readonly ofSamples: unknown;
  /** Needs that only one member of the value has: they are not extracted, and the rule gets none of them, where it is absent. */
  readonly neededFor?: Readonly<Partial<Record<FactName, string>>>;
}

/** Needs of a rule, where its setting has this value. */
export function needsWith<Name extends string>(
  { needs, setting }: AskedNeeds<Name>,
  value: object,
): readonly Name[] {
  const only = new Map<string, string>(Object.entries(setting?.neededFor ?? {}));
  const members = new Map<string, unknown>(Object.entries(value));
  return needs.filter((need) => {
    const member = only.get(need);
    return member === undefined || members.get(member) !== undefined;
  });
}

export interface AskedNeeds<Name extends string> {
  readonly needs: readonly Name[];
  readonly setting?: Pick<RuleSetting, 'neededFor'>;
}

/** A rule that judges each binary by itself. */
export interface RuleDefinition<Needs extends FactName> extends RuleTexts {
  /** It judges every other kind. Groups first: `...notPrograms`, then what it has to say of one kind alone. */
  readonly exempt: Exemptions;
  /** A packed file shows only its stub: a rule that judges headers of the stub itself says so. Otherwise packed files are `unknown`. */
  readonly judgesPacked?: true;
  /** It asks what a policy sets, and nothing without it: where that is null, no other fact is needed. */
  readonly setting?: RuleSetting;
  /** A need that is not known makes the verdict `unknown`, with its reason. */
  readonly needs: readonly Needs[];
  /** Pure. */
  check(facts: KnownFacts<Needs>): Verdict;
  /** How much of the mitigation is there, whatever the verdict is; null: nothing was counted. Pure. */
  degree?(facts: KnownFacts<Needs>): Degree | null;
  /** What holds of a file whatever its kind is, where damage hides that; null: nothing does, and it is `unknown`. Pure. */
  checkAnyKind?(facts: KnownFacts<'acceptance' | 'placement' | 'judgedAsStart'>): Verdict | null;
}

/** A rule that gives one verdict on an image as a whole, and none on other targets. */
export interface ImageRuleDefinition<Needs extends ImageFactName> extends RuleTexts {
  /** A need that is not known makes the verdict `unknown`, with its reason. */
  readonly needs: readonly Needs[];
  /** Pure. */
  check(facts: KnownImageFacts<Needs>): Verdict;
}

interface Registered {
  /** The file's name, permanent: `stack-protector`. */
  readonly id: string;
}

/** A rule of any needs, as the registry holds it. */
export type Rule = BinaryRule | ImageRule;

export interface BinaryRule extends Registered, Omit<RuleDefinition<FactName>, 'check' | 'degree'> {
  readonly judges: 'binary';
  check(facts: KnownFacts<FactName>): Verdict;
  degree?(facts: KnownFacts<FactName>): Degree | null;
}

export interface ImageRule extends Registered, Omit<ImageRuleDefinition<ImageFactName>, 'check'> {
  readonly judges: 'image';
  check(facts: KnownImageFacts<ImageFactName>): Verdict;
}

/** Keeps the types of a rule file together: `export default defineRule({ ... })`. */
export function defineRule<const Needs extends FactName>(
  rule: RuleDefinition<Needs>,
): RuleDefinition<Needs> & { readonly judges: 'binary' } {
  return { judges: 'binary', ...rule };
}

/** The same for a rule that judges images. */
export function defineImageRule<const Needs extends ImageFactName>(
  rule: ImageRuleDefinition<Needs>,
): ImageRuleDefinition<Needs> & { readonly judges: 'image' } {
  return { judges: 'image', ...rule };
}

export function judgesBinaries(rule: Rule): rule is BinaryRule {
  return rule.judges === 'binary';
}

export function judgesImages(rule: Rule): rule is ImageRule {
  return rule.judges === 'image';
}

/** Kinds of binaries that it says nothing about, each with the reason. */
export function exemptionsOf(rule: Rule): readonly (readonly [kind: string, reason: string])[] {
  return rule.judges === 'binary' ? listExemptions(rule.exempt) : [];
}
