// Compiles what tsconfig.json includes into dist, and only what has changed. What is left over from files that are gone
// is removed: it must be neither run nor published.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
/** In the folder that it describes, so that both are removed together. */
const buildInfo = 'tsconfig.tsbuildinfo';

/**
 * Whether the project compiles. Without `checks` a wrong type is not an error, and the next compilation with them finds it.
 * What the compiler says goes where this process writes.
 */
export function compile({ checks, project = root, say = 'inherit' }) {
  const output = join(project, 'dist');
  const { include } = JSON.parse(readFileSync(join(project, 'tsconfig.json'), 'utf8'));
  removeLeftOvers(project, output, include);
  // The compiler does not look whether its output is still there.
  if (!isComplete(project, output, include)) rmSync(join(output, buildInfo), { force: true });
  const words = ['-p', '.', '--incremental', '--tsBuildInfoFile', join(output, buildInfo)];
  // One thread needs less processor time for the few files that a change touches.
  const quick = checks ? [] : ['--noCheck', '--singleThreaded'];
  const { status } = spawnSync(process.execPath, [compiler, ...words, ...quick], {
    cwd: project,
    stdio: say,
    // The compiler ends before its garbage is worth collecting: a third of its time, and 100 MB more.
    env: checks ? process.env : { ...process.env, GOGC: 'off' },
  });
  copyOthers(project, output);
  return status === 0;
}

/** What modules of src read when they are not bundled, such as the pages of HTML reports. */
function copyOthers(project, output) {
  const names = filesOf(join(project, 'src'), 'src').filter((name) => !name.endsWith('.ts'));
  for (const name of names) cpSync(join(project, name), join(output, name));
}

function isComplete(project, output, include) {
  return include
    .flatMap((folder) => filesOf(join(project, folder), folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .every((name) => existsSync(join(output, name.replace(/\.ts$/, '.js'))));
}

function removeLeftOvers(project, output, include) {
  const kept = new Set([...include, 'bundle', buildInfo]);
  for (const name of existsSync(output) ? readdirSync(output) : [])
    if (!kept.has(name)) rmSync(join(output, name), { recursive: true });
  for (const folder of include)
    for (const name of filesOf(join(output, folder), folder)) {
      const source = name.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
      if (![source, name].some((from) => existsSync(join(project, from))))
        rmSync(join(output, name));
    }
}

/** Below a folder, each with the name of the folder before it. */
function filesOf(folder, name) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(name, entry.parentPath.slice(folder.length), entry.name));
}
