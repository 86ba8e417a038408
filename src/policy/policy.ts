import type { RequiredSystem } from '../base/required-system.ts';
import type { Severity } from '../base/verdict.ts';
import type { BinaryKind } from '../judge/rule.ts';
import type { Note } from '../report/policy-messages.ts';
import type { PolicyFile, SettingInForce } from '../report/report.ts';
import type { Whose } from '../root/ownership/ownership.ts';
import type { BaselineEntry } from './baseline/entry.ts';
import type { Config } from './config/config.ts';
import type { Level } from './level.ts';
import type { Word } from './words/words.ts';

/** Everything that decides what verdicts weigh and what the run means. Plain data. */
export interface Policy {
  readonly profile: string;
  /** In order: the last one that matches a verdict sets its level. */
  readonly levels: readonly LevelChange[];
  readonly waivers: readonly Waiver[];
  /** In order: of several that match a file the first one counts. */
  readonly dependencies: readonly DeclaredDependency[];
  /** Wins over everything else that says whose a file is. */
  readonly yours: readonly OwnClaim[];
  /** A system that files have to run on. Absent: none is named. */
  readonly runsOn?: RequiredSystem;
  /** Verdicts that rest on separate debug files stay undecided. Absent: they count. */
  readonly refusesDebugFiles?: true;
  /** What files may need and export, and must not import. Absent: no list is there. */
  readonly lists?: PolicyLists;
  /** Null when nothing is compared. */
  readonly baseline: readonly BaselineEntry[] | null;
  readonly gate: GateConditions;
  /** Configurations, weakest first, where one of them has settings for images by name. Absent: none has. */
  readonly images?: readonly Config[];
  /** Rules that the run was narrowed to. Absent: all of them are asked. */
  readonly asked?: readonly string[];
  /** What it was read from. */
  readonly files: readonly PolicyFile[];
  /** What of it is not as by default, for the report. */
  readonly settings?: readonly SettingInForce[];
  /** For every format: what may have been meant to be part of it, and is not. */
  readonly remarks?: readonly Note[];
  /** As `2026-11-23`, in UTC: the clock is read by the caller, so that the same input gives the same report. */
  readonly today: string;
  /** The same where the user states it, for the report: a day of the clock would make no two reports equal. */
  readonly date?: string;
}

export interface LevelChange {
  readonly rule: string;
  readonly level: Level;
  /** Why, as the end of a sentence: it is shown where a failure is switched off. */
  readonly because: string;
  readonly where: Selector;
  /** Who sets it: the report counts what each of them removes. */
  readonly by: 'profile' | 'configuration';
  /** How stock files of a distribution are known to deviate from its promise. */
  readonly isDeviation?: true;
}

/** Which binaries are meant: those that every given member matches. Lists are alternatives. */
export interface Selector {
  /** Globs of names of images; see image-name.ts. */
  readonly image?: readonly string[];
  /** Globs, against the path and every alias. */
  readonly path?: readonly string[];
  /** Globs of names of packages, and of those of dependencies. */
  readonly package?: readonly string[];
  /** Globs of package URLs, with or without version and qualifiers. */
  readonly purl?: readonly string[];
  /** Globs of who looks after a package, in any case of letters: all of it or the address in it. */
  readonly maintainer?: readonly string[];
  /** sha256, in hexadecimal. */
  readonly digest?: readonly string[];
  readonly buildId?: readonly string[];
  readonly layer?: 'base' | 'own';
  readonly whose?: readonly Whose[];
  readonly kind?: readonly BinaryKind[];
  /**
   * Files of the distribution's packages. For a package that is scanned by itself: if the distribution built it, or
   * always if the user named the profile.
   */
  readonly promised?: 'by its maker' | 'as named';
  /** ID and VERSION_ID of os-release. */
  readonly os?: OsSelector;
  /** Names of machines, as the fact `machine` has them. */
  readonly machine?: readonly string[];
  /** By path into the facts, as `relro.state`: the values that match. */
  readonly facts?: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}

export interface OsSelector {
  readonly id: readonly string[];
  /** First release meant, as `12`; compared number by number. */
  readonly from?: string;
  /** First release not meant any more. */
  readonly before?: string;
}

/** Accepts failures of these rules, and what they could not decide. */
export interface Waiver {
  readonly rules: readonly string[];
  readonly where: Selector;
  /** Of a rule that fails for causes of many kinds: those that are accepted, and no other. */
  readonly causes: readonly string[];
  readonly reason: string;
  /** Last day on which it holds, as `2027-01-31`; null if it never ends. */
  readonly expires: string | null;
  /** Who answers for it. */
  readonly owner?: string;
  readonly approvedBy?: readonly string[];
  readonly ticket?: string;
  /** As `2026-11-30`. */
  readonly created?: string;
  /** Why it does not count although it has not ended: it is beyond what a configuration allows. One sentence. */
  readonly refused?: string;
  /** For messages: `hullcheck.yaml:12`. */
  readonly origin: string;
}

/** Files that the author of an image says are somebody else's: a runtime that no database of it lists. */
export interface DeclaredDependency {
  readonly where: Selector;
  readonly name: string;
  readonly version: string;
  readonly reason: string;
  /** For messages: `hullcheck.yaml:12`. */
  readonly origin: string;
}

/** Files that the user builds, whatever brings them into the image: an own package, wheel or module. */
export interface OwnClaim {
  readonly where: Selector;
  /** As it was written, for messages: `package acmed`. */
  readonly what: string;
  /** '' where none was given. */
  readonly reason: string;
  /** For messages: `hullcheck.yaml:12`, `--yours`. */
  readonly origin: string;
}

/** Own lists, each in the order of its file. */
export interface PolicyLists {
  readonly needed: readonly ListedNames[];
  readonly exports: readonly ListedNames[];
  /** Imports. */
  readonly denied: readonly ListedNames[];
}

/** Globs of names, for some files. */
export interface ListedNames {
  readonly names: readonly string[];
  readonly where: Pick<Selector, 'path' | 'kind' | 'package'>;
  /** '' where none was given. */
  readonly reason: string;
  /** For messages: `hullcheck.yaml:12`. */
  readonly origin: string;
}

/** All of them must hold. */
export interface GateConditions {
  /** Whose files count: those of the image's author, of dependencies too, or of the distribution too. */
  readonly of: 'yours' | 'dependencies' | 'all';
  readonly failOn: Severity | 'none';
  readonly failOnRules: readonly string[];
  readonly failOnUnknown: boolean;
  /** Of two releases: least severity of a verdict that got worse and breaks the gate. */
  readonly worseThan: Severity | 'none';
  /** By rule: least share of passes, in per cent, among binaries that the rule could decide or should have. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Whether only binaries of the image's own layers count for coverage, where the base image is known. */
  readonly coverageOf: 'all' | 'own';
  /** By rule or severity: most findings. */
  readonly maximum: Readonly<Record<string, number>>;
  /** Rules that must apply to something; true: those that a condition names. */
  readonly required: boolean | readonly string[];
  /** The gate holds when there is nothing to scan. */
  readonly allowEmpty: boolean;
  /** Every platform that an image is known to have must be judged. Absent: the one that was chosen suffices. */
  readonly platforms?: 'all';
  /** No entry of the policy may be past its end, beyond what is allowed, or without a use. */
  readonly strictPolicy?: boolean;
  /** What an image says of itself that may loosen the policy. Absent: all of it. */
  readonly accept?: readonly Word[];
}

export const defaultGate: GateConditions = {
  of: 'yours',
  failOn: 'high',
  failOnRules: [],
  failOnUnknown: false,
  worseThan: 'low',
  coverage: {},
  coverageOf: 'all',
  maximum: {},
  required: false,
  allowEmpty: false,
};

/** The rules' own severities, nothing accepted, and a gate of all files. */
export function plainPolicy(gate: Partial<GateConditions> = {}): Policy {
  return {
    profile: 'default',
    levels: [],
    waivers: [],
    dependencies: [],
    yours: [],
    baseline: null,
    gate: { ...defaultGate, of: 'all', ...gate },
    files: [],
    today: '1970-01-01',
  };
}
