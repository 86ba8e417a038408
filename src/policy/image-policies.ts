import type { RequiredSystem } from '../base/required-system.ts';
import type { Note } from '../report/policy-messages.ts';
import type { TargetPolicy, TargetReport } from '../report/report.ts';
import type { Config } from './config/config.ts';
import { effectiveOf } from './config/effective.ts';
import { configsFor, entriesOf, placeText } from './config/images.ts';
import { lockGroups } from './config/lockable.ts';
import { policyOf } from './config/policy-of.ts';
import { tighter } from './config/tighter.ts';
import { asksMore, type DoubtfulName } from './doubtful-name.ts';
import {
  compileImageFits,
  imageNameOf,
  isNamedByUser,
  isResolvedByDaemon,
  isSaidByUser,
  type NamedTarget,
} from './image-name.ts';
import type { Policy } from './policy.ts';
import { isAccepted } from './words/words.ts';

/** What is in force for one image. */
export interface ImagePolicy {
  readonly policy: Policy;
  /** null: nothing is set for it by its name. */
  readonly own: TargetPolicy | null;
  /** null: its name is known, or nothing stricter could be meant for it. */
  readonly doubt: DoubtfulName | null;
}

type Entries = ReturnType<typeof entriesOf>;

/** What decides by its name what is in force for a target. */
export type SelectedTarget = NamedTarget & Pick<TargetReport, 'schemeBy'>;

/** Computes each policy once, however many images it is for. Throws UsageError for a glob that makes no sense. */
export function createImagePolicies(policy: Policy): (target: SelectedTarget) => ImagePolicy {
  const compiled = entriesOf(policy.images ?? []).map(
    (entry, index) => ({ entry, index, fitOf: compileImageFits(entry.value.image) }) as const,
  );
  const known = new Map<string, ImagePolicy>();
  return (target) => {
    const found: Entries[number][] = [];
    const open: Entries[number][] = [];
    const key: string[] = [];
    for (const { entry, index, fitOf } of compiled) {
      const fit = fitOf(target);
      if (fit === 'maybe') open.push(entry);
      else if (fit === 'no' || !isVouched(policy, target, found, entry)) continue;
      else found.push(entry);
      key.push(`${fit} ${index}`);
    }
    const by = compiled.length === 0 ? null : doubtfulBy(policy, target);
    const isSelected = (by === 'maker' || by === 'kind') && isSaidByUser(target);
    if (by !== null) key.push(`doubtful ${by} ${isSelected}`);
    const before = known.get(key.join());
    if (before !== undefined) return before;
    const own = found.length === 0 ? policy : policyWith(policy, found);
    const made = {
      policy: own,
      own: found.length === 0 ? null : { profile: own.profile, from: found.map(placeText) },
      doubt:
        by === null
          ? doubtOf('digest', stricterEntries(policy, found, open))
          : doubtOf(
              by,
              stricterEntries(policy, found, isSelected ? openTo(policy, found) : undefined),
            ),
    };
    known.set(key.join(), made);
    return made;
  };
}

function doubtOf(by: DoubtfulName['by'], entries: Entries): DoubtfulName | null {
  return entries.length === 0 ? null : { by, entries: entries.map(placeText) };
}

/** Where nothing is said of words, a name must not loosen what is locked of the settings that entries have. */
function acceptsNames({ gate: { accept }, images = [] }: Policy): boolean {
  if (accept !== undefined) return isAccepted('name', accept);
  return !images.some(({ locked = [] }) => locked.some(({ value }) => ofEntries.test(value)));
}

const ofEntries = /^(?:all|gate|profile|rules|runs-on)(?:\.|$)/;

/**
 * Where nobody but its maker or a daemon says what an image is called, by another name or by none, or that it is not an image at all, and the policy does
 * not accept that word. null: the user says it.
 */
function doubtfulBy(policy: Policy, target: SelectedTarget): DoubtfulName['by'] | null {
  if (acceptsNames(policy)) return null;
  if (target.kind !== 'image') return mayBeOfImage(target) ? 'kind' : null;
  if (isResolvedByDaemon(target)) return 'daemon';
  return isNamedByUser(target) ? null : 'maker';
}

/**
 * Entries that may be meant although others select the path: those that a lock keeps below all of these. A file above a lock does not say what an image
 * is called, or it would take a locked entry away from it.
 */
function openTo({ images = [] }: Policy, selecting: Entries): Entries {
  return images.flatMap((config, at) => {
    const lock = images.findIndex(({ locked }, layer) => layer >= at && locked !== undefined);
    const isDecided = images
      .slice(0, lock < 0 ? images.length : lock + 1)
      .some((below) => below.images?.some((entry) => selecting.includes(entry)));
    return isDecided ? [] : (config.images ?? []);
  });
}

/**
 * A root, a folder, a package or a program may be what an image would hold, given in another form: who makes it chooses the form. A user who gives
 * the scheme says that no image is meant.
 */
function mayBeOfImage({ schemeBy }: SelectedTarget): boolean {
  return schemeBy !== 'user';
}

/** Of entries that another name would select those that ask more than what is in force. */
function stricterEntries(
  policy: Policy,
  found: Entries,
  others: Entries = entriesOf(policy.images ?? []),
): Entries {
  if (others.length === 0) return [];
  const without = configWith(policy, found);
  return others.filter(
    (entry) => !found.includes(entry) && asksMore(configWith(policy, [...found, entry]), without),
  );
}

/**
 * A name that the content gives itself, and that the policy does not accept, can select what is tighter and nothing else: tighter
 * than what the entries before it make, since a later one wins over them.
 */
function isVouched(
  policy: Policy,
  target: SelectedTarget,
  before: Entries,
  entry: Entries[number],
): boolean {
  if (acceptsNames(policy) || imageNameOf(target).by === 'user') return true;
  const [without, own] = [configWith(policy, before), configWith(policy, [...before, entry])];
  return lockGroups.every((group) => [...tighter[group](without, own)].length === 0);
}

/** Everything that may be in force: what these need is read of every image. */
export function possiblePolicies(policy: Policy): readonly Policy[] {
  return [policy, ...entriesOf(policy.images ?? []).map((entry) => policyWith(policy, [entry]))];
}

/** The policy of an image that these entries are for. */
export function policyWith(policy: Policy, entries: Entries): Policy {
  const { config, profile } = effectiveOf(layersWith(policy, entries));
  const { levels, gate, runsOn } = policyOf(config, profile, policy);
  return { ...policy, profile: profile.name, levels, gate, ...(runsOn && { runsOn }) };
}

/** The system that files of a target have to run on: entries of `images:` may name another. undefined: none is named. */
export function createRequiredSystems(
  policy: Policy,
): (target: SelectedTarget) => RequiredSystem | undefined {
  if (!entriesOf(policy.images ?? []).some(({ value }) => value['runs-on'] !== undefined))
    return () => policy.runsOn;
  const policyFor = createImagePolicies(policy);
  return (target) => policyFor(target).policy.runsOn;
}

function configWith(policy: Policy, entries: Entries): Config {
  return effectiveOf(layersWith(policy, entries)).config;
}

function layersWith(policy: Policy, entries: Entries): readonly { readonly config: Config }[] {
  const wanted = new Set(entries);
  return configsFor(policy.images ?? [], (entry) => wanted.has(entry)).map((config) => ({
    config,
  }));
}

/** Sentences: settings that rest on a name which the image itself has, since anybody can write one. */
export function ofOwnNames(
  targets: readonly TargetReport[],
  policyFor: (target: TargetReport) => ImagePolicy,
): readonly Note[] {
  return targets.flatMap((target) => {
    const { own } = policyFor(target);
    if (own === null || imageNameOf(target).by === 'user') return [];
    const message = `${target.name} is what the content calls itself, and the settings at ${own.from.join(', ')} are in force by that name`;
    return [{ kind: 'name-of-content', message, image: target.name }];
  });
}
