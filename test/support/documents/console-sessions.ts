import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../program.ts';
import { repositoryRoot } from '../repository.ts';

/** A command of a document, as typed behind `$ `, and what the document says that it prints. A line `...` stands for any lines. */
export interface ConsoleStep {
  readonly command: string;
  readonly output: string;
  /** Line of the command in the document. */
  readonly line: number;
}

/** Blocks of a document that show a terminal. A line of output cannot begin with `$ `. */
export function consoleBlocks(markdown: string): readonly (readonly ConsoleStep[])[] {
  return [...markdown.matchAll(/^```console\n(?<body>.*?)^```$/gms)].map(({ groups, index }) =>
    stepsOf(groups?.['body'] ?? '', markdown.slice(0, index).split('\n').length + 1),
  );
}

function stepsOf(body: string, firstLine: number): readonly ConsoleStep[] {
  const steps: { command: string; output: string; line: number }[] = [];
  let continues = false;
  for (const [index, line] of body.split('\n').slice(0, -1).entries()) {
    const last = steps.at(-1);
    if (line.startsWith('$ '))
      steps.push({ command: line.slice(2), output: '', line: firstLine + index });
    else if (last !== undefined && continues) last.command += `\n${line}`;
    else if (last !== undefined) last.output += `${line}\n`;
    else throw new Error(`line ${firstLine + index} does not belong to a command`);
    continues = (line.startsWith('$ ') || continues) && line.endsWith('\\');
  }
  return steps;
}

export interface Sandbox {
  /** Runs the steps in one shell, which starts in the sandbox: what each prints, standard error included. */
  run(steps: readonly ConsoleStep[]): readonly string[];
  readonly folder: string;
  remove(): void;
}

/**
 * A copy of what documents use, as a repository of its own, where the day is `day` and only hullcheck and the tools of a plain system are there. A copy,
 * because commands write files and documents must not depend on what lies around the project.
 */
export function openSandbox(day: string): Sandbox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hullcheck-documents-')));
  const tree = join(folder, 'tree');
  const bin = join(folder, 'bin');
  for (const part of ['samples', 'examples'])
    cpSync(join(repositoryRoot, part), join(tree, part), { recursive: true });
  mkdirSync(join(tree, '.git'));
  mkdirSync(bin);
  const clock = join(folder, 'clock.mjs');
  writeFileSync(clock, clockOf(day));
  writeFileSync(
    join(bin, 'hullcheck'),
    `#!/bin/sh\nexec '${process.execPath}' --import '${clock}' '${program}' "$@"\n`,
  );
  chmodSync(join(bin, 'hullcheck'), 0o755);
  const env = {
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  return {
    folder: tree,
    run: (steps) => {
      const { stdout } = spawnSync('sh', ['-c', scriptOf(steps)], {
        cwd: tree,
        encoding: 'utf8',
        env,
      });
      return stdout.split(mark).slice(1);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Stands in front of what a command prints; no command prints it. */
const mark = '\u0001';

/** `$?` of a command is that of the one before it, as in a terminal. */
function scriptOf(steps: readonly ConsoleStep[]): string {
  const lines = steps.map(({ command }) => `printf '\\001'\n(exit $status)\n${command}\nstatus=$?`);
  return ['exec 2>&1', 'status=0', ...lines].join('\n');
}

/** A module that lets `new Date()` be noon of a day; whatever else reads a clock reads the real one. */
function clockOf(day: string): string {
  return `const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? ['${day}T12:00:00Z'] : given));
  }
};
`;
}

/** What keeps a document from being right about an output, or null. */
export function differenceOf(said: string, printed: string): string | null {
  const parts = said.split(/^\.\.\.\n/m);
  const [first = '', ...later] = parts;
  const last = later.pop();
  let rest = printed.startsWith(first) ? printed.slice(first.length) : null;
  for (const part of later) {
    const at = rest?.indexOf(part) ?? -1;
    rest = rest === null || at < 0 ? null : rest.slice(at + part.length);
  }
  const holds = last === undefined ? rest === '' : rest?.endsWith(last);
  return holds ? null : `the document shows\n${said}\nand it prints\n${printed}`;
}
