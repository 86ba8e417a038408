import type { ImageConfig } from '../../base/image-config.ts';
import { baseName } from '../../base/path-parts.ts';
import { launchOf } from '../start/launch/followed-program.ts';
import type { Launch, RunningProgram } from '../start/launch/launch.ts';
import { isPlain } from '../start/script/shell-text.ts';

/** How the image's command line names a program. */
export interface NamedProgram {
  readonly word: string;
  /** `started`: it is what runs. `named`: it is a word that a started program is given to run. */
  readonly how: 'started' | 'named';
}

/** Commands that are followed: a text for a shell has any number of them. */
const mostCommands = 64;

/**
 * Programs that ENTRYPOINT and CMD name, as far as they can be read without guessing. Docker puts both together to one command line,
 * and what follows a program that only starts another one is read as the start of the image reads it. The first word of CMD is what the
 * common entry points start in the end, so it is named too.
 */
export function programsOfCommandLine({ entrypoint, cmd }: ImageConfig): NamedProgram[] {
  const started: string[] = [];
  const commands: (readonly string[])[] = [[...entrypoint, ...cmd]];
  let isText = false;
  for (let at = 0; at < commands.length && at < mostCommands; at += 1) {
    const words = commands[at] ?? [];
    const [word] = words;
    if (word === undefined || (at > 0 && !isPlain(word))) continue;
    started.push(word);
    const next = commandsBehind(words);
    isText ||= next.isText;
    commands.push(...next.commands);
  }
  const found = started.map((word) => ({ word, how: 'started' as const }));
  const [argument] = cmd;
  const isGiven = entrypoint.length > 0 && !isText && argument !== undefined;
  return isGiven && isPlain(argument) && !argument.startsWith('-') && !started.includes(argument)
    ? [...found, { word: argument, how: 'named' }]
    : found;
}

/** The words of what a program starts that only starts another one. A script is a command of one word. */
export function commandsBehind(words: readonly string[]): {
  readonly commands: readonly (readonly string[])[];
  readonly isText: boolean;
} {
  const launch = launchByWords(words);
  const text = textForShell(words);
  if (text !== null && launch.how !== 'executes')
    return { commands: commandsOfText(text), isText: true };
  switch (launch.how) {
    case 'executes':
      return { commands: [launch.words], isText: text !== null };
    case 'reads':
      return { commands: [[launch.script]], isText: false };
    default:
      return { commands: firstOperand(words), isText: false };
  }
}

/** By its name alone: what lies there is not looked at, and a command of several names is what it is called. */
function launchByWords(words: readonly string[]): Launch {
  const [path = ''] = words;
  const name = baseName(path);
  const program: RunningProgram = {
    path,
    files: [`/bin/${name}`],
    names: null,
    applets: null,
    isLoader: false,
    interpreter: '',
    readsTexts: null,
    words,
    isOpen: false,
    environment: new Map(),
  };
  return launchOf(program);
}

/** Of a shell whose start is not judged, as `bash -lc TEXT`. */
function textForShell([shell = '', ...words]: readonly string[]): string | null {
  if (!/(^|\/)(sh|ash|bash|dash|zsh|ksh|mksh)$/.test(shell)) return null;
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? null : (words[at + 1] ?? '');
}

/** Commands of a shell's text; of a text with quotes or expansions only what stands before them. */
function commandsOfText(text: string): readonly (readonly string[])[] {
  const isSimple = !/["'`\\(){}<>#\n]/.test(text);
  const commands = isSimple ? text.split(/&&|\|\||[;|&]/, mostCommands) : [text];
  return commands.map((command) => {
    const words = command.trim().split(/\s+/);
    const at = words.findIndex((word) => word !== 'exec' && !/^[A-Za-z_]\w*=\S*$/.test(word));
    const rest = at < 0 ? [] : words.slice(at);
    return isSimple ? rest : rest.slice(0, 1);
  });
}

/** Starters whose options are many: `setpriv --reuid=1000 app`, `with-contenv bash`. */
const otherStarters =
  /(^|\/)(chpst|setpriv|s6-setuidgid|s6-envdir|with-contenv|stdbuf|ionice|chrt|taskset|numactl|start-stop-daemon|setarch|linux32|linux64)$/;

function firstOperand([starter = '', ...words]: readonly string[]): readonly (readonly string[])[] {
  if (!otherStarters.test(starter)) return [];
  const at = words.findIndex((word) => !word.startsWith('-') && !word.includes('='));
  return at < 0 ? [] : [words.slice(at)];
}
