import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch } from 'node:process';
import { after, describe, it } from 'node:test';
import {
  type Change,
  type Direction,
  differences,
  shortcomings,
} from '../../lab/changes/expected.ts';
import { runAgainst, runDiff, saveReport } from '../../lab/changes/run-diff.ts';
import { repositoryRoot } from '../support/repository.ts';

const scratch = mkdtempSync(join(tmpdir(), 'single-changes-test-'));
after(() => rmSync(scratch, { recursive: true }));

const isX86 = arch === 'x64';
const branchOption = isX86 ? '-fcf-protection=full' : '-mbranch-protection=standard';
const branches = [branchOption];

const hardened = [
  ['-O2', '-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=3', '-fPIE'],
  ['-fstack-clash-protection', '-pie'],
  ['-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--build-id=sha1'],
].flat();

/** A program of the laboratory's source, below a folder of its own. */
function build(
  name: string,
  flags: readonly string[],
  ofBranches: readonly string[] = branches,
): string {
  const place = join(scratch, name);
  mkdirSync(place);
  const source = (file: string) => join(repositoryRoot, 'lab/changes', file);
  const program = [
    ...hardened,
    ...ofBranches,
    '-Dmore_work=work',
    source('program.c'),
    source('work.c'),
  ];
  execFileSync('gcc', [...program, '-o', join(place, 'app'), ...flags]);
  return place;
}

interface Row {
  readonly name: string;
  readonly flags: readonly string[];
  /** What gets worse; none: nothing does. */
  readonly worse: readonly string[];
  readonly also?: readonly string[];
  /** In place of the options that protect branches. */
  readonly branches?: readonly string[];
  /** The option that was lost. */
  readonly lost?: string;
}

/** A few of lab/changes/table.sh, with the machine's own compiler. */
const rows: readonly Row[] = [
  {
    name: 'no canaries',
    flags: ['-fno-stack-protector'],
    worse: ['stack-protector'],
    lost: '-fstack-protector-strong',
  },
  {
    name: 'fewer canaries',
    flags: ['-fstack-protector'],
    worse: ['stack-protector'],
    lost: '-fstack-protector-strong',
  },
  {
    name: 'no FORTIFY',
    flags: ['-U_FORTIFY_SOURCE'],
    worse: ['fortify-source'],
    lost: '-D_FORTIFY_SOURCE=3',
  },
  ...['1', '2'].map((level) => ({
    name: `level ${level} of FORTIFY`,
    flags: ['-U_FORTIFY_SOURCE', `-D_FORTIFY_SOURCE=${level}`],
    worse: ['fortify-source'],
    lost: '-D_FORTIFY_SOURCE=3',
  })),
  { name: 'no PIE', flags: ['-fno-pie', '-no-pie'], worse: ['pie'], lost: '-pie' },
  { name: 'no RELRO', flags: ['-Wl,-z,norelro'], worse: ['relro'], lost: '-Wl,-z,relro' },
  {
    name: 'lazy binding',
    flags: ['-Wl,-z,lazy'],
    worse: ['relro'],
    also: ['bind-now'],
    lost: '-Wl,-z,now',
  },
  {
    name: 'an executable stack',
    flags: ['-Wl,-z,execstack'],
    worse: ['non-executable-stack'],
    lost: '-Wl,-z,noexecstack',
  },
  {
    name: 'a run path that anybody can write to',
    flags: ['-Wl,-rpath,/tmp/lib'],
    worse: ['safe-run-path'],
  },
  {
    name: 'no probes of the stack',
    flags: ['-fno-stack-clash-protection'],
    worse: ['stack-clash-protection'],
    lost: '-fstack-clash-protection',
  },
  {
    name: 'branches that nothing protects',
    flags: [],
    branches: [isX86 ? '-fcf-protection=none' : '-mbranch-protection=none'],
    worse: ['control-flow-protection'],
    lost: branchOption,
  },
  { name: 'another version', flags: ['-DVERSION=2.11.0-rc1'], worse: [] },
  { name: 'nothing else', flags: [], worse: [] },
];

describe('a release that differs from the one before in', { timeout: 300_000 }, () => {
  const old = build('hardened', []);
  for (const { name, flags, worse, also = [], lost = null, ...own } of rows) {
    it(`${name} is ${worse.length === 0 ? 'not worse' : 'worse in that, better the other way round'}, as images and as reports`, async () => {
      const fresh = build(name.replaceAll(' ', '-'), flags, own.branches);
      const change: Change = {
        cell: 'c',
        name,
        before: 'hardened',
        exitCode: worse.length === 0 ? 0 : 1,
        worse,
        also,
        neutral: [],
        noted: [],
        unseen: [],
        back: [],
        lost,
      };
      const saved = [`${old}.json`, `${fresh}.json`] as const;
      await saveReport(old, saved[0], scratch);
      await saveReport(fresh, saved[1], scratch);
      const found = async (direction: Direction, one: string, other: string) =>
        shortcomings(change, direction, await runDiff(one, other, scratch));
      assert.deepEqual(await found('forward', ...saved), []);
      assert.deepEqual(await found('reverse', saved[1], saved[0]), []);
      assert.deepEqual(await found('reverse', fresh, old), []);
      const answer = await runDiff(old, fresh, scratch);
      assert.deepEqual(shortcomings(change, 'forward', answer), []);
      assert.deepEqual(differences(answer, await runAgainst(saved[0], fresh, scratch)), []);
    });
  }
});
