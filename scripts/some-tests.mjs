// npm run t -- FILE-OR-FOLDER... [--watch] [--built] [options of node --test]: some tests, as soon as they are written.
// A Node that strips types runs them from their sources. Another one, or --built, compiles what has changed first.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { compile, root } from './build/compile.mjs';
import { removeScratch } from './test-environment.mjs';

const words = process.argv.slice(2);
const given = words.filter((word) => word.startsWith('-') && word !== '--built');
const options = given.some((word) => word.startsWith('--test-reporter'))
  ? given
  : ['--test-reporter=spec', ...given];
const files = words.filter((word) => !word.startsWith('-')).flatMap(testsOf);
if (files.length === 0) {
  console.error('npm run t -- FILE-OR-FOLDER... [--watch] [--built]');
  process.exit(2);
}

const isBuilt = words.includes('--built') || !process.features.typescript;
if (isBuilt && !compile({ checks: false })) process.exit(1);
const compiler = isBuilt && options.includes('--watch') ? compileOnChange() : null;
const run = isBuilt ? files.map(compiled) : files;
const test = spawn(process.execPath, ['--test', ...options, ...run], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the tests themselves, which end the run.
process.on('SIGINT', () => {});
test.on('close', (status) => {
  compiler?.kill();
  removeScratch();
  process.exitCode = status ?? 1;
});

/** From the root, of a path from where the command was given. */
function testsOf(path) {
  const place = relative(root, resolve(process.env.INIT_CWD ?? process.cwd(), path));
  if (!statSync(join(root, place)).isDirectory())
    return [place.replace(/^dist\/(.*)\.js$/, '$1.ts')];
  return readdirSync(join(root, place), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(place, name))
    .sort();
}

function compiled(file) {
  return join('dist', file.replace(/\.ts$/, '.js'));
}

function compileOnChange() {
  const compiler = join(root, 'node_modules/.bin/tsc');
  return spawn(compiler, ['-p', '.', '--noCheck', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
