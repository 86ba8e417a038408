import { positionText } from '../../policy/config/config-node.ts';
import { type ConfigLayer, sourceIn } from '../../policy/config/layers.ts';
import { lockGroups } from '../../policy/config/lockable.ts';
import { decidesWords, type Lock, lockOf } from '../../policy/config/locks.ts';
import {
  type EffectiveSetting,
  listSettings,
  ownListsIn,
} from '../../policy/config/settings-list.ts';
import { acceptedWhenLocked } from '../../policy/words/words.ts';
import type { Settings } from './settings.ts';

/** A setting in force, and why it is. Plain data. */
export interface ShownSetting {
  readonly name: string;
  readonly value: unknown;
  /** `hullcheck.yaml`, `--fail-on`, `default`. */
  readonly from: string;
  /** As exactly as it is known: `hullcheck.yaml:3:1`. */
  readonly place: string;
  /** Of a list of entries, the place of each. Absent: it is not such a list. */
  readonly places?: readonly string[];
  /** The place of the lock that keeps it; null: layers above can set anything. */
  readonly lockedBy: string | null;
  /** Values below that it replaces, strongest first. */
  readonly replaced: readonly { readonly value: unknown; readonly place: string }[];
}

export interface ShownSettings {
  readonly type: 'hullcheck-config';
  readonly version: '1';
  /** The nearest one; null: there is none. */
  readonly file: string | null;
  /** Everything that was read, weakest first. */
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly how: 'named' | 'found' | 'extended';
  }[];
  readonly settings: readonly ShownSetting[];
  /** Groups of settings that no lock covers though others are locked: a layer above can loosen the policy by them. */
  readonly open: readonly string[];
  /** Sentences: what is not in force, and may have been meant to be. */
  readonly remarks: readonly string[];
}

export function shownSettings({ layers, locks, file, policy }: Settings): ShownSettings {
  return {
    type: 'hullcheck-config',
    version: '1',
    file: file?.name ?? null,
    files: policy.files
      .filter(({ role }) => role === 'configuration')
      .map(({ name, sha256, how }) => ({ name, sha256, how })),
    settings: [
      ...byLock(policy.gate, layers),
      ...listSettings(layers).map((each) => shown(each, locks)),
    ],
    open: locks.length === 0 ? [] : lockGroups.filter((group) => !isCovered(group, locks)),
    remarks: (policy.remarks ?? []).map(({ message }) => message),
  };
}

function shown(
  { name, value, layer, replaced }: EffectiveSetting,
  locks: readonly Lock[],
): ShownSetting {
  return {
    name,
    value,
    from: layer.originOf(name),
    place: sourceIn(layer, name),
    ...placesOf(name, layer),
    lockedBy: lockCovering(name, locks),
    replaced: replaced
      .toReversed()
      .map((each) => ({ value: each.value, place: sourceIn(each.layer, name) })),
  };
}

function placesOf(name: string, { config }: ConfigLayer): Pick<ShownSetting, 'places'> {
  const { waivers, images, dependencies, yours } = config;
  const own = ownListsIn(config);
  const lists = new Map(Object.entries({ waivers, images, dependencies, yours, ...own }));
  const places = lists.get(name)?.map(({ at }) => positionText(at));
  return places === undefined ? {} : { places };
}

/** What a lock sets where no file does. */
function byLock(
  { accept }: Settings['policy']['gate'],
  layers: readonly ConfigLayer[],
): readonly ShownSetting[] {
  if (accept === undefined || layers.some(({ config }) => config.accept !== undefined)) return [];
  const because = 'default where gate.of or profile is locked';
  return [
    {
      ...{ name: 'accept', value: acceptedWhenLocked, from: because, place: because },
      ...{ lockedBy: null, replaced: [] },
    },
  ];
}

/** Of a group, one part that is locked is not all of it. */
function isCovered(group: string, locks: readonly Lock[]): boolean {
  return locks.some(
    ({ setting }) =>
      setting === 'all' || setting === group || (group === 'accept' && decidesWords(setting)),
  );
}

function lockCovering(name: string, locks: readonly Lock[]): string | null {
  const lock = lockOf(locks, name);
  const isOfPart = lock?.setting.startsWith(`${name}.`) === true;
  return lock === null || isOfPart ? null : lock.place;
}
