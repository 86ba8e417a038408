import type { Problem } from '../base/problem.ts';
import type { Severity } from '../base/verdict.ts';
import type { JudgedCondition } from '../report/conditions-of.ts';
import type {
  Exclusion,
  Gate,
  InactiveAcceptance,
  PolicyFile,
  PolicyMessage,
  SetAside,
  SettingInForce,
  Tool,
} from '../report/report.ts';

/** What an auditor asks of saved reports: who accepted what until when, by which policy, and what was left out. Plain data. */
export interface Audit {
  readonly schemaVersion: '1.0.0';
  readonly tool: Tool;
  /** Day of the audit, as it was given. */
  readonly date: string | null;
  /** What ends up to a day is marked. null: nobody asked. */
  readonly ending: Ending | null;
  readonly reports: readonly AuditedReport[];
  /** What first ends comes first. */
  readonly acceptances: readonly Acceptance[];
  /** What was written to accept something, and did not count: what ends first comes first. */
  readonly inactive: readonly Inactive[];
  /** By name. */
  readonly people: readonly Answering[];
  readonly tickets: readonly Answering[];
  /** Each verdict that does not count because somebody accepted it: by report, image, path and rule. */
  readonly verdicts: readonly AcceptedVerdict[];
}

export interface Ending {
  readonly days: number;
  /** First day. */
  readonly from: string;
  /** Last day. */
  readonly until: string;
}

export interface AuditedReport {
  /** As the user called it. */
  readonly file: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly tool: Tool;
  readonly date: string | null;
  /** IDs of those that were asked; null: the report does not say. */
  readonly rules: readonly string[] | null;
  readonly profile: string;
  readonly sources: readonly PolicyFile[];
  readonly gate: AuditedGate;
  readonly images: readonly AuditedImage[];
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
  /** The same with kinds; null: the report does not say. */
  readonly messages: readonly PolicyMessage[] | null;
  /** Where the report does not follow from its own verdicts. */
  readonly contradictions: readonly string[];
  /** Rules of waivers, and rows of entries of a baseline, that accept nothing, and that the report does not list. */
  readonly inactiveUnlisted: number;
  /** What is not as by default; null: the report does not say. */
  readonly settings: readonly SettingInForce[] | null;
}

export interface AuditedGate extends Pick<Gate, 'state' | 'because'> {
  readonly of: NonNullable<Gate['of']>;
  readonly setAside: SetAside;
}

export interface AuditedImage {
  readonly name: string;
  readonly digest: string | null;
  readonly platform: string | null;
  /** Of this image alone, where it has settings of its own. */
  readonly profile: string | null;
  readonly binaries: number;
  readonly gate: AuditedGate;
  readonly conditions: readonly JudgedCondition[];
  /** ELF files that were not judged. */
  readonly excluded: number;
  /** By what; empty where the report does not say. */
  readonly exclusions: readonly Exclusion[];
  /** Parts that were not scanned. */
  readonly unread: number;
  /** Which, and why; and what left the result whole although it was not read. */
  readonly unreadParts: readonly UnreadPart[];
  /** Failures that a level takes out of the gate. */
  readonly leveled: readonly Leveled[];
}

export interface UnreadPart extends Pick<Problem, 'where' | 'message'> {
  /** Not at all; not by all rules; read, and nobody vouches for its name; or of a format that is not read. */
  readonly how: 'not-scanned' | 'not-whole' | 'unnamed' | 'not-read';
}

export interface Leveled {
  readonly rule: string;
  readonly how: 'switched-off' | 'not-required' | 'lowered' | 'known-deviation';
  readonly verdicts: number;
  /** The first ones, each once. */
  readonly paths: readonly string[];
}

/** A waiver, or an entry of a baseline, as the verdicts that it covers have it. */
export interface Acceptance extends Terms {
  readonly rules: readonly string[];
  /** Names, sorted. */
  readonly images: readonly string[];
  readonly verdicts: number;
  /** The first ones, each once. */
  readonly paths: readonly string[];
  /** null: nobody asked, or it has no end. */
  readonly ends: 'ended' | 'soon' | 'later' | null;
}

/** A waiver, or entries of a baseline, that accepted nothing in the reports that name it. */
export interface Inactive extends Terms {
  readonly state: InactiveAcceptance['state'];
  readonly because: string;
  readonly rules: readonly string[];
  /** Names of images of a waiver, as it spells them; of entries of a baseline. Empty: any. */
  readonly images: readonly string[];
  /** Globs of a waiver; of entries of a baseline the first ones. */
  readonly paths: readonly string[];
  /** All that a waiver selects by; null: it is none, or the report does not say. */
  readonly where: Readonly<Record<string, readonly string[]>> | null;
  /** Indexes of the reports. */
  readonly reports: readonly number[];
  /** What it would have accepted. */
  readonly verdicts: number;
  /** Of a baseline: how many entries, in the report that has most; null: it is a waiver. */
  readonly entries: number | null;
  readonly parts: readonly InactivePart[];
}

/** Of one report; of a baseline also of one rule and image. */
export interface InactivePart {
  /** Index of the report. */
  readonly report: number;
  readonly rules: readonly string[];
  /** Of entries of a baseline; null: any, or it is a waiver. */
  readonly image: string | null;
  /** Of entries of a baseline, the first ones. */
  readonly paths: readonly string[];
  readonly verdicts: number;
  /** Of each rule; null: the report does not say. */
  readonly verdictsByRule: Readonly<Record<string, number>> | null;
  readonly entries: number | null;
}

/** What was said when it was accepted. */
export interface Terms {
  readonly by: 'waiver' | 'baseline';
  readonly reason: string | null;
  readonly owner: string | null;
  readonly approvedBy: readonly string[];
  readonly ticket: string | null;
  readonly created: string | null;
  /** Last day; null: without end. */
  readonly expires: string | null;
  /** `hullcheck.yaml:12`; the file of a baseline; null: the report does not say. */
  readonly source: string | null;
  /** Of the file that the source is in. */
  readonly sourceSha256: string | null;
}

export interface AcceptedVerdict {
  /** Index of the report. */
  readonly report: number;
  readonly image: string;
  readonly digest: string | null;
  readonly platform: string | null;
  readonly rule: string;
  readonly outcome: 'fail' | 'unknown';
  readonly severity: Severity;
  readonly path: string;
  /** null: the image as a whole. */
  readonly sha256: string | null;
  /** Index of the acceptance. */
  readonly acceptance: number;
}

/** What one person, or one ticket, stands for. */
export interface Answering {
  readonly name: string;
  /** Indexes of acceptances. */
  readonly acceptances: readonly number[];
  /** Indexes of what did not count. */
  readonly inactive: readonly number[];
  readonly verdicts: number;
  /** The first end among them; null: none has one. */
  readonly firstEnd: string | null;
}
