import type { BaseEvidence } from '../../../base/image-config.ts';

/** A number of layers, and where it comes from. */
export interface FoundBase {
  readonly layers: number;
  readonly how: BaseEvidence;
  readonly because: string;
  /** Absent: it names none. */
  readonly name?: string;
  /** There may be more of them. */
  readonly isAtLeast?: true;
}

/** One entry of the history of an image config. */
export interface HistoryEntry {
  /** It made no layer. */
  readonly isEmpty: boolean;
  readonly createdBy: string | null;
  readonly comment: string | null;
}

interface Builder {
  readonly name: string;
  readonly wrote: (entry: HistoryEntry) => boolean;
}

const createdBy = (pattern: RegExp) => (entry: HistoryEntry) => pattern.test(entry.createdBy ?? '');
const comment = (pattern: RegExp) => (entry: HistoryEntry) => pattern.test(entry.comment ?? '');

/** They add layers to an image that they were given. */
const adders: readonly Builder[] = [
  { name: 'Jib', wrote: createdBy(/^jib-/) },
  { name: 'ko', wrote: createdBy(/^ko (?:build|publish) /) },
  { name: 'Nix', wrote: comment(/^store paths:/) },
  { name: 'umoci', wrote: createdBy(/^umoci\b/) },
];

/** They make images from nothing. Layers that another builder added on top are not part of it. */
const makers: readonly Builder[] = [
  { name: 'bazel', wrote: createdBy(/^bazel build /) },
  { name: 'apko', wrote: createdBy(/^apko\b/) },
];

/** A distribution by itself: one layer, the first. */
const distributions: readonly Builder[] = [
  { name: 'debuerreotype', wrote: comment(/^debuerreotype\b/) },
  { name: 'debuerreotype', wrote: createdBy(/^# debian\.sh\b/) },
  { name: "Alpine's minirootfs", wrote: createdBy(/^ADD alpine-minirootfs-\S+ \/(?: |$)/) },
];

/** By the marks that builders leave: where the base ends, or that it has at least a distribution. */
export function byBuilder(history: readonly HistoryEntry[]): FoundBase | null {
  return byFrom(history) ?? byAdder(history) ?? byMaker(history);
}

/** Podman and buildah write FROM into the first entry of a stage; the last one is that of the image. */
function byFrom(history: readonly HistoryEntry[]): FoundBase | null {
  const at = history.findLastIndex(comment(/^FROM \S/));
  const name = /^FROM (\S+)/.exec(history[at]?.comment ?? '')?.[1];
  const found = upTo(history, at, 'podman or buildah wrote its FROM into the history');
  return found === null || name === undefined ? found : { ...found, name };
}

function byAdder(history: readonly HistoryEntry[]): FoundBase | null {
  for (const { name, wrote } of adders) {
    const found = upTo(history, history.findIndex(wrote), `${name} wrote what follows it`);
    if (found !== null) return found;
  }
  return null;
}

function byMaker(history: readonly HistoryEntry[]): FoundBase | null {
  const [first] = history;
  if (first === undefined) return null;
  const maker = makers.find(({ wrote }) => wrote(first));
  if (maker !== undefined) {
    const end = history.findIndex((entry) => !maker.wrote(entry));
    return upTo(history, end, `${maker.name} wrote its layers, and another builder what follows`);
  }
  const distribution = distributions.find(({ wrote }) => wrote(first));
  if (distribution === undefined || first.isEmpty) return null;
  const found = upTo(history, 1, `its first layer is by ${distribution.name}`);
  return found === null ? null : { ...found, isAtLeast: true };
}

/** The layers in front of an entry, where there are some, and others behind. */
function upTo(history: readonly HistoryEntry[], at: number, because: string): FoundBase | null {
  if (at < 0) return null;
  const layers = layersOf(history.slice(0, at));
  const isAll = layers === layersOf(history);
  return layers === 0 || isAll ? null : { layers, how: 'builder', because };
}

function layersOf(entries: readonly HistoryEntry[]): number {
  return entries.filter(({ isEmpty }) => !isEmpty).length;
}

/**
 * A Dockerfile ends with its CMD, so layers after a CMD were added to an image that was finished before: the last CMD
 * with a layer after it ends the base image. Docker writes `/bin/sh -c #(nop)  CMD ["sh"]`, BuildKit `CMD ["sh"]`. A
 * Dockerfile with CMD before COPY does not end a base: the command of the image itself may be its own, so it ends none.
 */
export function byCommand(
  history: readonly HistoryEntry[],
  own: readonly string[],
): FoundBase | null {
  const lastLayer = history.findLastIndex(({ isEmpty }) => !isEmpty);
  const end = history
    .slice(0, Math.max(lastLayer, 0))
    .findLastIndex(
      ({ isEmpty, createdBy: line }) =>
        isEmpty &&
        /^(\/bin\/sh -c #\(nop\)\s+)?CMD\b/.test(line ?? '') &&
        wordsOf(line ?? '') !== wordsOf(own.join(' ')),
    );
  if (end < 0) return null;
  const because = 'a guess: a CMD that is not the command of the image ends it in the history';
  return { layers: layersOf(history.slice(0, end)), how: 'command', because };
}

/** A command without the ways to write one: quotes, brackets, commas, and the shell around it. */
function wordsOf(command: string): string {
  return command
    .replace(/^(\/bin\/sh -c #\(nop\)\s+)?CMD\b/, '')
    .replace(/[[\]",]/g, ' ')
    .replace(/^\s*\/bin\/(?:ba)?sh\s+-c\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
