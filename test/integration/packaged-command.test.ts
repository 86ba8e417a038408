import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ImageFiles } from '../../lab/entrypoints/image-files.ts';
import { writeLayout } from '../../lab/runtimes/image-layout.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'packaged-command-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** It calls mktemp, of severity medium; what it calls of severity high takes another name. */
const program = (() => {
  const bytes = Buffer.from(sampleBinary('x86_64-musl-gcc-pie-dangerous'));
  bytes.write('puts\0', bytes.indexOf('gets\0'), 'latin1');
  return bytes;
})();

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('base64');

const loader = sampleBinary('x86_64-musl-gcc-loader');

const commit = `c:${'1'.repeat(40)}\n`;

const musl = `P:musl\nV:1.2.5-r0\nA:x86_64\n${commit}F:lib\nR:ld-musl-x86_64.so.1\nZ:Q1${sha1(loader)}\n\n`;

/** apk's, with musl and the package of BusyBox that brought this content, which Alpine built of a commit. */
const database = (busybox: Buffer, of = commit) =>
  `${musl}P:busybox\nV:1.36.1-r29\nA:x86_64\n${of}F:bin\nR:busybox\nZ:Q1${sha1(busybox)}\n\n`;

const cases: readonly {
  readonly name: string;
  readonly database: string | null;
  readonly program?: Buffer;
  readonly status: number;
}[] = [
  { name: 'a program of a package holds the gate', database: database(program), status: 0 },
  {
    name: 'a program of a package that others made breaks it',
    database: database(program, ''),
    status: 1,
  },
  {
    name: 'a program in place of a package breaks it',
    database: database(Buffer.alloc(1)),
    status: 1,
  },
  {
    name: 'a program of no package breaks it',
    database: musl,
    status: 1,
  },
  { name: 'a program breaks it where there are no packages', database: null, status: 1 },
  {
    name: 'a program of a package breaks it by what is high in itself',
    database: database(sampleBinary('x86_64-musl-gcc-pie-dangerous')),
    program: sampleBinary('x86_64-musl-gcc-pie-dangerous'),
    status: 1,
  },
];

describe('an image whose CMD is /bin/sh: a finding of medium severity is raised for being started', () => {
  for (const [at, given] of cases.entries()) {
    for (const Cmd of [['/bin/sh'], ['sh', '-c', 'echo hi']]) {
      it(`${given.name} (${Cmd.join(' ')})`, () => {
        const files = new ImageFiles();
        for (const path of ['/bin', '/lib', '/etc']) files.directory(path);
        files.file('/bin/busybox', given.program ?? program);
        files.link('/bin/sh', '/bin/busybox');
        files.file('/lib/ld-musl-x86_64.so.1', loader);
        if (given.database !== null) files.file('/lib/apk/db/installed', given.database);
        const layout = join(folder, `${at}-${Cmd.length}`);
        writeLayout(layout, [
          { tag: 'alpine', layers: [files.tar()], config: { Cmd }, architecture: 'amd64' },
        ]);
        const words = [
          layout,
          '--no-cache',
          '--rule',
          'no-dangerous-imports',
          '--gate-of',
          'all',
          '-q',
        ];
        const { status, stdout } = hullcheckIn(folder)(words);
        assert.equal(status, given.status, stdout);
        if (status === 0) assert.ok(stdout.trimEnd().split('\n').length <= 9, stdout);
      });
    }
  }
});
