import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { Surroundings } from '../../src/commands/command.ts';
import { progressDisplay } from '../../src/commands/scanning/progress.ts';
import type { Progress } from '../../src/scan/scan-options.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';

const progress: Progress = {
  step: 'layer',
  name: 'app.tar',
  done: 1,
  total: 3,
  files: 120,
  bytes: 3 * 1024 ** 2,
};

interface Given {
  readonly isTty?: boolean;
  readonly env?: Surroundings['env'];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Everything that one step of the work writes, and its end. */
function written(given: Given, ...steps: readonly Progress[]): string {
  let text = '';
  const output = {
    isTty: given.isTty ?? true,
    columns: 80,
    write: async (piece: string) => {
      text += piece;
    },
  };
  const surroundings = {
    stdout: output,
    stderr: output,
    env: given.env ?? {},
    cwd: tmpdir(),
    today: '2026-11-23',
  };
  const display = progressDisplay(surroundings, {
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
  });
  for (const step of steps) display.show(step);
  display.end();
  return text;
}

test('a terminal sees layers, files, bytes and the rate on one line that is gone at the end', () => {
  assert.match(
    written({}, progress),
    /^\r\x1b\[2Kapp\.tar: layer 1 of 3, 120 ELF files, 3\.0 MiB, \d+ MiB\/s\r\x1b\[2K$/,
  );
  assert.match(written({}, { ...progress, step: 'open' }), /^\r\x1b\[2Kapp\.tar: opening\r/);
});

test('no name makes the line longer than the terminal, or hides what moves', () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const line = written({}, { ...progress, name }).split('\r\x1b[2K')[1] ?? '';
    assert.ok(line.length < 80, what);
    assert.match(line, /: layer 1 of 3, 120 ELF files, 3\.0 MiB, \d+ MiB\/s$/, what);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u, what);
  }
});

test('nothing is shown in CI, to a pipe, to a dumb terminal or when quiet', () => {
  for (const given of [
    { env: { CI: 'true' } },
    { isTty: false },
    { env: { TERM: 'dumb' } },
    { quiet: true },
    { quiet: true, verbose: true },
  ])
    assert.equal(written(given, progress), '', JSON.stringify(given));
});

test('verbose is a line for each step, wherever it goes', () => {
  const later = { ...progress, done: 2, files: 121 };
  assert.equal(
    written({ isTty: false, verbose: true }, progress, { ...progress, files: 5 }, later),
    [
      'hullcheck: app.tar: layer 1 of 3, 120 ELF files, 3.0 MiB\n',
      'hullcheck: app.tar: layer 2 of 3, 121 ELF files, 3.0 MiB\n',
    ].join(''),
  );
});
