import type { RunningProgram } from './followed-program.ts';
import { type Launch, noChanges } from './shell-launch.ts';

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
    default:
      return { how: 'runs', beyond: null };
  }
}

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
      if (/(^|\/)busybox$/.test(program.file))
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
    if (word === '-u' || word === '--unset') changes.set(pending.pop() ?? '', null);
    else if (word.startsWith('-')) return leftTo(program);
    else if (name !== undefined && value !== undefined) changes.set(name, value);
    else if ([...changes.keys()].some((key) => /^LD_/.test(key))) return leftTo(program);
    else return executes([word, ...pending.toReversed()], changes);
  }
  return { how: 'runs', beyond: null };
}
