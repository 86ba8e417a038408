import type { Toolchain } from '../../src/judge/rule.ts';
import type { BaseRoot } from '../starting/base-roots.ts';

/** A remedy that a rule gives, followed to the letter. */
export interface RemedyCase {
  readonly rule: string;
  readonly toolchain: Toolchain;
  /** As it stands in the rule's text: what the scripts are given as `$says`. */
  readonly says: string;
  /** Programs that the scripts need in addition to gcc and musl-gcc. */
  readonly needs?: 'go' | 'rustc';
  /** bash; both write the program `$out`. `before` makes what the rule fails. */
  readonly before: string;
  readonly after: string;
  /** Where the program before and after is judged. */
  readonly judgedIn: BaseRoot;
  /** Of a remedy that is another base image: where the program is judged then. */
  readonly judgedAfterIn?: BaseRoot;
  /** Roots in which the result must start; `empty` is what `FROM scratch` is. */
  readonly startsIn: readonly BaseRoot[];
}
