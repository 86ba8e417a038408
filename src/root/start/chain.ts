import type { RootEntry } from '../../layers/root.ts';
import type { Credentials } from './credentials.ts';
import { errorText } from './errors.ts';
import { execute, type Started } from './execute.ts';
import type { SeenImage } from './image-facts.ts';
import { enterDirectory, findExecutable, isLocated } from './runtime.ts';
import { fails, type StartEnd, type StartLink } from './start.ts';
import type { Walker } from './walk-path.ts';

/** Components of paths that one start may look up. */
const mostSteps = 200_000;

/** From the command line to the last program that is certain to run. */
export function walkChain(
  image: SeenImage,
  words: readonly string[],
  who: Credentials,
  links: StartLink[],
): StartEnd {
  const { config, root } = image;
  links.push({
    what: 'user',
    saw: `${who.uid}:${who.gid}${config.user === '' ? '' : ` (USER ${config.user})`}`,
  });
  const walker: Walker = { root, who, steps: { left: mostSteps } };
  const directory = enterDirectory(config, walker);
  if (typeof directory !== 'string') return directory;
  links.push({ what: 'working directory', saw: directory });
  const [word = ''] = words;
  const located = findExecutable(word, config, directory, walker);
  if (!isLocated(located)) return located;
  links.push({ what: 'runtime starts', saw: pathText(located.path, located.entry) });
  const started = execute({ image, walker, directory }, { ...located, words }, links);
  if (started.outcome === 'end') return started.end;
  if (started.outcome === 'error') {
    const end = fails(`exec ${located.path}: ${errorText(started.errno)}`, started.because);
    return started.program === null ? end : { ...end, program: started.program };
  }
  return endOf(started);
}

function endOf({ program }: Extract<Started, { outcome: 'program' }>): StartEnd {
  return { state: 'starts', program, beyond: null };
}

function pathText(path: string, { path: real, mode, uid, gid }: RootEntry): string {
  const way = path === real ? path : `${path}, which is ${real}`;
  return `${way} (mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, owner ${uid}:${gid})`;
}
