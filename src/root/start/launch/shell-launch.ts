import { commandOf } from '../script/shell-text.ts';
import type { Launch, RunningProgram } from './launch.ts';

/** Options without an argument that every shell knows. */
const flags = /^[abCefimnuvxscl]+$/;

/** As POSIX has it (sh, OPERANDS): options, then a text with `-c`, else a file, else standard input. */
export function launchOfShell(name: string, program: RunningProgram): Launch {
  const { path, files, words } = program;
  let asksText = false;
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--' || word === '-') {
      at += 1;
      break;
    }
    if (!/^[-+]./s.test(word) || (word.startsWith('+') && !flags.test(word.slice(1)))) break;
    const letters = word.slice(1);
    const strange = /[\s\0]/.exec(letters)?.[0];
    if (strange !== undefined && !word.startsWith('--'))
      return {
        how: 'fails',
        prints: `${path}: illegal option -${JSON.stringify(strange).slice(1, -1)}`,
        because: `its shell is given ${JSON.stringify(word)} as one option`,
      };
    if (/^[abCefimnuvxscl]*o$/.test(letters) && words[at + 1] === 'pipefail') {
      if (!hasPipefail(name, files))
        return {
          how: 'unknown',
          because: `${path} is given -o pipefail, which not every shell takes (dash does not)`,
        };
      at += 1;
    } else if (!flags.test(letters))
      return { how: 'runs', beyond: `what ${path} does is not judged` };
    // A login shell and an interactive one read files of their own first, and with -n nothing is executed.
    if (/[iln]/.test(letters))
      return { how: 'runs', beyond: `what ${path} does as a shell with ${word} is not judged` };
    asksText ||= word.startsWith('-') && letters.includes('c');
    if (letters.includes('s') && !asksText) return { how: 'runs', beyond: null };
  }
  const operand = words[at];
  if (operand === undefined)
    return asksText
      ? {
          how: 'fails',
          prints: `${path}: -c requires an argument`,
          because: 'its shell is given -c and no text',
        }
      : { how: 'runs', beyond: null };
  const first = readFirst(name, program);
  if (first !== null)
    return { how: 'runs', beyond: `what ${path} does after ${first} is not judged` };
  return asksText
    ? commandOf(operand, path)
    : { how: 'reads', script: operand, given: words.slice(at + 1) };
}

function hasPipefail(name: string, files: readonly string[]): boolean {
  return (
    /^(bash|ash|zsh|ksh|mksh)$/.test(name) || files.some((file) => /\/(busybox|bash)$/.test(file))
  );
}

/** What runs before its text or file, and may set PATH or define the command. */
function readFirst(name: string, { files, environment }: RunningProgram): string | null {
  if ([...environment.keys()].some((key) => key.startsWith('BASH_FUNC_')))
    return 'functions of its environment are defined';
  const isCalled = (shell: RegExp) => [`/${name}`, ...files].some((file) => shell.test(file));
  if (isCalled(/\/zsh[^/]*$/)) return 'it reads zshenv';
  if (name === 'bash' && environment.get('BASH_ENV')) return 'it reads the file of BASH_ENV';
  if (isCalled(/\/\w*ksh\d*[^/]*$/) && environment.get('ENV')) return 'it reads the file of ENV';
  return null;
}
