import type { BaseImage, ImageConfig } from '../base/image-config.ts';
import type { Problem } from '../base/problem.ts';
import type { Outcome, Severity, Verdict } from '../base/verdict.ts';
import type { Facts } from '../root/root-facts.ts';
import type { OperatingSystem } from '../root/system/operating-system.ts';

/** One scan's whole result: sorted, frozen, free of clock, host paths and random ids. Reporters only read it. */
export interface Report {
  readonly schemaVersion: '1.0.0';
  readonly tool: Tool;
  /** Day of the run, as `2026-11-30`. Absent: nobody gave one. A clock would make no two reports equal. */
  readonly date?: string;
  /** IDs of the rules that were asked, sorted. Absent in a report of an older version. */
  readonly rules?: readonly string[];
  /** Which facts it has: `needed` is what a saved report has by default. Absent: all. */
  readonly facts?: 'needed' | 'all';
  readonly targets: readonly TargetReport[];
  readonly counts: Counts;
  readonly policy: PolicyReport;
  /** The older release that its gate compares with. Absent: it stands by itself. */
  readonly against?: Against;
  /** Over all images: the worst of theirs. */
  readonly gate: Gate;
}

export interface Tool {
  readonly name: 'hullcheck';
  readonly version: string;
  /** Absent where the rules were given by a program, and in a report of an older version. */
  readonly rules?: RulesVersion;
}

/** Which rules a version of hullcheck has. How they decide is a matter of its version. */
export interface RulesVersion {
  readonly count: number;
  /** In hexadecimal, of what the rules declare about verdicts. */
  readonly sha256: string;
}

export interface TargetReport {
  readonly name: string;
  /**
   * Who says the name: it stands in what is opened and its maker wrote it, the user selected the image by it, or it is how the user called the input
   * (`given`). Absent in a report of an older version, of which nobody knows.
   */
  readonly namedBy?: 'content' | 'user' | 'given';
  readonly scheme: string;
  /** The user named the scheme. Absent: the content decided what it is, or a report of an older version. */
  readonly schemeBy?: 'user';
  readonly kind: 'image' | 'root-filesystem' | 'package' | 'file';
  /** Of a directory or an archive. Absent: it is neither. */
  readonly takenFor?: TakenFor;
  readonly digest: string | null;
  readonly platform: string | null;
  /** Platforms of the same image that were not judged. Absent: there is none. */
  readonly otherPlatforms?: readonly string[];
  readonly config: ImageConfig | null;
  /** From os-release: `Alpine Linux v3.20`; null when the root has none. */
  readonly os: OperatingSystem | null;
  readonly layers: readonly LayerReport[];
  /** The image that it is built on, as far as that is known. Absent: it is not an image. */
  readonly base?: BaseImage;
  /** The image as a whole; absent where the target is none, and where no rule of the run judges images. */
  readonly image?: ImageReport;
  /** Sorted by path. */
  readonly binaries: readonly BinaryReport[];
  /**
   * Files of no package that may be executed, or are called like a library, static ones too, and are not ELF files: in the next comparison one
   * of them may stand where a program was. Sorted by path, at most 5,000. Absent: there is none, or a report of an older version.
   */
  readonly otherPrograms?: readonly OtherProgram[];
  readonly problems: readonly Problem[];
  /** ELF files that are not judged because the configuration leaves them out. */
  readonly excluded: number;
  /** By what, in the order of the configuration. Absent: nothing is to be left out, or a report of an older version. */
  readonly exclusions?: readonly Exclusion[];
  readonly counts: Counts;
  /** Settings that the configuration has for images of this name. Absent: those of the report. */
  readonly policy?: TargetPolicy;
  /** What its gate compares it with. Absent: nothing. */
  readonly against?: AgainstTarget;
  /** Of this image; files that are given one by one have one together. Absent in a report of an older version. */
  readonly gate?: Gate;
}

export interface OtherProgram {
  readonly path: string;
  readonly is: 'script' | 'archive' | 'static library' | 'empty file' | 'other file';
}

export interface TargetPolicy {
  readonly profile: string;
  /** Where they are written, in order: `hullcheck.yaml:12`. */
  readonly from: readonly string[];
}

export interface Exclusion {
  readonly glob: string;
  /** Paths of ELF files, and of files that may hold some, which it matches; another glob may match them too. */
  readonly files: number;
  /** The first of them, sorted. Absent: there is none, or a report of an older version. */
  readonly paths?: readonly string[];
}

/** The root of a system, which is all that its programs find; or a folder of programs, whose system is elsewhere. */
export type TakenFor = 'root' | 'folder';

export interface LayerReport {
  readonly index: number;
  readonly digest: string | null;
  readonly diffId: string | null;
  readonly createdBy: string | null;
  /** Whether it came with the base image; null where that is not known. */
  readonly origin: 'base' | 'own' | null;
}

/** What verdicts are of: a binary of a target, or the image as a whole. */
export interface Judged {
  readonly path: string;
  readonly aliases: readonly string[];
  /** null: the image as a whole. */
  readonly sha256: string | null;
  readonly layer: number | null;
  readonly facts: Partial<Facts>;
  /** Sorted by rule id. */
  readonly verdicts: readonly JudgedVerdict[];
}

/** What is judged of an image and of none of its binaries. */
export interface ImageReport {
  /** Of what it starts, as ENTRYPOINT or CMD name it: a path of its root, or the word that leads to none. */
  readonly path: string;
  /** Sorted by rule id. */
  readonly verdicts: readonly JudgedVerdict[];
}

/** One ELF file: hard links of it are aliases, and so are symbolic links that lead to it. */
export interface BinaryReport extends Judged {
  /** Absolute inside the target's root; for a single file the path as given. Bytes that are not UTF-8 as `\xNN`. */
  readonly path: string;
  readonly aliases: readonly string[];
  readonly sha256: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Index in the target's layers. */
  readonly layer: number;
  readonly facts: Facts;
  /** Sorted by rule id. */
  readonly verdicts: readonly JudgedVerdict[];
  /** Facts as they were found, where the policy says otherwise: an owner that is declared. Absent: it changed none. */
  readonly asFound?: FactsBefore;
}

/** null: the fact was not there. */
export type FactsBefore = { readonly [Name in keyof Facts]?: Facts[Name] | null };

/** A verdict of one rule; `severity` is what it weighs if it is a `fail`. A `fail` with neither mark is a finding. */
export interface JudgedVerdict extends Verdict {
  readonly rule: string;
  readonly severity: Severity;
  /** A level of the configuration or the profile takes this failure out of the gate. */
  readonly setAside?: 'switched-off' | 'not-required' | 'lowered';
  /** Stock files of the distribution deviate from its promise in this way, and why: they are notes. */
  readonly knownDeviation?: string;
  /** It does not count in the gate because of whose file it is; it is listed and counted as others are. */
  readonly outsideGate?: 'dependency' | 'distribution';
  /** The policy accepts this failure, or that it could not be decided. */
  readonly waived?: Waived;
  /** The baseline has this failure: it is not new. */
  readonly baselined?: true;
  /** Who accepted it, as the baseline has it. Absent: it does not say. */
  readonly baselinedBy?: BaselinedBy;
  /** The rule that fails this file for the same cause, and whose finding stands for both. */
  readonly countedWith?: string;
  /** A level switches the rule off for this file, and a condition names the rule: the pass covers nothing. */
  readonly off?: true;
  /** How it stands to the same verdict of the release that this one was compared with. Absent: it was not compared, or the old one has no such file. */
  readonly stands?: Stands;
  /** Of what is worse than in that release, or fails and is new in this one: its place in `against.causes` of the report, from 0. */
  readonly worseBy?: number;
  /** What of the verdict is otherwise before the policy. Absent: it changed nothing but marks. */
  readonly unweighed?: Unweighed;
}

/** How a verdict stands to that of an older release. */
export interface Stands {
  /** `as before`: it was no better. `neutral`, `unseen`: it changed, and is not worse. */
  readonly is: 'as before' | 'worse' | 'neutral' | 'unseen';
  /** What it was: an outcome, or the severity of a failure. Absent: the same, or better now. */
  readonly was?: string;
  /** Of what is worse: whose the file was, where that is another one now. */
  readonly wasOf?: 'yours' | 'dependency' | 'distribution';
  /** Of a new file that is worse: the first of the files that are gone and all passed. */
  readonly passedIn?: string;
  /** Of what is worse: nothing was lost, the code is new. */
  readonly newCode?: true;
  /** Of what is worse: there is less of the mitigation, which weighs more than a note. */
  readonly isLess?: true;
  /** It breaks the gate. */
  readonly breaks?: true;
}

/** The release that a target was compared with. */
export interface AgainstTarget {
  readonly name: string;
  readonly digest: string | null;
  readonly platform: string | null;
  /** Sentences: what could not be compared with it. */
  readonly uncompared: readonly string[];
  /** Sentences: what may have got worse, so that the gate is undecided unless it is broken anyway. Absent: nothing. */
  readonly unclear?: readonly string[];
  /** Of conditions over many verdicts: how far the old one was from failing, by condition. */
  readonly margins: Readonly<Record<string, number>>;
}

/** What a report was compared with, as the user gave it. */
export interface Against {
  /** The image, folder, file or saved report. */
  readonly given: string;
  /** Of its bytes, in hexadecimal, where it was a saved report. */
  readonly sha256?: string;
  /** Of the version of hullcheck that judged it. */
  readonly version: string;
  readonly targets: readonly Pick<AgainstTarget, 'name' | 'digest' | 'platform'>[];
  /** Findings and unknown verdicts that the old one has too. */
  readonly asBefore: number;
  /** Findings that only the old one has. */
  readonly gone: number;
  /** Verdicts that got worse. */
  readonly worse: number;
  /** Why; each verdict names its own. Absent: none got worse, or the report is of an older version. */
  readonly causes?: readonly WorseCause[];
}

/** What verdicts of one rule are worse for. Which, and how much they weigh, the verdicts say. */
export interface WorseCause {
  readonly rule: string;
  /** The option of a compiler or linker that was probably lost; null where no single one is known. */
  readonly flag: string | null;
  /** What happened, with the old figures and the new ones. Code stands between backticks. */
  readonly sentence: string;
  /** The command line, or the sentence, that brings it back. Markdown; null where none is known. */
  readonly remedy: string | null;
}

/** Members of a verdict as the rule gave them: those that the policy changed. */
export type Unweighed = Partial<
  Pick<JudgedVerdict, 'outcome' | 'severity' | 'message'> & Pick<Required<Verdict>, 'undecidedBy'>
>;

export interface Waived {
  readonly reason: string;
  /** Last day on which it is accepted, as `2027-01-31`; null: without end. */
  readonly expires: string | null;
  /** As the waiver has them. Absent: it does not say. */
  readonly owner?: string;
  readonly approvedBy?: readonly string[];
  readonly ticket?: string;
  readonly created?: string;
  /** Where the waiver is written: `hullcheck.yaml:12`. Absent in a report of an older version. */
  readonly origin?: string;
}

export interface BaselinedBy {
  /** As `2026-11-30`. */
  readonly date?: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly expires?: string;
}

export interface Counts {
  readonly binaries: number;
  /** `fail` without what is waived, in the baseline or counted with another finding; the last is `not-applicable` here. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Findings by severity. */
  readonly failures: Readonly<Record<Severity, number>>;
  readonly waived: number;
  readonly baselined: number;
  /** Findings and unknown verdicts that the older release has too. Absent: none, or nothing was compared. */
  readonly asBefore?: number;
  readonly problems: number;
}

/** By what the verdicts were weighed, and what a person should know of it. */
export interface PolicyReport {
  readonly profile: string;
  /** What is not as by default, sorted by name. Absent in a report of an older version. */
  readonly settings?: readonly SettingInForce[];
  /** Those that accept something here, in the order of their places. Absent in a report of an older version. */
  readonly waivers?: readonly WaiverInUse[];
  /** What entries of the baseline say that know something here, what ends first first. Absent as above. */
  readonly baseline?: readonly BaselineInUse[];
  /** What the policy was read from, besides the command line and the environment. */
  readonly files: readonly PolicyFile[];
  /** Sentences: what the policy requires but cannot have here. Sorted. */
  readonly warnings: readonly string[];
  /** Sentences: a waiver that has expired, one that matches nothing. Sorted. */
  readonly notices: readonly string[];
  /** The same with what each is about: warnings first, then notices. Absent in a report of an older version. */
  readonly messages?: readonly PolicyMessage[];
  /** Waivers and entries of the baseline that accept nothing, and why. Absent as above. */
  readonly inactive?: readonly InactiveAcceptance[];
  /** Rules of waivers in force, and rows of entries of the baseline, that accept nothing and are not among these, which are the first ones. Absent: all are. */
  readonly inactiveUnlisted?: number;
  /** Findings of the baseline that are gone, sorted by path and rule. */
  readonly fixed: readonly FixedFinding[];
}

export interface PolicyMessage {
  readonly level: 'warning' | 'notice';
  /** What it is about, as in policy-messages.ts; a later version may have more of them. */
  readonly kind: string;
  /** A sentence. */
  readonly message: string;
  /** What it is about, where that is one thing. */
  readonly rules?: readonly string[];
  /** Of the entry in a configuration: `hullcheck.yaml:12`. */
  readonly origin?: string;
  readonly image?: string;
  readonly path?: string;
  /** Entries or findings that it stands for. */
  readonly count?: number;
}

/** What is written to accept findings, and accepts none here. Entries of a baseline of one rule and image with equal people and dates are one. */
export interface InactiveAcceptance {
  readonly by: 'waiver' | 'baseline';
  /**
   * Past its end; beyond what a configuration allows; of findings that weigh more, or fail for more, now; by a word of the image that the policy does not
   * accept; without a finding; in force, and nobody can say that it does nothing; or of images that are not here.
   */
  readonly state: 'ended' | 'refused' | 'raised' | 'unaccepted' | 'unused' | 'idle' | 'elsewhere';
  /** The end of a sentence. */
  readonly because: string;
  /** Sorted. */
  readonly rules: readonly string[];
  /** What it would accept if it counted. */
  readonly verdicts: number;
  /** The same of each rule of a waiver. Absent: it has one rule, or there are none. */
  readonly verdictsByRule?: Readonly<Record<string, number>>;
  /** Of a baseline: how many. Absent: it is one waiver. */
  readonly entries?: number;
  /** Of entries of a baseline, the first ones. Absent: it is a waiver. */
  readonly paths?: readonly string[];
  /** Of entries of a baseline. Absent: it is a waiver, or they are of any image. */
  readonly image?: string;
  /** What a waiver selects by, as the configuration spells it (`image`, `path`, `package` ...). Absent: these are entries of a baseline. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly reason?: string;
  readonly owner?: string;
  readonly approvedBy?: readonly string[];
  readonly ticket?: string;
  /** Day on which it was accepted. */
  readonly created?: string;
  /** Last day. Absent: it has no end. */
  readonly expires?: string;
  /** Of a waiver, where it is written: `hullcheck.yaml:12`. */
  readonly origin?: string;
}

export interface PolicyFile {
  readonly role: 'configuration' | 'baseline' | 'plugin';
  /** Relative to the working directory. */
  readonly name: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** Named by the user, found where hullcheck looks, or extended by one of these. */
  readonly how: 'named' | 'found' | 'extended';
}

export interface SettingInForce {
  /** `gate.fail-on` */
  readonly name: string;
  /** As JSON; cut where it is very long. */
  readonly value: string;
  /** `hullcheck.yaml:3:1`, `--fail-on`, `profile debian`. */
  readonly from: string;
}

/** What verdicts say of the waiver that accepts them, and how many do. */
export interface WaiverInUse extends Waived {
  /** Sorted. */
  readonly rules: readonly string[];
  readonly verdicts: number;
}

/** Entries of the baseline with the same people and dates, and how many verdicts they know. */
export interface BaselineInUse extends BaselinedBy {
  /** Sorted. */
  readonly rules: readonly string[];
  readonly verdicts: number;
}

export interface FixedFinding {
  /** Absent: the entry is of any image. */
  readonly image?: string;
  readonly rule: string;
  readonly path: string;
  /** The rule is content now, or the binary is not there any more. */
  readonly how: 'fixed' | 'removed';
}

/** What the run means for a pipeline. `open`: part of a target was not scanned, or there was nothing to scan. */
export interface Gate {
  /** Whose files count; absent in a report of a version where all did. */
  readonly of?: 'yours' | 'dependencies' | 'all';
  /** Least severity of a finding that breaks it. */
  readonly failOn: Severity | 'none';
  /** Rules of which any finding breaks it. */
  readonly failOnRules: readonly string[];
  readonly failOnUnknown: boolean;
  readonly state: 'holds' | 'broken' | 'undecided';
  /** One sentence. */
  readonly because: string;
  /** The conditions that do not hold, whatever the state. */
  readonly failed: readonly FailedCondition[];
  /** Conditions that hold, with what was counted, and those of a rule that applied to nothing. Absent: none. */
  readonly held?: readonly HeldCondition[];
  /** What else was asked, so that the gate can be judged again. Absent in a report of an older version. */
  readonly asked?: AskedConditions;
  /** Of rules that count in this gate. */
  readonly undecided: Undecided;
  readonly setAside: SetAside;
}

/** Failures that do not count, by what takes them out, and files that were not judged at all. */
export interface SetAside {
  readonly waived: number;
  /** Of these, what could not be decided. Absent: none. */
  readonly waivedUnknown?: number;
  readonly baselined: number;
  /** By the configuration. */
  readonly switchedOff: number;
  readonly notRequired: number;
  /** Of which rules, those with most first. Absent: none. */
  readonly notRequiredRules?: readonly string[];
  /** They would break this gate at their rule's own level. */
  readonly lowered: number;
  /** Findings and unknown verdicts that the older release has too. Absent: none, or nothing was compared. */
  readonly asBefore?: number;
  /** ELF files. */
  readonly excluded: number;
  /** They would break this gate, were it of all files. Absent: none. */
  readonly ofDependencies?: number;
  readonly ofDistribution?: number;
}

/** What rules could not decide, and why: the most frequent reasons, and how many more there are. */
export interface Undecided {
  readonly verdicts: number;
  readonly rules: number;
  /** How many of the verdicts damage or a spent budget left undecided; the files of the others are whole. */
  readonly damaged: number;
  readonly reasons: readonly {
    readonly because: string;
    readonly verdicts: number;
    /** `pie, relro of /bin/a and 2 more files`; absent in a report of an older version. */
    readonly of?: string;
  }[];
  readonly otherReasons: number;
}

/** Settings of a gate that its other members do not have. Absent: as by default. */
export interface AskedConditions {
  /** By rule, in per cent. */
  readonly coverage?: Readonly<Record<string, number>>;
  readonly coverageOf?: 'own';
  /** By rule or severity. */
  readonly maximum?: Readonly<Record<string, number>>;
  /** Rules that must apply to something; true: those that a condition names. */
  readonly required?: true | readonly string[];
  readonly allowEmpty?: true;
  readonly platforms?: 'all';
  readonly strictPolicy?: true;
  /** Of a comparison with an older release. Absent: low. */
  readonly worseThan?: Severity | 'none';
  /** What an image says of itself that may loosen the policy. */
  readonly accept?: readonly string[];
}

export interface HeldCondition {
  readonly condition: string;
  /** What was counted. */
  readonly because: string;
  /** Nothing here is of its kind, so it says nothing. Absent: it was asked, and holds. */
  readonly state?: 'applied to nothing';
}

export interface FailedCondition {
  /** As it is configured: `fail-on high`, `coverage of pie at least 100 %`. */
  readonly condition: string;
  /** What was counted instead. */
  readonly because: string;
  /** Whether single verdicts break it, or only their number over everything. */
  readonly of: 'verdicts' | 'totals';
}
