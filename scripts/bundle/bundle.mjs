// Joins the compiled program and its packages to the few files that are published: loading hundreds takes longer than
// scanning an image that is known. Names stay as they are, so that the stack of a bug can be read.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const folder = join(root, 'dist', 'bundle');

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
    test: /dist\/(rules\/index|src\/(commands\/(scan|scan-answer|opened-images)|cache\/cache|sources\/[^/]+))\.js$|node_modules\/yargs\//,
  },
];

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: {
    cli: 'dist/src/cli.js',
    index: 'dist/src/index.js',
    'extraction-worker': 'dist/src/extraction-worker.js',
  },
  platform: 'node',
  // It starts threads from files of its own.
  external: ['tinypool'],
  resolve: { alias: { 'string-width': join(here, 'string-width.mjs') } },
  plugins: [{ name: 'sources-together', transform: sourcesTogether }],
  onLog(level, log, handle) {
    // Imports that are lazy in one place and not in another are meant so.
    if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
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
 * Each source is asked about each input, and all are in one file: loading them one by one from there would only cost
 * time. An index that is not as expected stays as it is, and a bundle that works.
 */
function sourcesTogether(code, file) {
  if (!file.endsWith(join('dist', 'src', 'sources', 'index.js'))) return null;
  let names = 0;
  const imports = [];
  const joined = code.replaceAll(/\(await import\((["'][^"']+["'])\)\)\.default/g, (_, path) => {
    names += 1;
    imports.push(`import source${names} from ${path};\n`);
    return `source${names}`;
  });
  return imports.join('') + joined;
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
