import { covers } from '../../report/locked-settings.ts';
import type { Config } from './config.ts';
import { effectiveOf } from './effective.ts';
import { mergeLayers } from './layers.ts';
import type { LockGroup } from './lockable.ts';
import { settingsOf } from './settings-list.ts';
import { tighter } from './tighter.ts';

/** What is in force for some images up to a file that locks settings. */
export interface Kept {
  readonly locks: readonly string[];
  readonly locked: Config;
}

/** What `configs` keep for these images from the files above the last of them; null: it locks nothing. */
export function keptBy(configs: readonly Config[]): Kept | null {
  const locks = (configs.at(-1)?.locked ?? []).map(({ value }) => value);
  if (locks.length === 0) return null;
  return { locks, locked: effectiveOf(configs.map((config) => ({ config }))).config };
}

/**
 * A setting of all images that would loosen what an entry of a locked file says of these: the entry stays in force for them. Whether
 * the setting may stand for the others is compared with what is locked for all.
 */
export function withoutLooser(config: Config, { locks, locked }: Kept): Config {
  const looser = new Set(
    [...settingsOf(settingsOfEntries(config))]
      .map(([name]) => name)
      .filter((name) => locks.some((lock) => covers(lock, name)))
      .filter((name) =>
        loosens(
          only(config, (each) => each === name),
          name,
          locked,
        ),
      ),
  );
  return looser.size === 0
    ? config
    : { ...without(config), ...only(config, (each) => !looser.has(each)) };
}

function loosens(setting: Config, name: string, locked: Config): boolean {
  const now = mergeLayers([{ config: locked }, { config: setting }]);
  const group = groupOf(name);
  return group !== null && [...tighter[group](locked, now)].length > 0;
}

function groupOf(name: string): LockGroup | null {
  const [group] = name.split('.', 1);
  return group === 'profile' || group === 'rules' || group === 'gate' || group === 'runs-on'
    ? group
    : null;
}

/** The settings that entries have too. */
function settingsOfEntries({ profile, rules, gate, 'runs-on': runsOn }: Config): Config {
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(rules === undefined ? {} : { rules }),
    ...(gate === undefined ? {} : { gate }),
    ...(runsOn === undefined ? {} : { 'runs-on': runsOn }),
  };
}

function without({ profile, rules, gate, 'runs-on': _, ...rest }: Config): Config {
  return rest;
}

function only(config: Config, isKept: (name: string) => boolean): Config {
  const { profile, rules, gate, 'runs-on': runsOn } = settingsOfEntries(config);
  const keptOf = <T extends object>(from: T, below: string): T =>
    Object.fromEntries(Object.entries(from).filter(([name]) => isKept(`${below}${name}`))) as T;
  const { coverage, maximum, ...conditions } = gate ?? {};
  return {
    ...(profile === undefined || !isKept('profile') ? {} : { profile }),
    ...(rules === undefined ? {} : { rules: keptOf(rules, 'rules.') }),
    ...(runsOn === undefined ? {} : { 'runs-on': keptOf(runsOn, 'runs-on.') }),
    ...(gate === undefined
      ? {}
      : {
          gate: {
            ...keptOf(conditions, 'gate.'),
            ...(coverage === undefined ? {} : { coverage: keptOf(coverage, 'gate.coverage.') }),
            ...(maximum === undefined ? {} : { maximum: keptOf(maximum, 'gate.maximum.') }),
          },
        }),
  };
}
