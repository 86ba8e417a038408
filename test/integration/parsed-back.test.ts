import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { escapeText } from '../../src/base/escape.ts';
import { paxHeader, tarEntry } from '../support/archives/tar-builder.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { repositoryRoot } from '../support/repository.ts';

/**
 * A real archive of a real program under each hostile name, through the program, to a file of each format, and back by
 * other people's parsers (Python's csv, ElementTree and html.parser, GitHub's cmark-gfm): what comes back is held
 * against the JSON report.
 */
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-parsed-back-'));
const program = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-nopie-bare'));

/** A path of exactly so many bytes, in parts that a file system would take. */
const longPath = (bytes: number) => {
  const path = `/${'long-folder-name/'.repeat(bytes)}`.slice(0, bytes - 1);
  return `${path.replace(/\/$/, 'x')}x`;
};

/** As bytes: what a tar can hold and a string cannot. */
const rawNames: readonly Buffer[] = [
  ...Object.entries(hostileNames)
    .filter(([what]) => !/NUL|surrogate|parent folders|^long$|as a report has it/.test(what))
    .map(([, name]) => Buffer.from(`dir/${name.replace(/^\/+/, '')}`)),
  Buffer.from('latin1/\xe9\x80\xff', 'latin1'),
  Buffer.from('overlong/\xc0\xaf', 'latin1'),
  Buffer.from('surrogate/\xed\xa0\x80', 'latin1'),
  Buffer.from(longPath(4096).slice(1)),
];

const entry = (name: Buffer) =>
  Buffer.concat([paxHeader({ path: name }), tarEntry({ name: 'x' }, program)]);
writeFileSync(
  join(folder, 'root.tar'),
  Buffer.concat([...rawNames.map(entry), Buffer.alloc(1024)]),
);

const formats = [
  'json',
  'jsonl',
  'sarif',
  'csv',
  'junit',
  'html',
  'markdown',
  'gitlab',
  'github',
  'text',
];
const made = hullcheckIn(folder)([
  'rootfs:root.tar',
  '--no-cache',
  '--quiet',
  '--all',
  ...formats.flatMap((name) => ['-o', `${name}=out.${name}`]),
]);
const read = (format: string) => readFileSync(join(folder, `out.${format}`), 'utf8');

const report = JSON.parse(read('json'));
const binaries: readonly { readonly path: string; readonly verdicts: readonly Verdict[] }[] =
  report.targets[0].binaries;
const paths = binaries.map(({ path }) => path);

interface Verdict {
  readonly rule: string;
  readonly outcome: string;
}

function parsed(format: string): unknown {
  const script = join(repositoryRoot, 'test/support/parse-back.py');
  const { status, stdout, stderr } = spawnSync(
    'python3',
    [script, format, join(folder, `out.${format}`)],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('every hostile name of the archive is in the report', () => {
  assert.equal(made.stderr, '');
  assert.equal(made.status, 1);
  assert.equal(paths.length, rawNames.length);
  assert.deepEqual(report.targets[0].problems, []);
  assert.ok(paths.includes(longPath(4096)));
  assert.ok(paths.includes('/latin1/\\xe9\\x80\\xff'));
});

test('the lines of jsonl are the binaries of json', () => {
  const lines = parsed('jsonl') as readonly { readonly type: string }[];
  const plain = lines
    .filter(({ type }) => type === 'binary')
    .map(
      ({ type, target, platform, ...binary }: Record<string, unknown> & { type: string }) => binary,
    );
  assert.deepEqual(plain, binaries);
});

const everyVerdict = binaries.flatMap(({ path, verdicts }) => verdicts.map(() => path));

test('html and SARIF give back each name as it is', () => {
  assert.deepEqual(parsed('html'), paths);
  assert.deepEqual((parsed('sarif') as string[]).toSorted(), everyVerdict.toSorted());
});

test('csv and JUnit give back each name as one harmless line', () => {
  const harmless = everyVerdict.map(escapeText).toSorted();
  // XML has two characters less.
  const inXml = harmless.map((name) => name.replace('\ufffe\uffff', '\\u{fffe}\\u{ffff}'));
  assert.deepEqual((parsed('junit') as string[]).toSorted(), inXml.toSorted());
  assert.deepEqual((parsed('csv') as string[]).toSorted(), harmless);
});

test('GitLab gets a relative path of each finding that ends with its name', () => {
  const found = parsed('gitlab') as readonly string[];
  assert.equal(found.length, report.counts.outcomes.fail);
  for (const path of paths) {
    const segments = path.split('/').filter((part) => part !== '');
    const want = segments.join('/').toWellFormed();
    assert.ok(
      found.some((given) => given.endsWith(want) && !given.startsWith('/')),
      want,
    );
  }
});

test('markdown is the lists and lines to copy that we wrote, with nothing in it that a name made', () => {
  const { elements, code } = parsed('markdown') as { elements: string[]; code: string[] };
  assert.deepEqual(
    elements,
    [
      'code',
      'h2',
      'h3',
      'li',
      'p',
      'pre',
      'table',
      'tbody',
      'td',
      'th',
      'thead',
      'tr',
      'ul',
    ].toSorted(),
  );
  const short = (path: string) =>
    path.length <= 200 ? path : `${path.slice(0, 120)}…${path.slice(-70)}`;
  // A code span is stripped of one space at each end, and cells of all.
  const seen = new Set(code.map((text) => text.replace(/\s+/g, ' ').trim()));
  for (const path of paths) {
    const want = escapeText(short(path)).replace(/\s+/g, ' ').trim();
    assert.ok(seen.has(want), want);
  }
});

test('a workflow runner decodes each finding to its own name', () => {
  const commands = read('github')
    .trimEnd()
    .split('\n')
    .map((line) => /^::(error|warning|notice) title=([^:,]*)::(.*)$/.exec(line));
  assert.ok(commands.every((command) => command !== null));
  const decoded = commands.map((command) => (command?.[3] ?? '').replaceAll('%25', '%'));
  for (const path of paths)
    assert.ok(
      decoded.some((text) => text.startsWith(`${escapeText(path)}: `)),
      path,
    );
});

test('text has each name on a line of its own', () => {
  const lines = new Set(read('text').split('\n'));
  for (const path of paths) assert.ok(lines.has(escapeText(path)), path);
});
