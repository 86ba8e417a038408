import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { rules } from '../../../rules/index.ts';
import { plainPolicy } from '../../../src/policy/policy.ts';
import type { TargetReport } from '../../../src/report/report.ts';
import { scan } from '../../../src/scan/scan.ts';
import { plainInput } from '../../../src/scan/scan-options.ts';
import { tarEntry, tarOf } from '../../support/archives/tar-builder.ts';
import { repositoryRoot } from '../../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'root-signs-test-'));
after(() => rmSync(folder, { recursive: true }));

const sample = (name: string) => readFileSync(join(repositoryRoot, 'samples/elf', name));
/** Its loader is /lib64/ld-linux-x86-64.so.2. */
const program = sample('x86_64-glibc-gcc-pie-hardened');
const library = sample('x86_64-glibc-gcc-lib-hardened');
/** Names and contents; a string is the target of a link. */
type Tree = Readonly<Record<string, Buffer | string>>;

let made = 0;

function written(tree: Tree): string {
  made += 1;
  const root = join(folder, `${made}`);
  for (const [name, content] of Object.entries(tree)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') symlinkSync(content, path);
    else writeFileSync(path, content, { mode: 0o755 });
  }
  return root;
}

async function scanned(reference: string): Promise<TargetReport> {
  const report = await scan([reference], {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  const [target] = report.targets;
  assert.ok(target);
  return target;
}

/** Whether something is said to be missing for the program to start. */
function lacks({ binaries }: TargetReport): boolean {
  const app = binaries.find(({ path }) => path.endsWith('/app'));
  assert.ok(app);
  return app.verdicts.some(
    ({ rule, outcome }) => outcome === 'fail' && (rule === 'loadable' || rule === 'musl-linkage'),
  );
}

const text = Buffer.from('text');

const folders: Readonly<Record<string, Tree>> = {
  'a build folder': { 'bin/app': program, 'lib/libx.so': library },
  'a prefix of make install': {
    'usr/local/bin/app': program,
    'usr/lib/libx.so': library,
    'etc/app.conf': text,
  },
  'a Java runtime': { 'bin/app': program, 'lib/server/libjvm.so': library, release: text },
  'a virtual environment': {
    'pyvenv.cfg': text,
    'bin/app': program,
    'lib/python3.11/site-packages/x/y.so': library,
    lib64: 'lib',
  },
  'an environment of conda with a shell': {
    'conda-meta/history': text,
    'bin/app': program,
    'bin/sh': program,
    'lib/libx.so': library,
  },
  'a program with the loader that it brings': {
    'bin/app': program,
    'lib/ld-linux-x86-64.so.2': library,
  },
  'a text in the place of a loader': { 'bin/app': program, 'lib64/ld-linux-x86-64.so.2': text },
  'a program called init': { init: program, 'bin/app': program, 'lib/libx.so': library },
};

const roots: Readonly<Record<string, Tree>> = {
  'an os-release': { 'etc/os-release': Buffer.from('ID=x\n') },
  'an os-release in /usr/lib': { 'usr/lib/os-release': Buffer.from('ID=x\n') },
  'a database of apk': { 'lib/apk/db/installed': text },
  'a database of dpkg': { 'var/lib/dpkg/status': text },
  'a database of distroless': { 'var/lib/dpkg/status.d/base': text },
  'a database of rpm': { 'usr/lib/sysimage/rpm/rpmdb.sqlite': text },
  'a database of pacman': { 'var/lib/pacman/local/x/desc': text },
  '/bin/sh': { 'bin/sh': text },
  'a link /bin/sh to what is not there': { 'bin/sh': '/bin/busybox' },
  'a loader whose link leads nowhere': { 'lib64/ld-linux-x86-64.so.2': '/nowhere/ld.so' },
  '/sbin/init': { 'sbin/init': text },
  'an initramfs': { init: text, 'dev/.keep': text },
  'the mark of a container': { '.dockerenv': text },
  'a loader of another machine': {
    'lib/ld-musl-aarch64.so.1': sample('aarch64-musl-clang-pie-hardened'),
  },
};

describe('a folder is a root only when it shows it', () => {
  for (const [name, tree] of Object.entries(folders))
    it(`${name} is a folder of programs`, async () => {
      const target = await scanned(written(tree));
      assert.equal(target.takenFor, 'folder');
      assert.equal(lacks(target), false);
      const linkage = target.binaries.flatMap(({ verdicts }) =>
        verdicts.filter(({ rule, outcome }) => rule === 'musl-linkage' && outcome === 'fail'),
      );
      assert.deepEqual(linkage, []);
    });
  for (const [name, tree] of Object.entries(roots))
    it(`${name} makes a root`, async () => {
      const target = await scanned(written({ 'bin/app': program, ...tree }));
      assert.equal(target.takenFor, 'root');
      assert.equal(lacks(target), true);
    });
});

describe('the user says what it is', () => {
  const plain = { 'bin/app': program, 'lib/libx.so': library };
  it('rootfs: makes a root of a directory', async () => {
    const target = await scanned(`rootfs:${written(plain)}`);
    assert.deepEqual([target.takenFor, lacks(target)], ['root', true]);
  });
  it('rootfs: makes a root of a tar, which shows nothing by itself', async () => {
    const path = join(folder, 'plain.tar');
    writeFileSync(path, tarOf(tarEntry({ name: 'bin/app', mode: 0o755 }, program)));
    assert.equal((await scanned(path)).takenFor, 'folder');
    const target = await scanned(`rootfs:${path}`);
    assert.deepEqual([target.takenFor, lacks(target)], ['root', true]);
  });
  it('folder: makes none of one that has a loader', async () => {
    const path = written({ 'bin/app': program, 'lib/ld-musl-x86_64.so.1': program });
    assert.equal((await scanned(path)).takenFor, 'root');
    assert.equal((await scanned(`folder:${path}`)).takenFor, 'folder');
  });
});

describe('a link that leaves a folder is reported', () => {
  const cases: readonly (readonly [name: string, links: Tree, report: string | null])[] = [
    ['to a path of the system', { 'bin/python': '/usr/bin/python3' }, '1 link leads'],
    ['out of the folder', { 'lib/x.so': '../../other/x.so' }, '1 link leads'],
    [
      'several, counted once',
      { a: '/a', b: '/b', c: '/c', d: '/d' },
      '4 links lead out of the folder, and what is there was not judged: /a to /a, /b to /b, /c to /c and 1 more',
    ],
    ['inside, up and down again', { 'lib/x.so': '../bin/app' }, null],
    ['inside, to what is not there', { 'lib/x.so': 'y.so' }, null],
  ];
  for (const [name, links, report] of cases)
    it(name, async () => {
      const { problems } = await scanned(written({ 'bin/app': program, ...links }));
      const messages = problems
        .map(({ message }) => message)
        .filter((each) => / out of /.test(each));
      assert.equal(messages.length, report === null ? 0 : 1);
      if (report !== null) assert.ok(messages[0]?.startsWith(report), messages[0]);
    });
});
