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
