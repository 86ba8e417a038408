// node scripts/release/release-tree.mjs --repository URL [--author 'NAME <MAIL>'] [--packages FOLDER] OUTPUT
// Makes the files of a release out of the last commit: what npm publishes, the action and the hooks of pre-commit, built, with a
// package.json that runs and needs nothing. They are what the tag of a release has, so that git, npm, the runners of GitHub
// and pre-commit install it as it is. `--packages` is a node_modules that npm ci made of this commit; without it npm ci runs.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { relink } from './relink.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { repository, author, packages, output } = given();

const place = mkdtempSync(join(tmpdir(), 'hullcheck-release-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const clone = join(place, 'hullcheck');
run(root, 'git', 'clone', '-q', root, clone);
const commit = run(clone, 'git', 'rev-parse', 'HEAD').trim();
const manifest = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
writeJson(join(clone, 'package.json'), { ...manifest, ...addresses() });
if (packages === undefined)
  run(clone, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent');
else symlinkSync(resolve(packages), join(clone, 'node_modules'));
run(clone, process.execPath, 'scripts/generate-registries.mjs');
run(clone, process.execPath, 'scripts/build/build.mjs');
copyTree();
writeJson(join(output, 'package.json'), published());
for (const name of filesIn(output).filter((each) => each.endsWith('.md')))
  rewrite(join(output, name), (text) =>
    relink(text, { name, has: (path) => existsSync(join(output, path)), repository, commit }),
  );
console.log(`${output}: hullcheck ${manifest.version}, of ${commit}`);

function given() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      repository: { type: 'string' },
      author: { type: 'string' },
      packages: { type: 'string' },
    },
  });
  const [output] = positionals;
  // Where the project lives is its owner's: no address is made up.
  if (values.repository === undefined)
    refuse('--repository is missing: the address of the repository, like https://HOST/OWNER/NAME');
  if (!/^https:\/\/[^/\s]+(?:\/[\w.-]+){2,}$/.test(values.repository))
    refuse(`--repository is ${values.repository}, expected https://HOST/OWNER/NAME`);
  if (output === undefined || positionals.length > 1) refuse('name one folder to write to');
  if (existsSync(output) && readdirSync(output).some((name) => name !== '.git'))
    refuse(`${output} is not empty`);
  return {
    ...values,
    repository: values.repository.replace(/\.git$/, ''),
    output: resolve(output),
  };
}

function addresses() {
  return {
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git` },
    ...(author === undefined ? {} : { author }),
  };
}

/** What is left when nothing is built: no script, and no package that only the build needs. */
function published() {
  const { scripts: _, devDependencies: __, ...kept } = manifest;
  const { name, version, description, keywords, license, ...rest } = kept;
  return { name, version, description, keywords, ...addresses(), license, ...rest };
}

/** What npm packs, and what others than npm read. */
function copyTree() {
  const [packed] = JSON.parse(
    run(clone, 'npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--silent'),
  );
  const others = ['action.yml', 'action.mjs', '.pre-commit-hooks.yaml', 'SECURITY.md'];
  const documents = [
    'CONTRIBUTING.md',
    ...filesIn(join(clone, 'docs')).map((n) => join('docs', n)),
  ];
  for (const name of new Set([...packed.files.map(({ path }) => path), ...others, ...documents])) {
    mkdirSync(dirname(join(output, name)), { recursive: true });
    cpSync(join(clone, name), join(output, name));
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(folder.length), entry.name).replace(/^\//, ''))
    .filter((name) => !name.startsWith('.git/'));
}

function rewrite(path, change) {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function run(cwd, program, ...words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) refuse(`${program} ${words[0]}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

function refuse(why) {
  console.error(`release-tree: ${why}`);
  process.exit(2);
}
