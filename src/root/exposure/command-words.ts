import type { ImageConfig } from '../../sources/source.ts';

/** How the image's command line names a program. */
export interface NamedProgram {
  readonly word: string;
  /** `started`: it is what runs. `named`: it is a word that a started program is given to run. */
  readonly how: 'started' | 'named';
}

/** Programs that start what follows their own options, and its arguments. */
const starters =
  /(^|\/)(tini|tini-static|dumb-init|catatonit|docker-init|su-exec|gosu|setpriv|env)$/;
const shells = /(^|\/)(sh|ash|bash|dash|zsh|ksh)$/;

/**
 * Programs that ENTRYPOINT and CMD name, as far as they can be read without guessing. Docker puts both together to one
 * command line. The first word of CMD is what the common entry points start in the end, so it is named too.
 */
export function programsOfCommandLine({ entrypoint, cmd }: ImageConfig): NamedProgram[] {
  const words = [...entrypoint, ...cmd];
  const found: NamedProgram[] = [];
  const [first] = words;
  if (first === undefined) return found;
  found.push({ word: first, how: 'started' });
  if (shells.test(first)) return [...found, ...programsOfShell(words)];
  if (starters.test(first)) return [...found, ...programsOfStarter(words)];
  const [argument] = cmd;
  if (entrypoint.length > 0 && argument !== undefined && isPlain(argument)) {
    found.push({ word: argument, how: 'named' });
  }
  return found;
}

/** `sh -c "exec nginx -g ..."`: ENTRYPOINT and CMD in their shell form, or a script as the first word. */
function programsOfShell(words: readonly string[]): NamedProgram[] {
  const at = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  if (at < 0) {
    const script = words.slice(1).find((word) => !word.startsWith('-'));
    return script !== undefined && isPlain(script) ? [{ word: script, how: 'started' }] : [];
  }
  return commandsOfShellText(words[at + 1] ?? '').map((word) => ({ word, how: 'started' }));
}

/** `tini -g -- /entrypoint.sh nginx`: the first word that is no option; gosu and su-exec name a user before it. */
function programsOfStarter(words: readonly string[]): NamedProgram[] {
  const [starter = '', ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-') && !word.includes('='));
  const program = /(gosu|su-exec)$/.test(starter) ? operands[1] : operands[0];
  return program !== undefined && isPlain(program) ? [{ word: program, how: 'started' }] : [];
}

/** First words of a shell text's commands; of a text with quotes or expansions only what stands before them. */
function commandsOfShellText(text: string): string[] {
  const isSimple = !/["'`\\(){}<>#\n]/.test(text);
  const commands = isSimple ? text.split(/&&|\|\||[;|&]/) : [text];
  return commands.flatMap((command) => {
    const words = command.trim().split(/\s+/);
    const word = words.find((each) => each !== 'exec' && !/^[A-Za-z_]\w*=\S*$/.test(each));
    return word !== undefined && isPlain(word) ? [word] : [];
  });
}

/** Nothing in it that a shell would expand. */
function isPlain(word: string): boolean {
  return /^[\w./+@%:,-]+$/.test(word) && !word.startsWith('-');
}
