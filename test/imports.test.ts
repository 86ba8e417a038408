import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

/** Which rooms a room may use. A room is a folder of src/, or the name of a file directly in src/. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  amount: [],
  errors: [],
  text: [],
  version: [],
  engine: [],
  verdict: [],
  fact: [],
  problem: [],
  limits: [],
  nearest: [],
  'package-managers': [],
  'json-bounds': [],
  glob: ['errors'],
  'known-runtimes': ['glob'],
  'once-per': [],
  'shell-quote': [],
  wrap: [],
  finding: ['report', 'verdict'],
  judged: ['report'],
  counts: ['finding', 'judged', 'report', 'verdict'],
  'problem-of': ['errors', 'problem'],
  elf: ['errors', 'limits', 'text'],
  'byte-scan': [],
  code: ['byte-scan', 'elf', 'errors'],
  facts: ['byte-scan', 'elf', 'code', 'errors', 'fact', 'text', 'verdict', 'rule'],
  extraction: [
    'archive/random-access',
    'byte-scan',
    'elf',
    'engine',
    'errors',
    'fact',
    'facts',
    'limits',
    'package-managers',
    'rule',
    'sources/system-error',
  ],
  archive: ['errors', 'limits', 'text'],
  'compile-cache': ['cache/private-files'],
  'unfinished-files': [],
  cache: [
    'extraction/extraction',
    'extraction/seen-contents',
    'layers',
    'limits',
    'problem',
    'sources/source',
    'unfinished-files',
    'version',
  ],
  layers: [
    'archive',
    'errors',
    'extraction',
    'limits',
    'package-managers',
    'problem',
    'problem-of',
    'sources/source',
    'text',
  ],
  unread: ['archive', 'errors', 'problem'],
  filesystems: ['archive', 'errors', 'limits', 'text', 'unread'],
  nesting: ['archive', 'errors', 'layers', 'limits', 'problem-of', 'sources'],
  'layer-threads': [
    'archive/entry',
    'engine',
    'errors',
    'extraction',
    'layers',
    'limits',
    'nesting',
    'problem',
    'root/kept-texts',
    'sources',
  ],
  sources: [
    'amount',
    'archive',
    'errors',
    'glob',
    'filesystems',
    'json-bounds',
    'limits',
    'package-managers',
    'problem',
    'problem-of',
    'text',
    'unread',
  ],
  root: [
    'amount',
    'once-per',
    'problem',
    'errors',
    'extraction',
    'fact',
    'facts',
    'json-bounds',
    'layers',
    'limits',
    'report',
    'sources/source',
    'text',
    'verdict',
    'elf/constants',
  ],
  exemptions: ['facts/kind'],
  rule: [
    'amount',
    'exemptions',
    'facts',
    'judge',
    'root/alpine-packages',
    'root/loader/link-texts',
    'root/loaders-here',
    'root/plugins/plugin-linkage',
    'root/start/advice',
    'root/start/cause',
    'root/start/image-facts',
    'verdict',
  ],
  judge: [
    'fact',
    'facts',
    'report',
    'root/root-facts',
    'root/start/image-facts',
    'rule',
    'verdict',
    'weigh-severity',
  ],
  'weigh-severity': ['root/root-facts', 'verdict'],
  holder: ['fact', 'layers', 'problem', 'root', 'sources/source', 'text'],
  'judge-target': [
    'fact',
    'holder',
    'judge',
    'layers',
    'limits',
    'problem',
    'report',
    'root',
    'rule',
    'same-verdicts',
    'sources/source',
    'text',
  ],
  'same-verdicts': ['report'],
  report: ['judge', 'problem', 'sources/source', 'verdict'],
  'report-assembly': [
    'counts',
    'judged',
    'layers',
    'problem',
    'report',
    'root',
    'sources/source',
    'text',
    'verdict',
    'version',
  ],
  policy: [
    'limits',
    'amount',
    'counts',
    'errors',
    'fact',
    'finding',
    'glob',
    'judged',
    'known-runtimes',
    'nearest',
    'problem',
    'report',
    'root/ownership/ownership',
    'rule',
    'saved-report',
    'shapes',
    'verdict',
    'wrap',
  ],
  diff: [
    'amount',
    'finding',
    'judged',
    'policy',
    'problem',
    'report',
    'reporters',
    'saved-report',
    'shapes',
    'verdict',
  ],
  dockerfile: [],
  reporters: [
    'amount',
    'dockerfile',
    'fact',
    'finding',
    'glob',
    'judged',
    'known-runtimes',
    'once-per',
    'problem',
    'report',
    'rule',
    'shell-quote',
    'text',
    'verdict',
    'version',
    '../rules',
    'wrap',
  ],
  upload: ['amount', 'errors'],
  'command-line': ['commands', 'errors', 'nearest', 'policy', 'version'],
  shapes: ['errors'],
  'saved-report': ['errors', 'judge', 'problem', 'report', 'sources/source', 'verdict', 'shapes'],
  scan: [
    'cache',
    'errors',
    'extraction',
    'glob',
    'judge-target',
    'layer-threads',
    'layers/package-signs',
    'limits',
    'package-managers',
    'policy',
    'problem',
    'problem-of',
    'report',
    'report-assembly',
    'rule',
    'sources',
    'text',
    'verdict',
  ],
};

/** The only places that see everything. */
const unrestricted = new Set(['cli', 'main', 'index', 'commands']);

const source = join(repositoryRoot, 'src');
const imports = /^(?:import|export)[^;]*?from '(\.[^']*)';|import\('(\.[^']*)'\)/gm;

test('every import follows the arrows of the architecture', () => {
  const wrong = filesBelow(source).flatMap((file) => {
    const room = roomOf(relative(source, file));
    if (unrestricted.has(room)) return [];
    const rooms = allowed[room];
    if (rooms === undefined) return [`${room} has no place in the architecture`];
    return targetsOf(file)
      .filter((target) => roomOf(target) !== room)
      .filter(
        (target) =>
          !rooms.some(
            (may) => target === may || roomOf(target) === may || target.startsWith(`${may}/`),
          ),
      )
      .map((target) => `${relative(source, file)} must not import ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('a rule imports src/rule.ts and the files of its own folder, and nothing else', () => {
  const folder = join(repositoryRoot, 'rules');
  const wrong = filesBelow(folder)
    .filter((file) => dirname(file) !== folder && !file.endsWith('.test.ts'))
    .flatMap((file) =>
      targetsOf(file)
        .filter((target) => target !== 'rule' && dirname(join(source, target)) !== dirname(file))
        .map((target) => `${relative(folder, file)}: ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test('only cli.ts, engine.ts and cache/private-files.ts touch process; only sources, threads, cache and output the file system', () => {
  const wrong = filesBelow(source).flatMap((file) => {
    const name = relative(source, file);
    const text = readFileSync(file, 'utf8');
    const found: string[] = [];
    if (
      !/^(cli|engine|cache\/private-files)\.ts$/.test(name) &&
      /\bprocess\.[a-z]|from 'node:process'/.test(text)
    )
      found.push(`${name}: process`);
    if (
      !/^(sources\/|extraction\/placed-bytes\.ts$|cache\/|commands\/|unfinished-files\.ts$)/.test(
        name,
      ) &&
      // It reads the project's own pages, and only outside the bundle.
      name !== 'reporters/html/join-page.ts' &&
      /from 'node:fs/.test(text)
    )
      found.push(`${name}: fs`);
    return found;
  });
  assert.deepEqual(wrong, []);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Imported files, relative to src/ and without their ending. */
function targetsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(imports)].map((match) => {
    const target = join(dirname(file), match[1] ?? match[2] ?? '');
    return relative(source, target).replace(/\.ts$/, '');
  });
}

/** `layers/squash` is in the room `layers`, `scan.ts` is a room of its own. */
function roomOf(path: string): string {
  return path.startsWith('../')
    ? path.split('/').slice(0, 2).join('/')
    : (path.split('/')[0] ?? '').replace(/\.ts$/, '');
}
