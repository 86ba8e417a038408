import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Report } from '../../src/report/report.ts';
import {
  placeByBuildId,
  placed,
  type SplitProgram,
  splitProgram,
} from '../support/elf/split-program.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-debug-dir-'));
after(() => rmSync(folder, { recursive: true }));
const run = hullcheckIn(folder);
let program: SplitProgram;

before(() => {
  program = splitProgram(join(folder, 'built'));
  placed(program.debug, join(folder, 'debug', placeByBuildId(program.buildId)));
  placed(program.stripped, join(folder, 'app/program'));
  // Of less than a megabyte nothing is kept.
  placed(program.whole, join(folder, 'app/whole'));
  for (const [name, text] of Object.entries({
    'empty.yaml': 'profile: default\n',
    'words.yaml': 'accept: [package-database]\n',
    'rules.yaml': 'locked: [rules]\nrules: {pie: high}\n',
    'gate.yaml': 'locked: [gate.fail-on]\ngate: {fail-on: none}\n',
    'allowing.yaml': 'locked: [gate, rules]\ngate: {fail-on: none}\naccept: [debug-files]\n',
    'loosening.yaml': 'accept: [debug-files]\n',
  }))
    writeFileSync(join(folder, name), text);
});

/** What became of the rule that nothing but the debug file decides. */
function fortifyIn(name: string) {
  const { targets } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
  return targets[0]?.binaries[0]?.verdicts.find(({ rule }) => rule === 'fortify-source');
}

function outcomeBy(...words: readonly string[]): string | undefined {
  const { stderr } = run([...words, '-o', 'json=report.json']);
  const found = fortifyIn('report.json')?.outcome;
  rmSync(join(folder, 'report.json'));
  assert.doesNotMatch(stderr, /bug in hullcheck/);
  return found;
}

const withDebug = ['--debug-dir', 'debug'];

describe('--debug-dir', { timeout: 300_000 }, () => {
  it('decides what is undecided without it, and every format says so', () => {
    assert.equal(outcomeBy('app/program'), 'unknown');
    assert.equal(outcomeBy('app/program', ...withDebug), 'pass');
    const words = ['app/program', ...withDebug, '--fail-on', 'none', '--all'];
    for (const format of ['text', 'json', 'sarif'])
      assert.match(run([...words, '-o', format]).stdout, /separate debug file/, format);
    assert.match(
      run(['inspect', 'app/program', ...withDebug]).stdout,
      /separate debug file:\s+usr\/lib\/debug\/\.build-id/,
    );
  });

  it('reads what zlib and zstd packed, in debug files and in programs', () => {
    const flags = (...words: readonly string[]) => {
      run([...words, '--rule', 'compiler-flags', '-o', 'json=report.json']);
      const { targets } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
      return targets[0]?.binaries[0]?.verdicts[0]?.message;
    };
    const want = flags(program.whole);
    assert.match(want ?? '', /compile unit/);
    for (const by of ['zlib', 'zstd']) {
      const repacked = (from: string, to: string) =>
        execFileSync('objcopy', [`--compress-debug-sections=${by}`, from, join(folder, to)]);
      repacked(program.whole, `whole.${by}`);
      assert.equal(flags(`whole.${by}`), want, by);
      mkdirSync(join(folder, by));
      repacked(program.debug, `${by}/program.debug`);
      mkdirSync(join(folder, `${by}/.build-id/${program.buildId.slice(0, 2)}`), {
        recursive: true,
      });
      const place = `${by}/.build-id/${program.buildId.slice(0, 2)}/${program.buildId.slice(2)}.debug`;
      renameSync(join(folder, `${by}/program.debug`), join(folder, place));
      assert.equal(flags('app/program', '--debug-dir', by), want, by);
    }
  });

  it('is not mixed up in a cache with a scan without it, nor with other debug files', () => {
    const cache = ['--cache-dir', join(folder, 'cache'), '--profile', 'default'];
    assert.equal(outcomeBy('app', ...cache), 'unknown');
    assert.equal(outcomeBy('app', ...cache, ...withDebug), 'pass');
    assert.equal(outcomeBy('app', ...cache, ...withDebug), 'pass');
    assert.equal(outcomeBy('app', ...cache), 'unknown');
    const file = join(folder, 'debug', placeByBuildId(program.buildId));
    writeFileSync(file, 'none any more');
    assert.equal(outcomeBy('app', ...cache, ...withDebug), 'unknown');
    placed(program.debug, file);
    assert.equal(outcomeBy('app', ...cache, ...withDebug), 'pass');
  });

  it('is refused under a lock of the gate or of the rules that does not allow it', () => {
    for (const [config, lock] of [
      ['rules.yaml', 'rules'],
      ['gate.yaml', 'gate.fail-on'],
    ] as const) {
      const { status, stderr } = run(['app/program', ...withDebug, '--config', config]);
      assert.equal(status, 2, config);
      assert.match(stderr, new RegExp(`--debug-dir: ${lock} is locked by ${config}:1:`));
    }
    assert.equal(outcomeBy('app/program', ...withDebug, '--config', 'allowing.yaml'), 'pass');
  });

  it('needs the name of a folder', () => {
    const { status, stderr } = run(['app/program', '--debug-dir', '']);
    assert.equal(status, 2);
    assert.match(stderr, /--debug-dir needs the name of a folder/);
  });

  it('cannot be allowed above the lock', () => {
    for (const config of ['rules.yaml', 'gate.yaml']) {
      const words = ['--config', config, '--config', 'loosening.yaml'];
      const { status, stderr } = run(['app/program', ...withDebug, ...words]);
      assert.equal(status, 2, config);
      assert.match(stderr, /loosening\.yaml:1:\d+: accept\.debug-files is locked/);
    }
  });

  it('decides nothing where the policy lists what it accepts, and not this', () => {
    assert.equal(outcomeBy('app/program', ...withDebug, '--config', 'words.yaml'), 'unknown');
  });
});

describe('a saved report of a scan with debug files', { timeout: 300_000 }, () => {
  before(() => {
    run(['app/program', ...withDebug, '--config', 'empty.yaml', '-o', 'json=saved.json']);
    run(['app/program', ...withDebug, '--config', 'words.yaml', '-o', 'json=refused.json']);
    const words = ['--rule', 'fortify-source', '--facts', '-o', 'json=facts.json'];
    run(['app/program', ...withDebug, ...words]);
  });

  it('is undecided again under a lock, and where the policy does not accept them', () => {
    for (const config of ['rules.yaml', 'gate.yaml', 'words.yaml'])
      for (const report of ['saved.json', 'refused.json'])
        assert.equal(outcomeBy('judge', report, '--config', config), 'unknown', config);
    outcomeBy('judge', 'saved.json', '--config', 'rules.yaml');
    run(['judge', 'saved.json', '--config', 'rules.yaml', '-o', 'json=again.json']);
    assert.match(fortifyIn('again.json')?.message ?? '', /accept: debug-files/);
  });

  it('is decided again by a policy that accepts them', () => {
    for (const config of ['empty.yaml', 'allowing.yaml'])
      for (const report of ['saved.json', 'refused.json'])
        assert.equal(outcomeBy('judge', report, '--config', config), 'pass', config);
  });

  it('has the facts of the debug file, by which all rules are asked again', () => {
    const words = ['judge', 'facts.json', '--rule', 'fortify-source', '--rule', 'build-id'];
    assert.equal(outcomeBy(...words, '--config', 'empty.yaml'), 'pass');
  });

  it('is judged without any debug folder', () => {
    const { status, stderr } = run(['judge', 'saved.json', ...withDebug]);
    assert.equal(status, 2);
    assert.match(stderr, /--debug-dir decides what is read of an image/);
  });
});
