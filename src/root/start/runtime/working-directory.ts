import type { ImageConfig } from '../../../base/image-config.ts';
import { normalisePath } from '../../../base/normalise-path.ts';
import type { Root } from '../../../layers/root.ts';
import { cause } from '../cause.ts';
import { errorText } from '../kernel/errno.ts';
import { longestPath, type Walker, walkPath } from '../kernel/walk-path.ts';
import { undecidedBy } from '../kernel/walk-reasons.ts';
import { fails, type StartEnd, undecided } from '../start.ts';

/** Where the first process works. */
export interface WorkingDirectory {
  /** Absolute, links followed. */
  readonly directory: string;
  /** The same, where the runtime has to make it; null where the image has it. */
  readonly made: string | null;
}

/** Runtimes make it where it is missing, and change to it as root, before they become the user. */
export function enterDirectory(config: ImageConfig, walker: Walker): WorkingDirectory | StartEnd {
  if (config.workingDirectory.length > longestPath)
    return fails(
      cause('working-directory'),
      `chdir to cwd: ${errorText('ENAMETOOLONG')}`,
      `WorkingDir has ${config.workingDirectory.length} characters`,
    );
  const given = config.workingDirectory === '' ? '/' : config.workingDirectory;
  if (!given.startsWith('/'))
    return undecided(`WorkingDir is ${given}, and most runtimes demand an absolute path`);
  const asRoot = { ...walker, who: { uid: 0, gid: 0, groups: [] } };
  const walk = walkPath(asRoot, '/', given);
  if (walk.outcome === 'undecided') return undecidedBy(walk);
  if (walk.outcome === 'found')
    return walk.entry.type === 'directory'
      ? { directory: walk.entry.path, made: null }
      : notDirectory(given, walk.entry.path);
  if (walk.errno === 'ENOENT' && !endsInLink(walker.root, given)) {
    const made = normalisePath(`${walk.at}/${walk.rest.join('/')}`);
    return { directory: made, made };
  }
  if (walk.errno === 'ENOTDIR') return notDirectory(given, walk.at);
  return undecided(
    `WorkingDir is ${given}, where runtimes cannot make a directory: ${errorText(walk.errno)}`,
  );
}

/** A link to nothing: some make what it leads to, and others end. */
function endsInLink(root: Root, path: string): boolean {
  const parts = normalisePath(path).split('/');
  return parts.some((_, index) => {
    const above = parts.slice(0, index + 1).join('/') || '/';
    return root.entry(above)?.type === 'symlink' && root.resolve(above) === undefined;
  });
}

function notDirectory(given: string, at: string): StartEnd {
  return fails(
    cause('working-directory', given),
    `chdir to cwd ("${given}") set in config.json failed: not a directory`,
    `WorkingDir is ${given}, and ${at} is not a directory`,
  );
}
