import type { LimitOption, limitSettings } from '../../base/limits.ts';
import type { RequiredSystem } from '../../base/required-system.ts';
import type { Severity } from '../../base/verdict.ts';
import type { BinaryKind } from '../../judge/rule.ts';
import type { Whose } from '../../root/ownership/ownership.ts';
import type { Level } from '../level.ts';
import type { Word } from '../words/words.ts';
import type { Placed } from './node-shapes.ts';

/** A configuration as it is written: every member may be missing, and nothing is merged yet. */
export interface Config {
  readonly $schema?: string;
  readonly profile?: string;
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly overrides?: readonly Override[];
  readonly exclude?: readonly string[];
  readonly gate?: GateConfig;
  readonly images?: readonly Placed<ImageConfig>[];
  /** A system that files have to run on, part by part. */
  readonly 'runs-on'?: RequiredSystem;
  readonly allow?: AllowConfig;
  readonly deny?: DenyConfig;
  readonly limits?: LimitsConfig;
  readonly waivers?: readonly PlacedWaiver[];
  /** What waivers of this configuration and of those that win over it must have: the map that `waivers` may be. */
  readonly waiverLimits?: readonly Placed<WaiverLimits>[];
  readonly dependencies?: readonly Placed<DependencyConfig>[];
  readonly yours?: readonly Placed<OwnConfig>[];
  readonly baseline?: string;
  /** What entries of the baseline in force must have: the map that `baseline` may be. */
  readonly baselineLimits?: readonly Placed<BaselineLimits>[];
  /** Configurations below this one, weakest first. */
  readonly extends?: readonly Placed<string>[];
  /** Modules that bring rules of one's own: a file, relative to the configuration, or a package of npm. */
  readonly plugins?: readonly Placed<string>[];
  /** Plug-ins that configurations above this one may add though it locks settings; absent: none. */
  readonly 'accept-plugins'?: 'all' | readonly string[];
  /** Farther files count only as far as they lock settings. */
  readonly root?: boolean;
  /** What an image says of itself that may loosen the policy; absent: all of it, or what a lock leaves. */
  readonly accept?: readonly Word[];
  /** Names of settings that configurations above this one can tighten, and not loosen. */
  readonly locked?: readonly Placed<string>[];
}

export type RuleSetting = Level | { readonly level: Level; readonly reason?: string };

export interface Place {
  readonly image?: readonly string[];
  readonly path?: readonly string[];
  readonly package?: readonly string[];
  readonly layer?: 'base' | 'own';
  readonly whose?: readonly Whose[];
  readonly kind?: readonly BinaryKind[];
}

export interface Override extends Place {
  readonly rules: Readonly<Record<string, RuleSetting>>;
}

/** Other settings for images of these names. */
export interface ImageConfig {
  readonly image: readonly string[];
  readonly profile?: string;
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly gate?: GateConfig;
  /** Part by part, in place of those of all images. */
  readonly 'runs-on'?: RequiredSystem;
}

/** The nearest file that has a list sets it. */
export interface AllowConfig {
  readonly needed?: readonly Placed<ListEntry>[];
  readonly exports?: readonly Placed<ListEntry>[];
}

/** What all files deny adds up. */
export interface DenyConfig {
  readonly imports?: readonly Placed<ListEntry>[];
}

/** A glob of names, or several for some files. */
export type ListEntry =
  | string
  | (Pick<Place, 'path' | 'kind' | 'package'> & {
      readonly names: readonly string[];
      readonly reason?: string;
    });

export interface GateConfig {
  readonly of?: 'yours' | 'dependencies' | 'all';
  /** Severities, `none` and rules. */
  readonly 'fail-on'?: readonly string[];
  readonly 'fail-on-unknown'?: boolean;
  readonly 'worse-than'?: Severity | 'none';
  readonly coverage?: Readonly<Record<string, number>>;
  readonly 'coverage-of'?: 'all' | 'own';
  readonly maximum?: Readonly<Record<string, number>>;
  readonly required?: boolean | readonly string[];
  readonly 'allow-empty'?: boolean;
  readonly platforms?: 'all' | 'chosen';
  readonly 'strict-policy'?: boolean;
}

export type ValueOf<Option extends LimitOption> =
  (typeof limitSettings)[Option]['form'] extends 'size' ? string : number;

export interface LimitsConfig extends Readonly<{ [Option in LimitOption]?: ValueOf<Option> }> {
  readonly jobs?: number;
}

/** What a configuration requires of waivers: its own, and those of every configuration that wins over it. */
export interface WaiverLimits {
  readonly expires?: 'required';
  /** Days from when it was made to its end, as `180d`. */
  readonly 'at-most'?: string;
  readonly owner?: 'required';
  readonly ticket?: 'required';
  /** People of whom one must have approved it. */
  readonly 'approved-by'?: 'required' | readonly string[];
  /** Kinds of places of which it must name all; `required`: one of them. */
  readonly select?: 'required' | readonly Selecting[];
}

/** By what a waiver can be held to some images or files. */
export const selecting = ['image', 'path', 'package', 'digest', 'build-id'] as const;
export type Selecting = (typeof selecting)[number];

/** What a configuration requires of the entries of whatever baseline is in force. */
export interface BaselineLimits {
  readonly expires?: 'required';
  /** Days from when it was accepted to its end, as `180d`. */
  readonly 'at-most'?: string;
  readonly owner?: 'required';
  readonly reason?: 'required';
  /** Not of any image, as entries of older versions and written ones can be. */
  readonly image?: 'required';
}

/** With the limits that apply to it; absent: none, or the configurations were not merged. */
export interface PlacedWaiver extends Placed<WaiverConfig> {
  readonly limits?: readonly Placed<WaiverLimits>[];
}

export interface WaiverConfig extends Place {
  readonly rule?: string;
  readonly rules?: readonly string[];
  readonly digest?: readonly string[];
  readonly 'build-id'?: readonly string[];
  readonly cause?: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  readonly 'approved-by'?: readonly string[];
  readonly ticket?: string;
  readonly created?: string;
  readonly expires?: string;
}

/** By package, path or digest: all that it names. */
export interface DependencyConfig {
  readonly name: string;
  readonly version?: string;
  readonly package?: readonly string[];
  readonly path?: readonly string[];
  readonly digest?: readonly string[];
  readonly reason: string;
}

/** A word says by its form what it is: a package URL, a digest, a maintainer, a path or the name of a package. */
export type OwnConfig =
  | string
  | {
      readonly package?: readonly string[];
      readonly maintainer?: readonly string[];
      readonly purl?: readonly string[];
      readonly path?: readonly string[];
      readonly digest?: readonly string[];
      readonly reason?: string;
    };
