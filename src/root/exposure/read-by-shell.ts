import { baseName } from '../../base/path-parts.ts';
import { runsLines } from './task-runners.ts';

/** Shells, and what has a shell read a file in its own process. */
const readers = /^(?:r?(?:ba|da|a|k|mk|lk|pdk|z|po|ya)?sh|busybox|source|\.)$/;

/** Words that are followed by the program that runs. */
const starters = new Set(
  `! busybox catatonit chpst chroot chrt coproc command do docker-init doas dumb-init elif else env eval exec fakeroot flock foreground
gosu if ionice nice nohup numactl prlimit run-parts runuser s6-envdir s6-setuidgid script setarch setpriv setsid softlimit
start-stop-daemon stdbuf strace su su-exec sudo taskset then time timeout tini tini-static trap unshare until while with-contenv xargs`.split(
    /\s+/,
  ),
);

/** In which way a text names a file. */
export interface Naming {
  /** A shell is to read it. */
  readonly isRead: boolean;
  /** It stands where a program does. */
  readonly isStarted: boolean;
  /** What runs it takes it for an archive. */
  readonly isArchive: boolean;
}

export const everything: Naming = { isRead: true, isStarted: true, isArchive: false };

/** Looked at in one text; a word that stands there more often is read. */
const mostPlaces = 16;
const longestLine = 1024;

/** By what stands on the same line before the word, and behind it: `sh -e FILE`, `. FILE`, `sh < FILE`, `cat FILE | sh`. */
export function howNamed(text: string, word: string): Naming {
  let [isRead, isStarted, isArchive] = [false, false, false];
  let places = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    places += 1;
    if (places > mostPlaces) return everything;
    const begin = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    if (at - begin > longestLine) return everything;
    const before = text.slice(begin, at);
    const command = wordsBefore(before);
    isRead ||=
      command.some((each) => isReader(each) || runsLines(each)) ||
      /<\s*["']?$/.test(before.slice(-8)) ||
      isPiped(text.slice(at + word.length, at + word.length + longestLine));
    isStarted ||= command.length === 0 || command.some((each) => starters.has(baseName(each)));
    isArchive ||= command.at(-1) === '-jar';
  }
  // A word that was put together out of pieces.
  return places === 0 ? everything : { isRead, isStarted, isArchive };
}

/** Of the command that a word belongs to. */
function wordsBefore(line: string): readonly string[] {
  let at = line.length;
  while (at > 0 && !/[;|&({`=:]/.test(line.charAt(at - 1))) at -= 1;
  return line
    .slice(at)
    .split(/[\s"'\\]+/)
    .filter((word) => word !== '');
}

function isPiped(rest: string): boolean {
  return (rest.split('\n', 1)[0] ?? '')
    .split('|')
    .slice(1)
    .some((command) => command.split(/[\s"']+/, 4).some(isReader));
}

function isReader(word: string): boolean {
  return readers.test(baseName(word));
}

/** Names without a slash that a shell is to read: they are in the folder that it runs in. */
export function namesToRead(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of text.split(/[\n;|&(]/)) {
    const words = line.split(/[\s"']+/);
    const at = words.findIndex((word) => isReader(word) || runsLines(word));
    if (at < 0) {
      const [, name] = /<\s*["']?([\w.+-]+)/.exec(line) ?? [];
      if (name !== undefined) names.add(name);
      continue;
    }
    for (const word of words.slice(at + 1, at + 9)) {
      const name = word.replace(/^<+/, '');
      if (/^\w[\w.+-]*$/.test(name)) names.add(name);
    }
  }
  return names;
}

/** Whether a text starts a shell that reads its own settings first: a login shell, or one that a person types to. */
export function startsOpenShell(text: string): boolean {
  return text.split(/[\n;|&(]/).some((line) => {
    const words = line.split(/[\s"']+/).filter((word) => word !== '');
    const at = words.findIndex((word) => isReader(word) && !/^(source|\.|busybox)$/.test(word));
    if (at < 0) return /^(exec )?su (-|-l|--login)( |$)/.test(line.trim());
    const next = words[at + 1];
    return next === undefined || /^-[a-z]*[il]|^--(login|interactive|rcfile|init-file)/.test(next);
  });
}
