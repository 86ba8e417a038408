// Joins the compiled program and its packages to the few files that are published: loading hundreds takes longer than
// scanning an image that is known. Names stay as they are, so that the stack of a bug can be read.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './compile.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(root, 'dist', 'bundle');

/** What every scan imports when it is used: of the sources, each is asked about each input. */
const inStart =
  /dist\/src\/(commands\/(scan|scan-run|opened-images)|cache\/cache|sources\/[^/]+)\.js$/;

/** What starting and every scan need, in two files; the rest is loaded when it is used. */
const groups = [
  {
    name: 'core',
    priority: 2,
    test: /dist\/src\/(main|compile-cache|unfinished-files)\.js$/,
  },
  {
    name: 'start',
    priority: 1,
    test: (id) => id.endsWith(join('dist', 'src', 'command-line.js')) || inStart.test(id),
  },
];

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: {
    cli: 'dist/src/cli.js',
    index: 'dist/src/index.js',
    'extraction-worker': 'dist/src/extraction/extraction-worker.js',
    'layer-worker': 'dist/src/layer-threads/layer-worker.js',
  },
  platform: 'node',
  // It starts threads from files of its own.
  external: ['tinypool'],
  resolve: { alias: { 'string-width': join(here, 'string-width.mjs') } },
  plugins: [
    { name: 'start-together', transform: startTogether },
    { name: 'engine-by-name', transform: engineByName },
  ],
  onLog(level, log, handle) {
    // Imports that are lazy in one place and not in another are meant so; that a busy machine is slow is no fault.
    if (['INEFFECTIVE_DYNAMIC_IMPORT', 'PLUGIN_TIMINGS'].includes(log.code)) return;
    if (level === 'warn') throw new Error(log.message);
    handle(level, log);
  },
});
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  comments: { legal: false },
  minify: { compress: true, mangle: false, codegen: true },
  codeSplitting: { groups },
});
await bundle.close();

const modules = output.flatMap((chunk) => Object.keys(chunk.modules ?? {}));
writeFileSync(join(folder, 'LICENSES.txt'), licensesOf(modules));

/**
 * What is imported when it is used, but lies in the file of the start, is there already: importing it by name costs a file
 * less. An import that is not written as expected stays as it is, in a bundle that works.
 */
function startTogether(code, file) {
  const imports = [];
  const joined = code.replaceAll(/await import\((["'])(\.[^"']+)\1\)/g, (whole, _, path) => {
    if (!inStart.test(join(dirname(file), path))) return whole;
    imports.push(`import * as together${imports.length} from '${path}';\n`);
    return `together${imports.length - 1}`;
  });
  return imports.join('') + joined;
}

/** What the cache tells engines apart by: outside the bundle it looks at all files of the program for that. */
function engineByName(_code, file) {
  if (!file.endsWith(join('dist', 'src', 'cache', 'engine.js'))) return null;
  return `export const engineName = () => '${digestOfProgram()}';`;
}

/** Of all that a bundle is made of: the compiled modules, the packages by their lock file, and how they are joined. */
function digestOfProgram() {
  const modules = ['dist/src', 'dist/rules', 'scripts/build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /(?<!\.test)\.m?js$/.test(name))
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...modules.sort()])
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** The notices of all packages of which something is in the bundle. */
function licensesOf(files) {
  const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
  const texts = [...packages].sort().map((place) => {
    const about = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(place, file), 'utf8').trim();
    return `${about.name} ${about.version}: ${about.license}\n\n${text || byWhom(about)}\n`;
  });
  const rule = `${'-'.repeat(80)}\n`;
  return `The files of this folder hold code of these packages.\n\n${texts.map((text) => rule + text).join('\n')}`;
}

/** For packages without a text of their license. */
function byWhom({ author, license }) {
  const name = typeof author === 'object' ? author.name : author;
  return `Copyright (c) ${name ?? 'its authors'}, under the license ${license}.`;
}

/** The folder of the innermost package that a file belongs to; null for the project's own. */
function packageOf(file) {
  const path = relative(root, file.replace(/^\0/, '').replace(/\?.*$/, ''));
  const match = new RegExp(
    `^(?:.*\\${sep})?node_modules\\${sep}(?:@[^\\${sep}]+\\${sep})?[^\\${sep}]+`,
  ).exec(path);
  return match === null ? null : join(root, match[0]);
}
