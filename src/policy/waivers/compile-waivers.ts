import { groupBy } from '../../base/group-by.ts';
import { oncePer } from '../../base/once-per.ts';
import type { Waiver } from '../policy.ts';
import { indexSelectors, type SelectorIndex } from './selector-index.ts';

/** One rule of a waiver: each of them is used or not. */
export interface WaiverOfRule {
  /** Its place among all of them, in the order of the policy. */
  readonly id: number;
  readonly rule: string;
  readonly waiver: Waiver;
  /** Equal for those that name the same images: all that is asked of images is asked once for them. */
  readonly images: string;
}

export interface CompiledWaivers {
  readonly all: readonly WaiverOfRule[];
  /** By what is equal for those that name the same images, in order; the first of them names them. */
  readonly byImages: ReadonlyMap<string, readonly WaiverOfRule[]>;
  /** Those that ask which layers came with the base image. */
  readonly ofLayers: readonly Waiver[];
  /** Those for every file of every image that do not say so. */
  readonly boundless: readonly Waiver[];
  /** By rule. */
  readonly index: SelectorIndex<WaiverOfRule>;
}

/** Many reports are judged by one policy. */
export const compileWaivers = oncePer((waivers: readonly Waiver[]): CompiledWaivers => {
  const all = waivers
    .flatMap((waiver) => {
      const images = JSON.stringify(waiver.where.image ?? null);
      return waiver.rules.map((rule) => ({ rule, waiver, images }));
    })
    .map((each, id) => ({ ...each, id }));
  return {
    all,
    ofLayers: waivers.filter(({ where }) => where.layer !== undefined),
    boundless: waivers.filter(
      ({ where, causes }) => Object.keys(where).length + causes.length === 0,
    ),
    byImages: groupBy(all, ({ images }) => images),
    index: indexSelectors(all, {
      whereOf: ({ waiver }) => waiver.where,
      groupOf: ({ rule }) => rule,
    }),
  };
});
