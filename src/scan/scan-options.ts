import { defaultLimits, type Limits } from '../base/limits.ts';
import type { LayerCache } from '../cache/layer-cache.ts';
import type { PlaceCache } from '../cache/place-cache.ts';
import type { Rule } from '../judge/rule.ts';
import type { Policy } from '../policy/policy.ts';
import type { RulesVersion } from '../report/report.ts';
import type { NamedBase } from '../sources/image/base/named-base.ts';
import type { RemoteOptions } from '../sources/remote/remote-options.ts';
import type { OpenSource } from '../sources/source.ts';

/** What is scanned and how it is judged decide the report; how the scan runs never changes it. */
export interface ScanOptions {
  readonly input: InputOptions;
  readonly judging: JudgingOptions;
  readonly running: RunningOptions;
}

/** What is scanned of the images. */
export interface InputOptions {
  /** As in SourceOptions. */
  readonly platform: string | null;
  /** Globs of paths inside a target that are left out. */
  readonly exclude: readonly string[];
  /** What exceeds them is not read, and the report says so. */
  readonly limits: Limits;
  /** What each image is built on, where the user says it. */
  readonly base?: NamedBase | undefined;
  /** Folders of separate debug files, the first with a file that matches counts. Paths of this machine; absent: none. */
  readonly debugFolders?: readonly string[] | undefined;
}

export interface JudgingOptions {
  readonly rules: readonly Rule[];
  /** Of all rules that there are, for the report. */
  readonly rulesVersion?: RulesVersion | undefined;
  readonly policy: Policy;
  /** Facts that no rule needs are extracted too, for readers. */
  readonly allFacts?: boolean;
  /** Those too that reports of all facts do not have without a list of the policy that needs them. */
  readonly forInspection?: boolean;
}

export interface RunningOptions {
  /** Layers and files worked on in parallel. */
  readonly jobs: number;
  /** As in SourceOptions. */
  readonly remote?: RemoteOptions;
  /** Absent: every layer is read. */
  readonly cache?: LayerCache | undefined;
  /** Absent: every file of what no digest names is extracted. */
  readonly places?: PlaceCache | undefined;
  /** Opens the next reference, where that is not simply `openTarget`; the scan closes what it gives. */
  readonly open?: ((reference: string) => Promise<OpenSource>) | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run between two steps: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** How far the work on one target is: `done` of `total` layers, and how many ELF `files` of how many `bytes` were read. */
export interface Progress {
  readonly step: 'open' | 'layer' | 'judge';
  /** The target's name. */
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly files: number;
  readonly bytes: number;
}

/** All of an image for the default platform, with the default limits. */
export const plainInput: InputOptions = { platform: null, exclude: [], limits: defaultLimits };
