import { isBusyBox, mayRunItself } from './busybox-applets.ts';
import { type Launch, noChanges, type RunningProgram } from './launch.ts';

/** What a program that only starts another one starts. */
export function launchOfStarter(name: string, program: RunningProgram): Launch {
  const [, ...rest] = program.words;
  switch (name) {
    case 'tini':
    case 'tini-static':
    case 'docker-init':
      return afterOptions(program, rest, { flags: /^-[svwg]+$/, valued: /^-[pe]$/ });
    case 'dumb-init':
      return afterOptions(program, rest, {
        flags: /^(-[cv]+|--single-child|--verbose)$/,
        valued: /^(-r|--rewrite)$/,
      });
    case 'catatonit':
      return afterOptions(program, rest, none);
    case 'gosu':
    case 'su-exec':
      return ofUser(program, rest);
    case 'env':
      return ofEnv(program, rest, new Map());
    case 'nohup':
      return afterOptions(program, rest, none);
    case 'nice':
      return afterOptions(program, rest, { flags: /^-(\d+|n-?\d+)$/, valued: /^-n$/ });
    case 'setsid':
      return afterOptions(program, rest, { flags: /^-[cw]+$/, valued: none.valued });
    case 'timeout':
      return ofTimeout(program, rest);
    default:
      return otherStarters.has(name) && rest.length > 0
        ? leftTo(program)
        : { how: 'runs', beyond: null };
  }
}

/** They start another program too, and their options are many. */
const otherStarters: ReadonlySet<string> = new Set(
  `chpst chroot chrt doas envdir envuidgid flock ionice linux32 linux64 ltrace numactl nsenter prlimit run-parts runuser
s6-envdir s6-setuidgid s6-svscan script setarch setpriv setuidgid softlimit start-stop-daemon stdbuf strace su sudo
supervisord taskset time unshare valgrind watch with-contenv xargs`.split(/\s+/),
);

interface Options {
  readonly flags: RegExp;
  /** Options whose argument is the next word. */
  readonly valued: RegExp;
}

const none: Options = { flags: /$^/, valued: /$^/ };

function executes(
  words: readonly string[],
  changes: ReadonlyMap<string, string | null> = noChanges,
  user: string | null = null,
): Launch {
  return { how: 'executes', words, isOpen: false, by: 'execvp', changes, user };
}

function leftTo({ path }: RunningProgram): Launch {
  return { how: 'runs', beyond: `what ${path} starts then is not judged` };
}

function afterOptions(
  program: RunningProgram,
  words: readonly string[],
  { flags, valued }: Options,
): Launch {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    if (!word.startsWith('-')) break;
    if (valued.test(word)) at += 1;
    else if (!flags.test(word)) return leftTo(program);
  }
  return at < words.length ? executes(words.slice(at)) : leftTo(program);
}

/** `gosu USER PROGRAM`, `su-exec USER PROGRAM`: no options. */
function ofUser(program: RunningProgram, [user, ...words]: readonly string[]): Launch {
  if (user === undefined || user.startsWith('-') || words.length === 0) return leftTo(program);
  return executes(words, noChanges, user);
}

/** `timeout [OPTIONS] DURATION PROGRAM`. */
function ofTimeout(program: RunningProgram, words: readonly string[]): Launch {
  const launch = afterOptions(program, words, {
    flags: /^(-[fpv]+|--(foreground|preserve-status|verbose)|--(signal|kill-after)=.*)$/,
    valued: /^(-[sk]|--signal|--kill-after)$/,
  });
  if (launch.how !== 'executes') return launch;
  const [, ...rest] = launch.words;
  return rest.length > 0 ? executes(rest) : leftTo(program);
}

/** Loaders have more settings than are followed. */
function isUnknownSetting(name: string): boolean {
  return name.startsWith('LD_') && !/^LD_(LIBRARY_PATH|PRELOAD)$/.test(name);
}

/** POSIX's env, and `-S` of GNU coreutils (since 8.30) and the BSDs. */
function ofEnv(
  program: RunningProgram,
  words: readonly string[],
  changes: Map<string, string | null>,
): Launch {
  // The next one last.
  const pending = words.toReversed();
  for (let word = pending.pop(); word !== undefined; word = pending.pop()) {
    const [, split] = /^(?:-S|-vS|--split-string=?)(.*)$/s.exec(word) ?? [];
    if (split !== undefined) {
      // A copy of BusyBox has any of its names.
      if (!isBusyBox(program) && mayRunItself(program, 'env')) return leftTo(program);
      if (isBusyBox(program))
        return {
          how: 'fails',
          prints: 'env: unrecognized option: S',
          because: `${program.path} is BusyBox, whose env has no -S`,
        };
      const text = split === '' ? (pending.pop() ?? '') : split;
      if (/["'\\$#]/.test(text)) return leftTo(program);
      for (const part of text.split(/[ \t\n\v\f\r]+/).reverse())
        if (part !== '') pending.push(part);
      continue;
    }
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (word === '--') continue;
    if (/^-i\s/.test(word))
      return {
        how: 'fails',
        prints: `${program.path}: invalid option -- ' '`,
        because: `it is given ${JSON.stringify(word)} as one option`,
      };
    if (word === '-u' || word === '--unset') changes.set(pending.pop() ?? '', null);
    else if (word.startsWith('-')) return leftTo(program);
    else if (name !== undefined && value !== undefined) changes.set(name, value);
    else if ([...changes.keys()].some(isUnknownSetting)) return leftTo(program);
    else return executes([word, ...pending.toReversed()], changes);
  }
  return { how: 'runs', beyond: null };
}
