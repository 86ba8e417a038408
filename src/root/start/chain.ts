import { normalisePath } from '../../base/normalise-path.ts';
import type { RootEntry } from '../../layers/root.ts';
import { contextOfImage } from '../loader/process/process-context.ts';
import { type Credentials, octalMode } from '../rights/permission.ts';
import { follow } from './follow.ts';
import { argumentExcess } from './kernel/argument-size.ts';
import { errorText } from './kernel/errno.ts';
import { execute } from './kernel/execute.ts';
import { longestPath, type Walker } from './kernel/walk-path.ts';
import { pathVariable } from './runtime/environment.ts';
import { findExecutable, isLocated } from './runtime/find-executable.ts';
import { enterDirectory } from './runtime/working-directory.ts';
import type { SeenImage } from './seen-image.ts';
import { brief, fails, isEnd, type StartEnd, type StartLink } from './start.ts';

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
    saw: `${who.uid}:${who.gid}${config.user === '' ? '' : ` (USER ${brief(config.user)})`}`,
  });
  const walker: Walker = {
    root,
    who,
    steps: { left: mostSteps },
    made: null,
    volumes: volumesOf(config),
  };
  const entered = enterDirectory(config, walker);
  if (isEnd(entered)) return entered;
  const { directory } = entered;
  links.push({ what: 'working directory', saw: directory });
  const inside = { ...walker, made: entered.made };
  const [word = ''] = words;
  const located = findExecutable(word, config, directory, inside);
  if (!isLocated(located)) return located;
  links.push({ what: 'runtime starts', saw: pathText(located.path, located.entry) });
  const excess = argumentExcess(words, config);
  if (excess !== null) return excess;
  const environment = new Map(contextOfImage(root, config).environment).set(
    'PATH',
    pathVariable(config),
  );
  const around = { image, walker: inside, directory, environment, isOtherUser: false };
  const started = execute(around, { ...located, words }, links);
  if (started.outcome === 'end') return started.end;
  if (started.outcome === 'program') return follow(started, around, links);
  const prints = `exec ${located.path}: ${errorText(started.errno)}`;
  const end = fails(started.cause, prints, started.because);
  return started.program === null ? end : { ...end, program: started.program };
}

const mostVolumes = 64;

function volumesOf({ volumes = [] }: SeenImage['config']): readonly string[] {
  return volumes
    .slice(0, mostVolumes)
    .filter((volume) => volume.startsWith('/') && volume.length <= longestPath)
    .map(normalisePath)
    .filter((volume) => volume !== '/');
}

function pathText(path: string, { path: real, mode, uid, gid }: RootEntry): string {
  const way = path === real ? path : `${path}, which is ${real}`;
  return `${way} (mode ${octalMode(mode)}, owner ${uid}:${gid})`;
}
