import type { Facts } from './judge.ts';
import type { Problem } from './problem.ts';
import type { ImageConfig } from './sources/source.ts';
import type { Outcome, Severity, Verdict } from './verdict.ts';

/** One scan's whole result: sorted, frozen, free of clock, host paths and random ids. Reporters only read it. */
export interface Report {
  readonly schemaVersion: '1.0.0';
  readonly tool: { readonly name: 'hullcheck'; readonly version: string };
  readonly targets: readonly TargetReport[];
  readonly counts: Counts;
  readonly gate: Gate;
}

export interface TargetReport {
  readonly name: string;
  readonly scheme: string;
  readonly kind: 'image' | 'root-filesystem' | 'file';
  readonly digest: string | null;
  readonly platform: string | null;
  readonly config: ImageConfig | null;
  /** From os-release: `Alpine Linux v3.20`; null when the root has none. */
  readonly os: OperatingSystem | null;
  readonly layers: readonly LayerReport[];
  /** Sorted by path. */
  readonly binaries: readonly BinaryReport[];
  readonly problems: readonly Problem[];
  readonly counts: Counts;
}

export interface OperatingSystem {
  readonly id: string;
  readonly versionId: string;
  readonly prettyName: string;
}

export interface LayerReport {
  readonly index: number;
  readonly digest: string | null;
  readonly diffId: string | null;
  readonly createdBy: string | null;
}

/** One ELF file: hard links of it are aliases, and so are symbolic links that lead to it. */
export interface BinaryReport {
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
}

/** A verdict of one rule; `severity` is what it weighs if it is a `fail`. */
export interface JudgedVerdict extends Verdict {
  readonly rule: string;
  readonly severity: Severity;
}

export interface Counts {
  readonly binaries: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Failed verdicts by severity. */
  readonly failures: Readonly<Record<Severity, number>>;
  readonly problems: number;
}

/** What the run means for a pipeline. `open`: part of a target was not scanned, or there was nothing to scan. */
export interface Gate {
  readonly failOn: Severity | 'none';
  readonly state: 'holds' | 'broken' | 'open';
  /** One sentence. */
  readonly because: string;
}
