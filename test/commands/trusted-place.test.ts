import assert from 'node:assert/strict';
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { readSettings } from '../../src/commands/settings/settings.ts';
import { refusalOf } from '../../src/commands/settings/trusted-place.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { render } from '../support/reports/render.ts';
import { report } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Fails the default gate. */
const bad = join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-nopie-bare');
const scratch = mkdtempSync(join(tmpdir(), 'hullcheck-trust-'));
after(() => rmSync(scratch, { recursive: true }));

type Files = Readonly<Record<string, string>>;
interface Place {
  readonly name: string;
  /** Where the run is, below the tree. */
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Where the configuration lies. */
  readonly config: string;
}

let count = 0;
function treeWith(files: Files): string {
  count += 1;
  const tree = join(scratch, String(count));
  const program = { 'usr/bin/evil': '', 'opt/a/evil': '' };
  for (const [path, text] of Object.entries({ ...files, ...program })) {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
    else writeFileSync(file, text);
  }
  writeFileSync(join(tree, 'list'), 'usr/bin/evil\n');
  return tree;
}

/** What would make any gate hold. */
const baseline = JSON.stringify({
  type: 'hullcheck-baseline',
  version: '1',
  findings: ['pie', 'relro', 'stack-protector', 'non-executable-stack', 'fortify-source'].flatMap(
    (rule) =>
      ['/usr/bin/evil', '/bin/evil', 'usr/bin/evil', 'bin/evil', 'evil'].map((path) => ({
        rule,
        path,
        package: null,
        buildId: null,
      })),
  ),
});
const rules = ['pie', 'relro', 'stack-protector', 'bind-now', 'fortify-source'];
const payloads: Readonly<Record<string, object>> = {
  'a gate that nothing breaks': { gate: { 'fail-on': ['none'] } },
  'rules that are off': { rules: Object.fromEntries(rules.map((rule) => [rule, 'off'])) },
  waivers: { waivers: rules.map((rule) => ({ rule, reason: 'trust me' })) },
  exclusions: { exclude: ['**'], gate: { 'allow-empty': true } },
  'a profile': { profile: 'static', gate: { 'fail-on': ['critical'] } },
  'a baseline': { baseline: 'known.json' },
};
const forms: Readonly<Record<string, (payload: object) => string>> = {
  'hullcheck.yaml': (payload) => JSON.stringify(payload),
  'hullcheck.json': (payload) => JSON.stringify(payload),
  'package.json': (payload) => JSON.stringify({ name: 'x', hullcheck: payload }),
};
const places: readonly Place[] = [
  { name: 'a file of the tree', cwd: '.', argv: ['usr/bin/evil'], config: '.' },
  { name: 'a glob', cwd: '.', argv: ['usr/bin/*'], config: '.' },
  { name: 'a folder of the tree', cwd: 'usr', argv: ['bin'], config: 'usr' },
  { name: 'the folder itself', cwd: '.', argv: ['dir:.'], config: '.' },
  { name: 'a list', cwd: '.', argv: ['--input-list', 'list'], config: '.' },
  { name: 'a file next to it', cwd: 'usr/bin', argv: ['evil'], config: 'usr/bin' },
  { name: 'a configuration above', cwd: 'usr/bin', argv: ['./evil'], config: '.' },
];
/** What lies in the tree next to it: none of these makes a repository of it. */
const disguises: Readonly<Record<string, Files>> = {
  'as it is': {},
  'with .git in a root file system': {
    '.git/HEAD': 'ref: refs/heads/main',
    'etc/os-release': 'ID=x',
  },
  'with .git in the content of a package': { '.git/HEAD': '', 'DEBIAN/control': 'Package: x' },
  'with .git below usr': {
    'usr/.git/HEAD': '',
    'usr/bin/.git': 'gitdir: /tmp',
    '.git': 'gitdir: x',
  },
};

const tries = Object.entries(forms).flatMap(([file, write]) =>
  Object.entries(payloads).flatMap(([what, payload]) =>
    places.flatMap((place) =>
      Object.entries(disguises).map(([disguise, files]) => ({
        name: `${file} with ${what} for ${place.name}, ${disguise}`,
        place,
        files: {
          ...files,
          [join(place.config, file)]: write(payload),
          [join(place.config, 'known.json')]: baseline,
        },
      })),
    ),
  ),
);

const surroundings = (cwd: string) => ({
  cwd,
  env: {},
  today: '2026-11-29',
  stdout: { write: async () => {}, isTty: false, columns: 80 },
  stderr: { write: async () => {}, isTty: false, columns: 80 },
});
const refused = /the author of an input must not decide how it is judged/;

describe('a configuration of what is scanned', () => {
  it(`is accepted in none of ${tries.length} tries`, async () => {
    assert.ok(tries.length >= 100);
    for (const { name, place, files } of tries) {
      const tree = treeWith(files);
      const images = place.argv[0] === '--input-list' ? ['usr/bin/evil'] : place.argv;
      const expanded = images.map((image) => image.replace('*', 'evil'));
      await assert.rejects(
        readSettings({}, surroundings(join(tree, place.cwd)), expanded),
        (error) => {
          assert.ok(error instanceof UsageError, `${name}: ${error}`);
          assert.match(error.message, refused, name);
          return true;
        },
      );
      rmSync(tree, { recursive: true });
    }
  });

  it('ends the run with exit code 2 and a sentence, and nothing is judged', () => {
    for (const [index, { name, place, files }] of tries.entries()) {
      if (index % 29 !== 0) continue;
      const tree = treeWith(files);
      copyFileSync(bad, join(tree, 'usr/bin/evil'));
      const run = hullcheckIn(join(tree, place.cwd))([...place.argv, '--no-cache']);
      assert.equal(run.status, 2, `${name}: ${run.stdout}${run.stderr}`);
      assert.match(run.stderr, refused, name);
      assert.equal(run.stdout, '', name);
    }
  });

  const plain = { 'src/x': '', 'build/app/evil': '', 'build/app/x': '' };
  const holds = 'gate: {fail-on: [none]}\n';
  const table: readonly {
    readonly name: string;
    readonly files: Files;
    readonly cwd: string;
    readonly images: readonly string[];
    readonly want: RegExp | null;
  }[] = [
    {
      name: 'above a file, without a repository',
      files: { 'hullcheck.yaml': holds },
      cwd: '.',
      images: ['build/app/evil'],
      want: /is in a folder above build\/app\/evil/,
    },
    {
      name: 'above a file, in the repository of the run',
      files: { 'hullcheck.yaml': holds, '.git/HEAD': '' },
      cwd: '.',
      images: ['build/app/evil'],
      want: null,
    },
    {
      name: 'of the repository that is scanned as a whole',
      files: { 'hullcheck.yaml': holds, '.git/HEAD': '' },
      cwd: '.',
      images: ['dir:.'],
      want: null,
    },
    {
      name: 'of a folder of the repository',
      files: { 'build/hullcheck.yaml': holds, '.git/HEAD': '' },
      cwd: 'build',
      images: ['dir:app'],
      want: null,
    },
    {
      name: 'of a work tree, whose .git is a file',
      files: { 'hullcheck.yaml': holds, '.git': 'gitdir: ../x' },
      cwd: 'build',
      images: ['app'],
      want: null,
    },
    {
      name: 'in a root file system that lies in the repository',
      files: { 'root/hullcheck.yaml': holds, 'root/etc/os-release': 'ID=x', '.git/HEAD': '' },
      cwd: 'root',
      images: ['etc/os-release'],
      want: /is in a folder above etc\/os-release/,
    },
    {
      name: 'in a dependency of the repository',
      files: { 'node_modules/x/package.json': '{"hullcheck":{}}', '.git/HEAD': '' },
      cwd: 'node_modules/x',
      images: ['package.json'],
      want: /package.json is inside/,
    },
    {
      name: 'next to what is not scanned',
      files: { 'hullcheck.yaml': holds },
      cwd: '.',
      images: ['registry:alpine:3.20', '/usr/bin/env'],
      want: null,
    },
    {
      name: 'behind a link into what is scanned',
      files: { 'here/hullcheck.yaml': '-> ../tree/x.yaml', 'tree/x.yaml': holds },
      cwd: 'here',
      images: ['../tree'],
      want: /is inside \.\.\/tree/,
    },
    {
      name: 'behind a link out of the repository into what is scanned',
      files: { 'r/hullcheck.yaml': '-> ../tree/x.yaml', 'tree/x.yaml': holds, 'r/.git/HEAD': '' },
      cwd: 'r',
      images: ['../tree'],
      want: /is inside \.\.\/tree/,
    },
    {
      name: 'as a baseline that a trusted configuration names',
      files: {
        'here/hullcheck.yaml': 'baseline: ../tree/known.json\n',
        'tree/known.json': baseline,
      },
      cwd: 'here',
      images: ['../tree'],
      want: /known\.json is inside \.\.\/tree.*--baseline/,
    },
    {
      name: 'as a link that leads nowhere',
      files: { 'hullcheck.yaml': '-> gone' },
      cwd: '.',
      images: [],
      want: /hullcheck\.yaml is a dangling link/,
    },
    {
      name: 'as a link to itself',
      files: { 'hullcheck.yaml': '-> hullcheck.yaml' },
      cwd: '.',
      images: [],
      want: /cannot read .*hullcheck\.yaml/,
    },
    {
      name: 'under a name that is not read',
      files: { 'hullcheck.yml': holds },
      cwd: '.',
      images: [],
      want: /hullcheck\.yml is not read/,
    },
  ];
  for (const { name, files, cwd, images, want } of table)
    it(`is ${want === null ? 'accepted' : 'refused'} ${name}`, async () => {
      const tree = plainTree({ ...plain, ...files });
      const settings = readSettings({}, surroundings(join(tree, cwd)), images);
      if (want !== null) return assert.rejects(settings, { name: 'UsageError', message: want });
      assert.equal((await settings).file?.name, 'hullcheck.yaml'.replace(/^/, upTo(files, cwd)));
      return;
    });

  it('is the word of the user where it is named, and the report says whose it is', () => {
    const tree = treeWith({ 'hullcheck.yaml': holds });
    copyFileSync(bad, join(tree, 'usr/bin/evil'));
    const run = hullcheckIn(tree);
    const named = run(['usr/bin/evil', '--config', 'hullcheck.yaml', '-o', 'json', '--no-cache']);
    assert.equal(named.status, 0, named.stderr);
    const [file] = JSON.parse(named.stdout).policy.files;
    assert.deepEqual(
      [file.role, file.name, file.how],
      ['configuration', 'hullcheck.yaml', 'named'],
    );
    const text = run(['usr/bin/evil', '--config', 'hullcheck.yaml', '--no-cache']).stdout;
    assert.match(text, /^ {2}configuration hullcheck\.yaml$/m);
  });

  it('is named in every format', async () => {
    const files = [
      { role: 'configuration', name: 'ci/hullcheck.yaml', sha256: 'ab', how: 'named' },
    ] as const;
    const judged = report([], 'high', { ...plainPolicy(), files });
    for (const format of ['text', 'json', 'jsonl', 'sarif', 'markdown', 'github', 'html', 'junit'])
      assert.ok((await render(format, judged)).includes('ci/hullcheck.yaml'), format);
  });

  it('of another user is refused, and one of root only where root alone could put it', () => {
    const tree = plainTree({ 'hullcheck.yaml': holds });
    const file = join(tree, 'hullcheck.yaml');
    const ground = { cwd: tree, images: [] };
    assert.equal(refusalOf(file, ground), null);
    assert.equal(refusalOf('/etc/passwd', ground), null);
    const { uid } = userInfo();
    if (uid === 0) chownSync(file, 12345, 12345);
    assert.equal(refusalOf(file, ground)?.includes('belongs to user 12345') ?? false, uid === 0);
  });
});

function plainTree(files: Files): string {
  count += 1;
  const tree = join(scratch, String(count));
  for (const [path, text] of Object.entries(files)) {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
    else writeFileSync(file, text);
  }
  return tree;
}

/** From the working directory to the folder of the configuration. */
function upTo(files: Files, cwd: string): string {
  const config = Object.keys(files).find((path) => path.endsWith('hullcheck.yaml')) ?? '';
  const way = relative(cwd, dirname(config));
  return way === '' ? '' : `${way}/`;
}
