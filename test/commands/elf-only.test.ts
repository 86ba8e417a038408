import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-elf-only-'));
const run = hullcheckIn(folder);
const samples = join(repositoryRoot, 'samples/elf');
copyFileSync(join(samples, 'x86_64-glibc-gcc-pie-hardened'), join(folder, 'good'));
copyFileSync(join(samples, 'x86_64-glibc-gcc-nopie-bare'), join(folder, 'bad'));
writeFileSync(join(folder, 'libc.so'), 'GROUP ( /lib/libc.so.6 )\n');
writeFileSync(join(folder, 'empty'), '');
writeFileSync(join(folder, 'cut'), '\x7fELF');
mkdirSync(join(folder, 'folder'));
copyFileSync(join(folder, 'bad'), join(folder, 'folder/bad'));

const table: readonly (readonly [names: readonly string[], want: number, says: RegExp])[] = [
  [['libc.so'], 0, /^hullcheck: the file is not an ELF file: there is nothing to scan\n$/],
  [['libc.so', 'empty'], 0, /^hullcheck: none of 2 files is an ELF file: there is nothing to scan/],
  [['-q', 'libc.so', 'empty'], 0, /^$/],
  [['libc.so', 'good'], 0, /GATE HOLDS: .* in your one binary/s],
  [['libc.so', 'bad', 'empty'], 1, /GATE BROKEN/],
  // What is damaged was not judged, and what is not a file is for the scan to refuse.
  [['libc.so', 'cut'], 3, /GATE UNDECIDED/],
  [['libc.so', 'gone'], 2, /gone: no such file or directory/],
  [['libc.so', 'folder'], 1, /GATE BROKEN/],
];
for (const [names, want, says] of table)
  test(`--elf-only ${names.join(' ')} ends with ${want}`, () => {
    const { status, stdout, stderr } = run(['scan', '--elf-only', '--no-cache', ...names]);
    assert.equal(status, want, stderr);
    assert.match(`${stdout}${stderr}`, says);
  });

const archive = join(samples, '../images/alpine-app.docker.tar');
copyFileSync(archive, join(folder, 'app.tar'));
writeFileSync(join(folder, 'picture.png'), '\x89PNG\r\n\x1a\n');
writeFileSync(join(folder, 'org.yaml'), 'gate: {fail-on: high}\nlocked: gate\n');
const refusal =
  /^hullcheck: --elf-only leaves out app\.tar: gate is locked by org\.yaml:2:\d+, and files in it/;

const underLock: readonly (readonly [names: readonly string[], want: number, says: RegExp])[] = [
  [['app.tar'], 2, refusal],
  [['good', 'app.tar'], 2, refusal],
  // A hook has such files.
  [['libc.so', 'empty', 'picture.png'], 0, /there is nothing to scan/],
  [['libc.so', 'good'], 0, /GATE HOLDS/],
];
for (const [names, want, says] of underLock)
  test(`--elf-only ${names.join(' ')} below a lock of the gate ends with ${want}`, () => {
    const { status, stdout, stderr } = run(['scan', '--elf-only', '--no-cache', ...names], {
      HULLCHECK_EXTENDS: 'org.yaml',
    });
    assert.equal(status, want, stderr);
    assert.match(`${stdout}${stderr}`, says);
  });

test('--elf-only leaves out an archive without a lock', () => {
  const { status, stderr } = run(['scan', '--elf-only', 'app.tar']);
  assert.equal(status, 0, stderr);
});
