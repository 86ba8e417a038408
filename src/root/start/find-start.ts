import { cause } from './cause.ts';
import { walkChain } from './chain.ts';
import type { SeenImage } from './image-facts.ts';
import { machinesOf } from './machines.ts';
import { namedPath } from './runtime.ts';
import { fails, isEnd, type Start, type StartEnd, type StartLink, undecided } from './start.ts';
import { findCredentials } from './user-credentials.ts';

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
  if (strange !== null) {
    links.push({ what: 'platform of the image', saw: platform ?? '' });
    links.push({ what: 'machine of its programs', saw: strange });
    const [word = 'its command'] = words;
    return fails(
      cause('machine', strange),
      `exec ${word}: exec format error`,
      `the image is for ${platform}, and all of its programs are for ${strange}`,
    );
  }
  if (words.length === 0) return null;
  links.push({ what: 'command line', saw: shown(words) });
  const who = findCredentials(root, config.user);
  if (isEnd(who)) return who;
  return walkChain(image, words, who, links);
}

/** What is missing may be in the part that was not read. */
function certain({ unread }: SeenImage, end: StartEnd): StartEnd {
  if (end.state !== 'fails') return end;
  const { because } = end;
  const part = unread.find((where) => !where.startsWith('/') || because.includes(baseOf(where)));
  return part === undefined
    ? end
    : undecided(`${part} could not be read, and without it: ${because}`, 'damage');
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const longestShown = 200;

function shown(words: readonly string[]): string {
  const text = words
    .slice(0, 32)
    .map((word) => JSON.stringify(word.slice(0, longestShown)))
    .join(' ');
  return text.length > longestShown ? `${text.slice(0, longestShown)} …` : text;
}
