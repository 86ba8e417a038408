import { membersOf } from '../../base/json-members.ts';
import { baseName } from '../../base/path-parts.ts';
import { commandsIn, mostWords } from './commands-in.ts';

/** What runs the scripts of a package.json, and programs of node_modules/.bin. */
const packageRunners =
  /^(npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|run-[sp]|npm-run-all\d?|node|nodejs)$/;

/** What runs the lines of a file that it finds in its folder, as a shell does. */
const lineRunners =
  /^(g|b|p)?make$|^(honcho|foreman|forego|goreman|overmind|hivemind|nf|just|circusd|procodile)$/;

/** Files that such programs look for themselves. */
const ownFiles: readonly string[] = [
  'Makefile',
  'makefile',
  'GNUmakefile',
  'BSDmakefile',
  'Procfile',
  'justfile',
  'Justfile',
  '.justfile',
];

const taskFile =
  /\/(package\.json|[Mm]akefile(\.\w+)?|(GNU|BSD)makefile|[\w.-]+\.mk|Procfile(\.\w+)?|\.?[Jj]ustfile|circus[\w.-]*\.ini|(ecosystem|pm2|process)[\w.-]*\.(json|ya?ml|[cm]?js))$/;
const largest = 1 << 16;

/** What says what a runner of tasks runs, wherever it lies; those of modules lead to nothing that the start runs. */
export function isTaskFile(path: string, size: number): boolean {
  return size <= largest && taskFile.test(path) && !path.includes('/node_modules/');
}

export function runsLines(word: string): boolean {
  return lineRunners.test(baseName(word));
}

/** Of which runners a text says that they run, and by which words. */
export interface Tasks {
  readonly files: readonly string[];
  /** Words of the commands that run scripts or programs of packages. */
  readonly packaged: ReadonlySet<string>;
}

/** Nearly all lines have none of them. */
const mayRunTasks =
  /make|honcho|fore|[ro]eman|mind|nf|just|circus|procodile|np[mx]|pnp|yarn|bun|corepack|run-[sp]|node/;

const mostPackaged = 1024;

export function tasksOf(text: string): Tasks {
  const files = new Set<string>();
  const packaged = new Set<string>();
  for (const command of commandsIn(text)) {
    if (!mayRunTasks.test(command)) continue;
    const words = command.split(/[\s"'(){}<>]+/, mostWords);
    if (words.some(runsLines)) for (const each of ownFiles) files.add(each);
    const at = words.findIndex((word) => packageRunners.test(baseName(word)));
    if (at < 0) continue;
    files.add('package.json');
    for (const word of words.slice(at)) if (packaged.size < mostPackaged) packaged.add(word);
  }
  return { files: [...files], packaged };
}

/** What a package.json has run, by its name; `main` is what `node .` runs. */
export function scriptsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // npm does not run any of it either.
    return found;
  }
  const { main, scripts } = membersOf(parsed) ?? {};
  if (typeof main === 'string') found.set('.', `./${main}`);
  // npm runs those of an array by their numbers.
  const all = Array.isArray(scripts) ? { ...scripts } : (membersOf(scripts) ?? {});
  for (const [name, script] of Object.entries<unknown>(all))
    if (typeof script === 'string') found.set(name, script);
  return found;
}

/** npm runs `prestart` and `poststart` around `start`; `run-s build:*` and `run "$TASK"` leave the name open. */
export function isAskedFor(name: string, words: ReadonlySet<string>): boolean {
  const bare = name.replace(/^(pre|post)(?=.)/, '');
  if (words.has(name) || words.has(bare)) return true;
  for (const word of words) {
    if (word.startsWith('$')) return true;
    if (/^(install|ci|i|add)$/.test(word) && /^(install|prepare|prepublish)$/.test(bare))
      return true;
    if (/^(t|tst)$/.test(word) && bare === 'test') return true;
    const star = word.indexOf('*');
    if (star > 0 && name.startsWith(word.slice(0, star))) return true;
  }
  return words.has('restart') && /^(start|stop)$/.test(bare);
}
