import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { circlesIn } from '../scripts/plan/circles.ts';
import { importsIn, readImports } from '../scripts/plan/import-graph.ts';
import { arrowsIn, floorsOf, purposes, roomOf, usesOf } from '../scripts/plan/rooms.ts';
import { repositoryRoot } from './support/repository.ts';

/** Which rooms a room may use. An arrow that is not here is a decision: readers of one room then have to read the other. */
const mayUse: Readonly<Record<string, string>> = {
  action: 'base',
  archive: 'base',
  audit: 'base judge policy report reporters',
  cache: 'base extraction layers sources',
  cli: 'base cache commands extraction policy',
  code: 'base byte-scan elf',
  commands:
    'audit base cache diff judge plugins policy report reporters rules saved-report scan sources upload',
  diff: 'base identity policy report reporters saved-report shapes',
  elf: 'base',
  extraction: 'base byte-scan elf facts',
  facts: 'base byte-scan code elf',
  filesystems: 'archive base unread',
  identity: 'base report',
  index: 'base diff judge library policy report rules scan',
  judge: 'base facts layers report root',
  library: 'base commands diff elf judge policy report reporters rules saved-report scan sources',
  'layer-threads': 'archive base extraction layers root sources',
  layers: 'archive base extraction sources',
  plugins: 'base facts judge root',
  policy: 'base identity judge report root saved-report shapes sources',
  report: 'base root',
  reporters: 'base identity judge report',
  root: 'base elf extraction facts layers sources',
  rules: 'judge',
  'saved-report': 'base report shapes',
  scan: 'base cache extraction judge layer-threads layers policy report sources',
  shapes: 'base',
  sources: 'archive base filesystems unread',
  unread: 'base',
  upload: 'base',
};

const graph = readImports(repositoryRoot);
const arrows = arrowsIn(graph);
const uses = usesOf(arrows);

test('a room uses only rooms that it may use', () => {
  const wrong = arrows
    .filter(({ from, to }) => !wordsOf(mayUse[from]).includes(to))
    .flatMap(({ imports }) => imports.map(([file, target]) => `${file} must not import ${target}`));
  assert.deepEqual(wrong, []);
});

test('every permission is used', () => {
  const unused = Object.entries(mayUse).flatMap(([from, rooms]) =>
    wordsOf(rooms)
      .filter((to) => !uses.get(from)?.includes(to))
      .map((to) => `${from} uses nothing of ${to}`),
  );
  assert.deepEqual(unused, []);
});

test('no arrow leads upward: rooms lie on floors, and no two use each other, types included', () => {
  const upward = circlesIn(uses).flatMap((circle) =>
    arrows
      .filter(({ from, to }) => circle.includes(from) && circle.includes(to))
      .flatMap(({ imports }) => imports.map(([file, target]) => `${file} imports ${target}`)),
  );
  assert.deepEqual(upward, []);
  assert.deepEqual(floorsOf(uses)[0]?.includes('base'), true);
});

test('no files import each other in a circle, types included', () => {
  assert.deepEqual(circlesIn(graph), []);
});

test('every room has a purpose in the plan, and every purpose a room', () => {
  assert.deepEqual(Object.keys(purposes).sort(), [...uses.keys()].sort());
});

test('no file lies on top of src but the command and the library', () => {
  const loose = readdirSync(join(repositoryRoot, 'src')).filter((name) => name.endsWith('.ts'));
  assert.deepEqual(loose.sort(), ['cli.ts', 'index.ts']);
});

test('a rule imports the contract of rules and the files of its own folder, and nothing else', () => {
  const wrong = [...graph]
    .filter(([file]) => roomOf(file) === 'rules' && dirname(file) !== 'rules')
    .flatMap(([file, targets]) =>
      targets
        .filter((target) => target !== 'src/judge/rule.ts' && dirname(target) !== dirname(file))
        .map((target) => `${file}: ${target}`),
    );
  assert.deepEqual(wrong, []);
});

/** Those that touch the process, and those that touch files though they are not sources, cache or commands. */
const touchProcess =
  /^src\/(cli|extraction\/v8-flags|cache\/private-files|plugins\/plugin-thread)\.ts$/;
const touchFiles =
  /^src\/(action\/|sources\/|reporters\/html\/join-page\.ts$|extraction\/(placed-bytes|debug\/debug-folders|debug\/open-debug-file)\.ts$|cache\/|commands\/|base\/unfinished-files\.ts$)/;

test('only a few files touch the process, and only sources, threads, cache and output the file system', () => {
  const wrong = [...graph.keys()]
    .filter((file) => file.startsWith('src/'))
    .flatMap((file) => {
      const text = readFileSync(join(repositoryRoot, file), 'utf8');
      const isOfProcess = /\bprocess\.[a-z]|from 'node:process'/.test(text);
      return [
        ...(isOfProcess && !touchProcess.test(file) ? [`${file}: process`] : []),
        ...(/from 'node:fs/.test(text) && !touchFiles.test(file) ? [`${file}: fs`] : []),
      ];
    });
  assert.deepEqual(wrong, []);
});

const forms: readonly (readonly [text: string, want: readonly string[]])[] = [
  ["import { a } from './a.ts';\n", ['src/x/a.ts']],
  ["import type { A } from '../y/a.ts';\n", ['src/y/a.ts']],
  ["import {\n  a,\n  type B,\n} from './a.ts';\n", ['src/x/a.ts']],
  ["import go from './go.ts';\n", ['src/x/go.ts']],
  ["import './effects.ts';\n", ['src/x/effects.ts']],
  ["export { a } from './a.ts';\nexport type { B } from './b.ts';\n", ['src/x/a.ts', 'src/x/b.ts']],
  ["const { a } = await import('./a.ts');\n", ['src/x/a.ts']],
  ["import { dirname, join } from 'node:path';\nexport const from = './a.ts';\n", []],
];

test('the plan sees every form of import', () => {
  for (const [text, want] of forms) assert.deepEqual(importsIn('src/x/file.ts', text), want, text);
});

test('the plan sees circles, and puts rooms on floors', () => {
  const round = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a', 'd']],
    ['d', []],
  ]);
  assert.deepEqual(circlesIn(round), [['a', 'b', 'c']]);
  const straight = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', []],
    ['d', []],
  ]);
  assert.deepEqual(circlesIn(straight), []);
  assert.deepEqual(floorsOf(straight), [['c', 'd'], ['b'], ['a']]);
});

function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(' ').filter((word) => word !== '');
}
