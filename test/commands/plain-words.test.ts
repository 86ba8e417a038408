import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Argv } from 'yargs';
import { createParser } from '../../src/cli/command-line.ts';
import { readPlainWords } from '../../src/commands/options/plain-words.ts';
import { describeOptions } from '../../src/commands/scan.ts';

type Values = Readonly<Record<string, unknown>>;

/** What yargs gives the command, or null where it refuses. */
async function byYargs(words: readonly string[]): Promise<Values | null> {
  const stdout = { write: async () => {}, isTty: false, columns: 80 };
  const parser = await createParser({ stdout });
  let found: Values | null = null;
  parser.command(['scan [images..]', '$0'], 'scans', describeOptions, (args) => {
    found = args;
  });
  try {
    await parser.parseAsync([...words], {}, () => {});
  } catch {
    return null;
  }
  return found;
}

/** Those that were given or have a default; what yargs adds by itself is not an option. */
function withoutOthers(values: Values): Values {
  const others = ['_', '$0', 'help', 'h', 'version'];
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !others.includes(name) && value !== undefined),
  );
}

const plain: readonly (readonly string[])[] = [
  [],
  ['app.tar'],
  ['app.tar', '-o', 'json'],
  ['app.tar', '--output', 'json=a b.json', '--output=sarif=x.sarif', '-q'],
  ['a.tar', 'b.tar', '--fail-on', 'medium', '--no-cache'],
  ['--rule', 'pie', 'app.tar', '--rule=relro', '--all', '-v'],
  ['dir:/mnt', '--platform', 'linux/arm64', '--timeout=90s', '--update-baseline'],
  ['registry:alpine:3.20', '--group-by', 'rule', '--insecure-http', 'localhost'],
  ['app.tar', '--base', '2', '--input-list', 'list', '--config', 'a=b'],
];

const needYargs: readonly (readonly string[])[] = [
  ['--help'],
  ['-h'],
  ['--version'],
  ['app.tar', '--', '-x'],
  ['app.tar', '--nothing-like-it'],
  ['app.tar', '--output'],
  ['app.tar', '--output', '-q'],
  ['app.tar', '--output='],
  ['app.tar', '-ojson'],
  ['app.tar', '-o=json'],
  ['app.tar', '-qv'],
  ['app.tar', '--all', 'false'],
  ['app.tar', '--all=false'],
  ['app.tar', '--all', '--all'],
  ['app.tar', '--timeout', '1s', '--timeout', '2s'],
  ['app.tar', '--group-by', 'size'],
  ['app.tar', '--failOn', 'low'],
  ['app.tar', '--config', '"quoted"'],
  ["'quoted'"],
  [''],
  ['-'],
];

/** Words of every kind, in an order that is drawn. */
function* drawn(count: number): Generator<readonly string[]> {
  const pieces = [...plain, ...needYargs]
    .flat()
    .filter((word) => word !== '--help' && word !== '-h');
  let seed = 1;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let index = 0; index < count; index += 1)
    yield Array.from({ length: next(6) }, () => pieces[next(pieces.length)] ?? '');
}

const read = (words: readonly string[]): Values | null => readPlainWords(words, describeOptions);

describe('words that leave nothing to interpret', () => {
  for (const words of plain)
    it(`are read as yargs reads them: ${words.join(' ') || '(none)'}`, async () => {
      const values = read(words);
      const wanted = await byYargs(words);
      assert.ok(values !== null && wanted !== null);
      assert.deepEqual(withoutOthers(values), withoutOthers(wanted));
    });

  it('are read as yargs reads them in whatever order they come, and never where it refuses them', async () => {
    let count = 0;
    for (const words of drawn(600)) {
      const values = read(words);
      if (values === null) continue;
      count += 1;
      const wanted = await byYargs(words);
      assert.ok(wanted !== null, words.join(' '));
      assert.deepEqual(withoutOthers(values), withoutOthers(wanted), words.join(' '));
    }
    assert.ok(count > 100, `only ${count} were plain`);
  });
});

describe('words that yargs has to interpret or refuse', () => {
  for (const words of needYargs)
    it(`are left to it: ${words.join(' ') || '(none)'}`, () => assert.equal(read(words), null));
});

describe('an option that only yargs can read', () => {
  const declarations: readonly (readonly [string, (parser: Argv) => Argv])[] = [
    ['with a check of its own', (parser) => parser.option('x', { boolean: true, coerce: Boolean })],
    ['with several values', (parser) => parser.option('x', { string: true, nargs: 2 })],
    ['whose value may be missing', (parser) => parser.option('x', { string: true })],
    ['that excludes another', (parser) => parser.conflicts('x', 'y')],
  ];
  for (const [name, declare] of declarations)
    it(`is refused when it is declared: ${name}`, () => {
      const positional = { type: 'string', array: true } as const;
      const words = () =>
        readPlainWords([], (parser) => declare(parser.positional('p', positional)));
      assert.throws(words, TypeError);
    });
});
