import { covers } from '../../report/locked-settings.ts';
import type { Config } from './config.ts';
import { positionFrom, positionText } from './config-node.ts';
import type { ConfigLayer } from './layers.ts';
import { type LockGroup, lockGroups } from './lockable.ts';
import { decidesWords, keepsDebugFilesOut, type Lock, locksOf } from './locks.ts';
import { ConfigMistakes, type Mistake } from './mistakes.ts';
import { type Loosened, tighter } from './tighter.ts';

/** What a number of layers means, weakest first, with what their profile adds. */
export type Effective = (layers: readonly ConfigLayer[]) => Config;

/**
 * Throws UsageError for each setting that a layer loosens though a layer below locks it, with both places. A setting is
 * compared with what the layers up to its lock say, so layers in between may tighten and loosen again.
 */
export function enforceLocks(layers: readonly ConfigLayer[], effective: Effective): void {
  const mistakes = new Map<string, Mistake>();
  for (const [index, layer] of layers.entries()) {
    if (layer.config.locked === undefined) continue;
    const locks = locksOf([layer]);
    const below = layers.slice(0, index + 1);
    const locked = effective(below);
    for (let end = index + 2; end <= layers.length; end += 1) {
      const by = layers[end - 1];
      if (by === undefined) continue;
      const found = loosened(locks, locked, effective(layers.slice(0, end)));
      for (const each of found) {
        const mistake = mistakeOf(each, by, below);
        mistakes.set(`${positionText(mistake.at)}: ${mistake.message}`, mistake);
      }
      // What layers above this one do is compared when this one is right.
      if (found.length > 0) break;
    }
  }
  if (mistakes.size === 0) return;
  const sorted = [...mistakes].toSorted(([one], [other]) => byPlace(one, other));
  throw new ConfigMistakes(sorted.map(([, mistake]) => mistake));
}

/** By file and line, as a reader corrects them. */
const { compare: byPlace } = new Intl.Collator('en', { numeric: true });

/** A setting, and the lock that keeps it. */
export interface Found extends Loosened {
  readonly lock: Lock;
}

export function loosened(locks: readonly Lock[], locked: Config, now: Config): readonly Found[] {
  return lockGroups.flatMap((group) =>
    [...tighter[group](locked, now)].flatMap((each) => {
      const lock = locks.find(({ setting }) => coversLoosened(setting, each.setting, group));
      return lock === undefined ? [] : [{ ...each, lock }];
    }),
  );
}

/**
 * An override sets the level of a rule: a lock of the rule holds for it too. What is accepted of an image's own words decides
 * whose files count and what a profile expects.
 */
function coversLoosened(lock: string, setting: string, group: LockGroup): boolean {
  if (covers(lock, setting)) return true;
  if (group === 'overrides') return covers(lock, setting.replace(/^overrides/, 'rules'));
  if (setting === 'accept.debug-files') return keepsDebugFilesOut(lock);
  return group === 'accept' && decidesWords(lock);
}

function mistakeOf(
  { setting, lockedAt, value, because, lock }: Found,
  by: ConfigLayer,
  below: readonly ConfigLayer[],
): Mistake {
  const place = placeOf(setting, by);
  const given = /:\d+$/.test(place) || value === '' ? '' : ` ${value}`;
  const entry = entryOf(setting, below);
  const images = entry === null ? '' : ` for ${entry}`;
  const at = lockedAt === null ? '' : ` at ${lockedAt}${images}`;
  const rest = because === undefined ? '' : `: ${because}`;
  const more = lockedAt === null ? ': nothing can be added' : rest;
  return {
    at: positionFrom(`${place}${given}`),
    message: `${setting} is locked${at} by ${lock.place}${more}`,
  };
}

/** The entry of `images:` that what is locked comes from; null: it is so for all images. */
function entryOf(setting: string, below: readonly ConfigLayer[]): string | null {
  const layer = below.findLast((each) => each.placeOf(setting) !== '');
  return layer?.entryOf?.(setting) ?? null;
}

/** Where a layer sets what it loosens. Of a layer that does not set it, the profile does. */
export function placeOf(setting: string, layer: ConfigLayer): string {
  return layer.placeOf(setting.replace(/^(overrides|accept)\..*/s, '$1'));
}
