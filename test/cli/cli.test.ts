import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const images = join(repositoryRoot, 'samples/images');
const archive = join(images, 'alpine-app.docker.tar');
const good = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-cli-'));

function hullcheck(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, ...env },
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

function damaged(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, readFileSync(archive));
  truncateSync(path, 40_000);
  return path;
}

test('exit codes distinguish a broken gate, one that holds, a mistake and one that is undecided', () => {
  const table = [
    { argv: [archive], want: 1 },
    { argv: ['scan', archive], want: 1 },
    { argv: [join(images, 'alpine-app.oci')], want: 1 },
    { argv: [archive, '--fail-on', 'none'], want: 0 },
    { argv: [archive, '--fail-on', 'critical'], want: 0 },
    { argv: [archive, '--rule', 'no-writable-code'], want: 0 },
    { argv: [archive, '--exclude', '/usr/local/**'], want: 0 },
    { argv: [good, '--rule', 'pie'], want: 0 },
    { argv: ['--', archive], want: 1 },
    { argv: ['--images', archive], want: 1 },
    { argv: [join(folder, 'missing')], want: 2 },
    { argv: [archive, '--platform', 'no/such/platform/at/all'], want: 2 },
    { argv: [archive, '--exclude', '/**'], want: 3 },
    { argv: [damaged('cut.tar')], want: 3 },
    { argv: [damaged('cut.tar'), archive], want: 3 },
    { argv: [archive, '--max-file-size', '64'], want: 3 },
    { argv: [archive, '--FAIL-ON', 'none'], want: 2 },
    { argv: [archive, '--FAIL-ON=none'], want: 2 },
    { argv: ['explain', 'pie'], want: 0 },
    { argv: ['rules'], want: 0 },
    { argv: ['inspect', good], want: 0 },
    { argv: ['inspect', archive, '/bin/busybox'], want: 0 },
    { argv: ['inspect', archive, '/bin/busyboxx'], want: 2 },
    { argv: ['inspect', archive], want: 2 },
  ];
  for (const { argv, want } of table) {
    const { status, stderr } = hullcheck(argv);
    assert.equal(status, want, `hullcheck ${argv.join(' ')}: ${stderr}`);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  }
});

test('inspect shows a file though another one is damaged, and the scan names a way out', () => {
  const root = mkdtempSync(join(folder, 'root-'));
  const elf = readFileSync(good);
  writeFileSync(join(root, 'a'), elf);
  writeFileSync(join(root, 'b'), elf);
  // It runs, and rules cannot read all of it.
  copyFileSync(
    join(repositoryRoot, 'samples/elf/x86_64-none-gcc-staticpie-cut'),
    join(root, 'cut'),
  );
  const unnamed = hullcheck(['inspect', root]);
  assert.equal(unnamed.status, 2);
  assert.match(unnamed.stderr, /contains 3 binaries: give the path of one of them\n$/);
  assert.equal(hullcheck(['inspect', root, '/nowhere']).status, 3);
  const scanned = hullcheck([root]);
  assert.equal(scanned.status, 3);
  assert.match(scanned.stdout, /\n {2}A file that may stay as it is: --exclude PATH leaves it out/);
  const excluded = hullcheck([root, '--exclude', '/cut']);
  assert.equal(excluded.status, 0);
  assert.doesNotMatch(excluded.stdout, /--exclude/);
  for (const noFile of [join(root, 'cut'), damaged('cut-too.tar')]) {
    const { status, stdout } = hullcheck([noFile]);
    assert.equal(status, 3, noFile);
    assert.doesNotMatch(stdout, /may stay as it is/, noFile);
  }
});

test('the last line of a scan is its gate', () => {
  const { stdout, stderr } = hullcheck([archive]);
  assert.match(
    stdout,
    /\nGATE BROKEN: \d+ findings of severity high or above in \d+ of your \d+ binaries; 1\nverdict of 1 rule undecided \([^)]+\)\n$/,
  );
  assert.equal(stderr, '');
});

test('colours are for terminals and for who forces them', () => {
  const table = [
    { env: {}, want: false },
    { env: { FORCE_COLOR: '1' }, want: true },
    { env: { FORCE_COLOR: '0' }, want: false },
    { env: { NO_COLOR: '1' }, want: false },
    { env: { NO_COLOR: '1', FORCE_COLOR: '1' }, want: true },
  ];
  for (const { env, want } of table)
    assert.equal(hullcheck([archive], env).stdout.includes('\x1b['), want, JSON.stringify(env));
});

test('one scan writes several reports, and nothing else into the folder', () => {
  const before = readdirSync(folder);
  const { status, stdout, stderr } = hullcheck([
    archive,
    '-o',
    'json=a.json',
    '-o',
    'sarif=a.sarif',
    '-o',
    'csv=a.csv',
  ]);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^hullcheck: \d+ findings of severity high or above/);
  assert.deepEqual(readdirSync(folder).sort(), [...before, 'a.csv', 'a.json', 'a.sarif'].sort());
  assert.equal(
    hullcheck(['convert', 'a.json', '-o', 'sarif']).stdout,
    readFileSync(join(folder, 'a.sarif'), 'utf8'),
  );
});

test('the same input gives the same bytes', () => {
  assert.equal(
    hullcheck([archive, '-o', 'json']).stdout,
    hullcheck([archive, '-o', 'json', '--jobs', '1']).stdout,
  );
});

test('quiet says nothing on standard error, and verbose a line for each step', () => {
  assert.equal(hullcheck([archive, '-o', 'json=b.json', '--quiet']).stderr, '');
  assert.match(
    hullcheck([archive, '--verbose']).stderr,
    /^hullcheck: .*: opening\nhullcheck: .*layer 0 of 3.*\n.*layer 1 of 3/,
  );
});

test('a closed pipe is not an error', async () => {
  const child = spawn(process.execPath, [program, archive, '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual({ status, stderr }, { status: 1, stderr: '' });
});
