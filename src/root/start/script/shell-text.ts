import type { Launch } from '../launch/launch.ts';

/** What a shell does by itself: keywords, built-in commands of POSIX and of the shells that images have. */
export const ownWords: ReadonlySet<string> = new Set(
  `! { } [ [[ : . alias bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc declare
dirs disown do done echo elif else enable esac eval exit export false fc fg fi for function getopts hash help history if in
jobs kill let local logout mapfile newgrp popd print printf pushd pwd read readarray readonly return select set setopt shift
shopt source suspend test then time times trap true type typeset ulimit umask unalias unset until wait whence while`.split(
    /\s+/,
  ),
);

/** Variables that decide what a command is or how it is loaded. */
const deciding = /^(PATH|IFS|ENV|BASH_ENV|LD_\w*|DYLD_\w*)=/;

/** The one command of a shell's text, where the text is no more than that. */
export function commandOf(text: string, shell: string): Launch {
  const beyond: Launch = { how: 'runs', beyond: `what ${shell} does by its text is not judged` };
  // Anything that joins commands, substitutes one, or sends words elsewhere.
  const known = text.replace(/\$\{\w+\}/g, '$x');
  if (/[;|&<>()`{}\n\r\\]|(^|\s)#/.test(known)) return beyond;
  const words = known.split(/[ \t]+/).filter((word) => word !== '');
  const changes = new Map<string, string>();
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const [, name, value] =
      /^(LD_LIBRARY_PATH|LD_PRELOAD)=([\w./+@%:,=-]*)$/.exec(words[0] ?? '') ?? [];
    if (name !== undefined && value !== undefined) {
      changes.set(name, value);
      words.shift();
      continue;
    }
    if (deciding.test(words[0] ?? '') || !isPlain(words[0] ?? '')) return beyond;
    words.shift();
  }
  if (words[0] === 'exec') words.shift();
  const [command] = words;
  if (command === undefined || !isPlain(command) || command.startsWith('-')) return beyond;
  if (ownWords.has(command)) return beyond;
  const closed = words.findIndex((word) => !isPlain(word));
  return {
    how: 'executes',
    words: closed < 0 ? words : words.slice(0, closed),
    isOpen: closed >= 0,
    by: 'shell',
    changes,
    user: null,
  };
}

/** Nothing in it that a shell would expand or take away. */
export function isPlain(word: string): boolean {
  return /^[\w./+@%:,=-]+$/.test(word);
}
