import { baseName } from '../../../base/path-parts.ts';
import { cause } from '../cause.ts';
import { busyboxApplets, everyBuildHas, isBusyBox, isOfAlpine } from './busybox-applets.ts';
import type { Launch, RunningProgram } from './launch.ts';
import { launchOfShell } from './shell-launch.ts';
import { launchOfStarter } from './starter-launch.ts';

/**
 * What a program does first. Names decide, since a file does not say what program it is: that of the path, and those of
 * the file, which have to be the usual ones in the usual folders. What else is called `sh` or `env` is left to itself.
 */
export function launchOf(program: RunningProgram): Launch {
  const launch = isBusyBox(program) ? launchOfApplet(program) : launchByName(program);
  // A word that is not known may be an option.
  return program.isOpen && launch.how !== 'runs' && launch.how !== 'unknown'
    ? leftTo(program.path)
    : launch;
}

function launchByName(program: RunningProgram): Launch {
  const name = baseName(program.path);
  if (program.isLoader || !isWhatItIsCalled(name, program)) return leftTo(program.path);
  return launchOfName(name, program);
}

function launchOfName(name: string, program: RunningProgram): Launch {
  return shells.test(name) ? launchOfShell(name, program) : launchOfStarter(name, program);
}

const shells = /^(sh|ash|dash|bash|ksh|mksh|zsh)$/;
const shellFiles =
  /^(sh|ash|dash|bash|ksh|mksh|zsh|rbash|lksh|ksh93|bash-static|mksh-static|zsh[\d.-]+)$/;
const usualFolder = /^\/(usr\/|usr\/local\/)?s?bin\/[^/]+$/;
/** Of coreutils and util-linux; GNU's and Rust's coreutils may be one file. */
const usualTools = /^(env|nohup|nice|timeout|setsid)$/;

/** Other starters have names that nobody gives another program, and are put anywhere: `/tini`. */
function isWhatItIsCalled(name: string, { files }: RunningProgram): boolean {
  const isOf = (wanted: (file: string) => boolean) =>
    files.some((file) => usualFolder.test(file) && wanted(baseName(file)));
  if (shells.test(name)) return isOf((file) => shellFiles.test(file));
  if (usualTools.test(name)) return isOf((file) => file === name || /^g?coreutils$/.test(file));
  return true;
}

/** run_applet_and_exit of libbb/appletlib.c: its own name says which applet it is, or its first word where that is `busybox`. */
function launchOfApplet(program: RunningProgram): Launch {
  const { path, words } = program;
  const own = baseName(path);
  const isItself = own.startsWith('busybox');
  const name = isItself ? baseName(words[1] ?? '') : own;
  if (isItself && (name === '' || name.startsWith('-'))) return { how: 'runs', beyond: null };
  if (program.applets !== null && !program.applets.has(name))
    return {
      how: 'fails',
      prints: `${name}: applet not found`,
      because: `${path} is BusyBox, and ${name} is not among the ${program.applets.size} applets of this build`,
      cause: cause('applet', name),
    };
  if (program.applets === null && !busyboxApplets.has(name))
    return {
      how: 'unknown',
      because: `${path} is BusyBox, and ${name} is not the name of an applet that it usually has`,
    };
  if (isItself && !isBuiltInto(program, name))
    return {
      how: 'unknown',
      because: `${path} is BusyBox, not every build has the applet ${name}, and no link in the image says that this one has`,
    };
  return launchOfName(name, isItself ? { ...program, words: words.slice(1) } : program);
}

/** Who installs BusyBox makes a link for each applet of the build, except on Debian. */
function isBuiltInto({ names, interpreter, applets }: RunningProgram, applet: string): boolean {
  return (
    names === null ||
    applets?.has(applet) === true ||
    everyBuildHas(applet, isOfAlpine(interpreter)) ||
    names.some((path) => baseName(path) === applet)
  );
}

function leftTo(path: string): Launch {
  return { how: 'runs', beyond: `what ${path} starts then is not judged` };
}
