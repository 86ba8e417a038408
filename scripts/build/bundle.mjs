// Joins the compiled program and its packages to the few files that are published: loading hundreds takes longer than
// scanning an image that is known. Names stay as they are, so that the stack of a bug can be read.
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './compile.mjs';
import { billOf, licensesOf } from './notices.mjs';
import { packagesOf } from './packages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(root, 'dist', 'bundle');

/** What every scan imports when it is used: of the sources, each is asked about each input. */
const inStart =
  /dist\/src\/(commands\/(scan|scanning\/(scan-run|opened-images))|cache\/cache|sources\/(?!(?:daemon|proc|registry|image\/base)\/).+)\.js$/;

/**
 * The files that are loaded together, each with what it begins with and all that this imports: a thread must not load what
 * only the start needs, nor the start what only a scan does. What two of them need has files of its own.
 */
const files = {
  core: /dist\/src\/cli\.js$/,
  extraction: /dist\/src\/extraction\/extraction-worker\.js$/,
  layers: /dist\/src\/layer-threads\/layer-worker\.js$/,
  start: new RegExp(`dist/src/cli/command-line\\.js$|${inStart.source}`),
  judgement: /dist\/src\/(policy\/apply-policy|scan\/report-assembly)\.js$/,
  rules: /dist\/rules\/index\.js$/,
  scan: /dist\/src\/scan\/scan\.js$/,
};

/** Every module, and by file what it needs. */
const ids = [];
let needs = null;

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: {
    cli: 'dist/src/cli.js',
    action: 'dist/src/action/action.js',
    index: 'dist/src/index.js',
    elf: 'dist/src/library/elf.js',
    rule: 'dist/src/plugins/rule.js',
    'plugin-thread': 'dist/src/plugins/plugin-thread.js',
    'extraction-worker': 'dist/src/extraction/extraction-worker.js',
    'layer-worker': 'dist/src/layer-threads/layer-worker.js',
  },
  platform: 'node',
  // Modules are put into files one by one, below: then entries may export more than their module does.
  preserveEntrySignatures: 'allow-extension',
  resolve: { alias: { 'string-width': join(here, 'string-width.mjs') } },
  plugins: [
    { name: 'pool-as-it-is', resolveId: poolAsItIs },
    { name: 'start-together', transform: startTogether },
    { name: 'all-modules', moduleParsed: ({ id }) => void ids.push(id) },
    { name: 'engine-by-name', transform: engineByName },
    { name: 'pages-as-text', transform: pagesAsText },
  ],
  onLog(level, log, handle) {
    // Imports that are lazy in one place and not in another are meant so; that a busy machine is slow is not a fault.
    if (['INEFFECTIVE_DYNAMIC_IMPORT', 'PLUGIN_TIMINGS'].includes(log.code)) return;
    if (level === 'warn') throw new Error(log.message);
    handle(level, log);
  },
});
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  // A file with other characters takes twice the memory, and longer to parse.
  charset: 'ascii',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  comments: { legal: false },
  minify: { compress: true, mangle: false, codegen: true },
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: fileOf, debugName: 'files' }],
  },
});
await bundle.close();

const modules = output.flatMap((chunk) => Object.keys(chunk.modules ?? {}));
const packages = packagesOf([...modules, copyPool()]);
writeFileSync(join(folder, 'LICENSES.txt'), licensesOf(packages));
writeFileSync(join(folder, 'bom.cdx.json'), billOf(packages));

/** It starts threads from files of its own, by their places. Returns one of its modules. */
function copyPool() {
  const place = join(root, 'node_modules/tinypool');
  cpSync(place, join(folder, 'tinypool'), {
    recursive: true,
    filter: (path) => !/(?:\.d\.ts|\.md|LICENSE)$/.test(path),
  });
  return join(place, 'dist/index.js');
}

/** The pool of threads cannot be joined: its files are copied, below. */
function poolAsItIs(id) {
  return id === 'tinypool' ? { id: './tinypool/dist/index.js', external: 'relative' } : null;
}

/** Where a module is put; null: wherever those are that import it. */
function fileOf(module, graph) {
  // It waits for what it loads, which must not wait for it.
  if (graph.getModuleInfo(module).isEntry) return null;
  needs ??= Object.entries(files).map(([name, begins]) => [name, reach(begins, graph)]);
  const by = needs.filter(([, modules]) => modules.has(module));
  const [first, ...others] = by.map(([name]) => name);
  if (first === undefined || first === 'core') return first ?? null;
  if (others.length === 0)
    return first === 'scan' && isForReports(module, graph) ? 'basics' : first;
  // A scan loads all other files.
  if (others.length === 1 && others[0] === 'scan' && first !== 'start')
    return first === 'layers' && isForOthers(module, graph) ? 'shared' : first;
  return first === 'extraction' ? 'basics' : 'shared';
}

/** A report that was saved is printed without a scan. */
function isForReports(module, graph) {
  return graph.getModuleInfo(module).importers.some((id) => /dist\/src\/reporters\//.test(id));
}

/** Something outside of these files imports it, such as what reads a saved report: help would load all that a layer needs. */
function isForOthers(module, graph) {
  const { importers } = graph.getModuleInfo(module);
  return importers.some((id) => !needs.some(([, modules]) => modules.has(id)));
}

/** All modules that are loaded with those that `begins` matches. */
function reach(begins, graph) {
  const found = new Set(ids.filter((id) => begins.test(id)));
  for (const id of found)
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

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

/** The pages of HTML reports: outside the bundle their files are read and joined at run time. */
async function pagesAsText(_code, file) {
  if (!/\/reporters\/html\/(diff-)?assets\.js$/.test(file)) return null;
  const page = await import(file);
  return ['pageHead', 'pageTail']
    .map((name) => `export const ${name} = ${JSON.stringify(page[name])};\n`)
    .join('');
}

/** By this the cache distinguishes engines; outside the bundle it looks at all files of the program. */
function engineByName(_code, file) {
  if (!file.endsWith(join('dist', 'src', 'cache', 'program-fingerprint.js'))) return null;
  return `export const engineName = () => '${digestOfProgram()}';`;
}

/** Of all that a bundle is made of: the compiled modules, the packages by their lock file, and how they are joined. */
function digestOfProgram() {
  const modules = ['dist/src', 'dist/rules', 'scripts/build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /(?<!\.test)\.(m?js|css|html)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...modules.sort()])
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}
