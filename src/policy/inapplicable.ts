import type { Note } from '../report/policy-messages.ts';
import type { TargetReport } from '../report/report.ts';
import type { Policy, Selector } from './policy.ts';
import { managerDoubt, releaseDoubt } from './release.ts';
import { whoseOf } from './subject.ts';
import { compileWaivers } from './waivers/compile-waivers.ts';
import { isOpenBoundary } from './words/trusting.ts';
import { wordOfLayers } from './words/word-of.ts';

/**
 * What the policy requires but cannot have here: a selector by something that is not known about an image matches nothing in it, and
 * a profile of another distribution expects nothing.
 */
export function inapplicable(policy: Policy, targets: readonly TargetReport[]): readonly Note[] {
  const all = [
    ...ofLayers(policy, targets),
    ...ofProfile(policy, targets),
    ...ofRelease(policy, targets),
    ...ofManagers(policy, targets),
  ];
  return [...new Map(all.map((note) => [note.message, note])).values()];
}

function* ofLayers(policy: Policy, targets: readonly TargetReport[]): Generator<Note> {
  const { accept } = policy.gate;
  const asked = targets.filter(
    ({ binaries, layers }) => binaries.length > 0 && !layers.some(({ origin }) => origin !== null),
  );
  const believed = targets.filter(
    ({ base }) => base !== undefined && base.how !== null && base.how !== 'named',
  );
  if (asked.length + believed.length === 0) return;
  for (const asker of askersOfLayers(policy)) {
    for (const { name, kind, base } of asked) {
      const what = asker.includes('coverage') ? 'all count' : 'it matches nothing there';
      const message =
        kind === 'image'
          ? `${asker}, but of ${name} it is not known which layers are its base image (${base?.because ?? 'nothing records it; set it with --base'}): ${what}`
          : `${asker}, and ${name} is not an image, so it has no layers: ${what}`;
      yield { kind: 'layers-unknown', message, image: name };
    }
    for (const target of believed) {
      const rest = isOpenBoundary({ target }, accept)
        ? `the policy does not accept that (accept: ${wordOfLayers(target)}), so nothing is loosened by it`
        : '--base says it for certain';
      const message = `${asker}, and which layers of ${target.name} are its base image the image says itself (${target.base?.because}), which its author can write: ${rest}`;
      yield { kind: 'layers-believed', message, image: target.name };
    }
  }
}

/** A part of the gate's sentence, where something depends on a base image that the image itself names. */
export function believedBases(policy: Policy, targets: readonly TargetReport[]): readonly string[] {
  const [asker] = askersOfLayers(policy);
  const believed = targets.filter(
    (target) =>
      target.base !== undefined &&
      ![null, 'named'].includes(target.base.how) &&
      !isOpenBoundary({ target }, policy.gate.accept),
  );
  if (asker === undefined || believed.length === 0) return [];
  return ['what is of the base image is as the image says (--base says it for certain)'];
}

function* askersOfLayers({ levels, waivers, gate }: Policy): Generator<string> {
  const asks = ({ layer }: Selector) => layer !== undefined;
  for (const { rule, where, by } of levels)
    if (asks(where)) yield `the ${by} sets the level of ${rule} by layer: ${where.layer}`;
  for (const { rules, where, origin } of compileWaivers(waivers).ofLayers)
    yield `the waiver of ${rules.join(', ')} at ${origin} names layer: ${where.layer}`;
  if (gate.coverageOf === 'own' && Object.keys(gate.coverage).length > 0)
    yield 'the gate requires coverage of own layers';
}

/** The release that an image claims matters only if something depends on it. */
function* ofRelease({ levels }: Policy, targets: readonly TargetReport[]): Generator<Note> {
  const ids = new Set(
    levels.flatMap(({ where: { os } }) =>
      os?.from === undefined && os?.before === undefined ? [] : os.id,
    ),
  );
  for (const target of targets) {
    const doubt = ids.has(target.os?.id ?? '') ? releaseDoubt(target) : null;
    if (doubt !== null) yield { kind: 'release-doubtful', message: doubt, image: target.name };
  }
}

/** Two managers in one image: the packages of one of them are nobody's promise, whatever their database says. */
function* ofManagers({ levels }: Policy, targets: readonly TargetReport[]): Generator<Note> {
  const ids = new Set(levels.flatMap(({ where: { os } }) => os?.id ?? []));
  for (const target of targets) {
    const doubt = ids.has(target.os?.id ?? '') ? managerDoubt(target) : null;
    if (doubt !== null) yield { kind: 'managers-two', message: doubt, image: target.name };
  }
}

/** Where every expectation is of named distributions, and the image is none of them. */
function* ofProfile(
  { profile, levels }: Policy,
  targets: readonly TargetReport[],
): Generator<Note> {
  const ids = new Set<string>();
  for (const { by, where } of levels) {
    if (by !== 'profile') continue;
    for (const id of where.os?.id ?? []) ids.add(id);
  }
  if (ids.size === 0) return;
  if (profile === 'auto') {
    yield* ofUnknownDistributions(ids, targets);
    return;
  }
  for (const { name, kind, os, binaries } of targets) {
    if (kind === 'file' || kind === 'package' || binaries.length === 0) continue;
    if (os !== null && ids.has(os.id)) continue;
    const seen = os === null ? 'has no os-release' : `is ${os.prettyName || os.id}`;
    const message = `the profile ${profile} is for ${[...ids].join(', ')}, and ${name} ${seen}: nothing is expected of its packages`;
    yield { kind: 'profile-inapplicable', message, image: name };
  }
}

/** Files that a package brought, in a distribution of which no promise is known. */
function* ofUnknownDistributions(
  ids: ReadonlySet<string>,
  targets: readonly TargetReport[],
): Generator<Note> {
  for (const target of targets) {
    const { name, os, binaries } = target;
    if (os !== null && ids.has(os.id)) continue;
    if (!binaries.some((judged) => whoseOf({ target, judged }) === 'distribution')) continue;
    const seen = os === null ? 'has no os-release' : `is ${os.prettyName || os.id}`;
    const message = `${name} ${seen}, of which no promise is known: files of its packages are judged by the rules alone`;
    yield { kind: 'distribution-unknown', message, image: name };
  }
}
