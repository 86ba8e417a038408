import { covers } from '../../report/locked-settings.ts';
import { acceptedWhenLocked, type Word } from '../words/words.ts';
import type { Config } from './config.ts';
import { positionText } from './config-node.ts';
import type { ConfigLayer } from './layers.ts';

/** A setting that layers above can only tighten. */
export interface Lock {
  /** `all`, `gate`, `gate.fail-on`. */
  readonly setting: string;
  /** Where it is locked: `org.yaml:3:1`. */
  readonly place: string;
}

/** The locks of all layers. The place is that in the list. */
export function locksOf(layers: readonly ConfigLayer[]): readonly Lock[] {
  return layers.flatMap(({ config }) =>
    (config.locked ?? []).map(({ at, value }) => ({ setting: value, place: positionText(at) })),
  );
}

/** The first lock that covers a setting, or one of the settings in it; null: none does. */
export function lockOf(locks: readonly Lock[], setting: string): Lock | null {
  return (
    locks.find((lock) => covers(lock.setting, setting) || covers(setting, lock.setting)) ?? null
  );
}

/** The first of these settings that is locked, and its lock; null: none is. */
export function lockOfAny(locks: readonly Lock[], settings: readonly string[]): Lock | null {
  for (const setting of settings) {
    const lock = lockOf(locks, setting);
    if (lock !== null) return lock.setting === 'all' ? { ...lock, setting } : lock;
  }
  return null;
}

/** Whether a lock also keeps what is accepted of the words of an image. */
export function decidesWords(lock: string): boolean {
  return covers(lock, 'gate.of') || covers(lock, 'profile');
}

/** Settings that a verdict which is not undecided any more could loosen. */
export const ofVerdicts: readonly string[] = ['gate', 'rules', 'overrides', 'profile', 'accept'];

/** Whether a lock also keeps separate debug files from deciding anything. */
export function keepsDebugFilesOut(lock: string): boolean {
  return ofVerdicts.some((setting) => covers(lock, setting) || covers(setting, lock));
}

/** Whether verdicts that rest on separate debug files stay undecided under a merged configuration. */
export function refusesDebugFiles({ accept, locked = [] }: Config): boolean {
  if (accept !== undefined) return !accept.includes('debug-files');
  return locked.some(({ value }) => keepsDebugFilesOut(value));
}

/** What a merged configuration accepts of what an image says of itself; undefined: all of it. */
export function acceptedBy({ accept, locked = [] }: Config): readonly Word[] | undefined {
  if (accept !== undefined) return accept;
  return locked.some(({ value }) => decidesWords(value)) ? acceptedWhenLocked : undefined;
}
