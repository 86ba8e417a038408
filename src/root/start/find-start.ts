import { baseName } from '../../base/path-parts.ts';
import { cause } from './cause.ts';
import { walkChain } from './chain.ts';
import { fitOf, type Narrower } from './program/platform-machine.ts';
import { namedPath } from './runtime/search-folders.ts';
import { findCredentials } from './runtime/user-credentials.ts';
import type { SeenImage } from './seen-image.ts';
import { fails, isEnd, type Start, type StartEnd, type StartLink, undecided } from './start.ts';

/** Follows the start of an image, and says by which path it is called. */
export function findStart(image: SeenImage): { readonly path: string; readonly start: Start } {
  const { config, platform } = image;
  const [first] = [...config.entrypoint, ...config.cmd];
  const path = first === undefined ? '/' : namedPath(image, first);
  if (platform !== null && !platform.startsWith('linux/'))
    return { path, start: { state: 'other-system', platform } };
  const links: StartLink[] = [];
  const end = endOf(image, links);
  if (end === null) return { path, start: { state: 'no-command' } };
  return { path, start: { ...certain(image, end), links } };
}

function endOf(image: SeenImage, links: StartLink[]): StartEnd | null {
  const { config, root, platform } = image;
  const words = [...config.entrypoint, ...config.cmd];
  const strange = platform === null ? null : machinesOf(image, platform);
  if (strange !== null && (strange.narrower === null || words.length === 0))
    return ofOtherMachine(image, strange, links);
  if (words.length === 0) return null;
  links.push({ what: 'command line', saw: shown(words) });
  const who = findCredentials(root, config.user);
  if (isEnd(who)) return who;
  return ifNarrower(walkChain(image, words, who, links), links);
}

function ofOtherMachine(
  { config, platform }: SeenImage,
  { names, narrower }: StrangeMachines,
  links: StartLink[],
): StartEnd {
  const [word = 'its command'] = [...config.entrypoint, ...config.cmd];
  links.push({ what: 'platform of the image', saw: platform ?? '' });
  links.push({ what: 'machine of its programs', saw: names });
  const why = `the image is for ${platform}, and all of its programs are for ${names}`;
  const prints = `exec ${word}: exec format error`;
  const end = fails(
    cause('machine', names),
    prints,
    narrower === null ? why : `${why}: ${narrower.because}`,
  );
  return narrower === null ? end : { ...end, onlyOn: narrower.onlyOn };
}

/** It starts, by what not every machine has that the image is for. */
function ifNarrower(end: StartEnd, links: readonly StartLink[]): StartEnd {
  const narrow = end.state === 'starts' ? links.find(({ narrower }) => narrower) : undefined;
  if (narrow?.narrower === undefined) return end;
  const { path, onlyOn, because } = narrow.narrower;
  const prints = `exec ${path}: exec format error`;
  return { ...fails(cause('machine', path), prints, `${narrow.saw}: ${because}`), onlyOn };
}

/** What is missing may be in the part that was not read. */
function certain({ unread }: SeenImage, end: StartEnd): StartEnd {
  if (end.state !== 'fails') return end;
  const { because } = end;
  const part = unread.find((where) => !where.startsWith('/') || because.includes(baseName(where)));
  return part === undefined
    ? end
    : undecided(`${part} could not be read, and without it: ${because}`, 'damage');
}

const longestShown = 200;

function shown(words: readonly string[]): string {
  const text = words
    .slice(0, 32)
    .map((word) => JSON.stringify(word.slice(0, longestShown)))
    .join(' ');
  return text.length > longestShown ? `${text.slice(0, longestShown)} …` : text;
}

export interface StrangeMachines {
  /** `aarch64, x86-64` */
  readonly names: string;
  /** What starts some of them anyway; null where nothing does that the platform names. */
  readonly narrower: Narrower | null;
}

/**
 * The machines of an image's programs, where not every machine that it is for can start any of them; null otherwise. Files that
 * nothing starts do not count: firmware and what is for cross compilers lies in images of every machine.
 */
function machinesOf({ found }: SeenImage, platform: string): StrangeMachines | null {
  const names = new Set<string>();
  let narrower: Narrower | null = null;
  for (const { extraction } of found) {
    const { acceptance, machine } = extraction.facts;
    if (!acceptance.known || acceptance.value.by !== 'kernel') continue;
    const fit = machine.known ? fitOf(platform, machine.value) : null;
    if (!machine.known || fit === null || fit === 'yes') return null;
    if (fit !== 'no') narrower ??= fit;
    names.add(machine.value.name);
  }
  return names.size === 0 ? null : { names: [...names].sort().join(', '), narrower };
}
