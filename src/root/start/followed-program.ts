import { type Launch, launchOfShell } from './shell-launch.ts';
import { launchOfStarter } from './starter-launch.ts';

/** A program that runs, as far as its name and words tell what it does. */
export interface RunningProgram {
  /** The path that it was started by. */
  readonly path: string;
  /** Of the file itself, links followed: `busybox` is many programs. */
  readonly file: string;
  /** Its own name first. */
  readonly words: readonly string[];
  /** More words follow that are not known. */
  readonly isOpen: boolean;
}

/** What a program does first. A name that anybody can give a file decides: nothing else tells what a program is. */
export function launchOf(program: RunningProgram): Launch {
  const name = program.path.slice(program.path.lastIndexOf('/') + 1);
  const launch = /^(sh|ash|dash|bash|ksh|mksh|zsh)$/.test(name)
    ? launchOfShell(program)
    : launchOfStarter(name, program);
  // A word that is not known may be an option.
  return program.isOpen && launch.how !== 'runs' ? leftTo(program.path) : launch;
}

function leftTo(path: string): Launch {
  return { how: 'runs', beyond: `what ${path} starts then is not judged` };
}
