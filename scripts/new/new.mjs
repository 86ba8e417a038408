// npm run new -- rule|fact|source|reporter NAME: a first version that compiles, with its test, and what to do next.
// The skeletons are compiled with the project where they lie. Plain JavaScript: it needs no build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const skeletons = 'scripts/new/skeletons';

const kinds = {
  rule: {
    files: (name) => ({
      'rule.ts': `rules/${name}/rule.ts`,
      'rule.test.ts': `rules/${name}/rule.test.ts`,
    }),
    next: (name) => [
      `Write what it says and checks in rules/${name}/rule.ts. The facts there are: src/facts/index.ts.`,
      'Name samples for each verdict that it can give (samples/elf/README.md lists them). For another one, add a line to',
      'samples/elf/recipes, and scripts/build-samples.sh NAME builds it.',
      'npm run generate    puts it into docs/rules.md and docs/evidence.md',
      'Count it in README.md.',
      `npm run t -- rules/${name} test/rules`,
    ],
  },
  fact: {
    files: (name) => ({
      'fact.ts': `src/facts/${name}.ts`,
      'fact.test.ts': `test/facts/${name}.test.ts`,
    }),
    next: (name) => [
      `Read what the loader reads in src/facts/${name}.ts: sections are extra evidence only.`,
      `A rule gets it with \`needs: ['${camel(name)}']\`.`,
      'npm run generate    says in docs/evidence.md which tables it depends on',
      `npm run t -- test/facts/${name}.test.ts test/facts`,
    ],
  },
  source: {
    files: (name) => ({
      'source.ts': `src/sources/${name}.ts`,
      'source.test.ts': `test/sources/${name}.test.ts`,
    }),
    next: (name) => [
      `Write how it is recognised and read in src/sources/${name}.ts; what it declares is all that others know of it.`,
      'npm run generate    puts its row into docs/sources.md',
      `Name \`${name}:\` in the table of README.md.`,
      `npm run t -- test/sources/${name}.test.ts test/sources test/readme.test.ts`,
    ],
  },
  reporter: {
    files: (name) => ({
      'reporter.ts': `src/reporters/${name}.ts`,
      'reporter.test.ts': `test/reporters/${name}.test.ts`,
    }),
    next: (name) => [
      `Write what it prints in src/reporters/${name}.ts.`,
      'npm run golden    writes what it prints of the sample report to test/reporters/golden: read it',
      `Name \`${name}\` in the table of README.md.`,
      `npm run t -- test/reporters/${name}.test.ts test/reporters/hostile-names.test.ts test/readme.test.ts`,
    ],
  },
};

const [kind = '', name = '', ...others] = process.argv.slice(2);
const chosen = Object.hasOwn(kinds, kind) ? kinds[kind] : null;
if (chosen === null || others.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  console.error(
    `npm run new -- ${Object.keys(kinds).join('|')} NAME, with a NAME as \`two-words\``,
  );
  process.exit(2);
}

const files = Object.entries(chosen.files(name));
const taken = files.map(([, to]) => to).filter((to) => existsSync(join(root, to)));
if (taken.length > 0) {
  console.error(`${taken.join(', ')} is there already`);
  process.exit(2);
}
for (const [skeleton, to] of files) {
  const from = `${skeletons}/${kind}/${skeleton}`;
  mkdirSync(dirname(join(root, to)), { recursive: true });
  writeFileSync(join(root, to), named(relinked(readFileSync(join(root, from), 'utf8'), from, to)));
}
run('node', ['scripts/generate-registries.mjs']);
// Imports are sorted by where they lead from the new place.
run(join('node_modules', '.bin', 'biome'), ['check', '--write', ...files.map(([, to]) => to)]);
const written = files.map(([, to]) => `written: ${to}`);
const types = 'npm run typecheck    checks the types: npm run t does not';
console.log([...written, '', ...chosen.next(name), types].join('\n'));

/** A skeleton and its test lie in one folder, as a rule and its test do; others lie apart. */
function relinked(text, from, to) {
  const places = new Map(
    files.map(([skeleton, place]) => [`${skeletons}/${kind}/${skeleton}`, place]),
  );
  return text.replaceAll(/(from )'(\.[^']*)'/g, (_, before, path) => {
    const target = posix.join(posix.dirname(from), path);
    const link = posix.relative(posix.dirname(to), places.get(target) ?? target);
    return `${before}'${link.startsWith('.') ? link : `./${link}`}'`;
  });
}

function named(text) {
  return text
    .replaceAll('skeleton-name', name)
    .replaceAll('skeletonName', camel(name))
    .replaceAll('SkeletonName', camel(`-${name}`));
}

function camel(kebab) {
  return kebab.replaceAll(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

function run(program, words) {
  const { status } = spawnSync(program, words, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
