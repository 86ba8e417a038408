import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** A database that comes behind programs of which its digests were not made. */
const folder = mkdtempSync(join(tmpdir(), 'late-packages-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const program = sampleBinary('x86_64-glibc-gcc-nopie-bare');
const md5 = createHash('md5').update(program).digest('hex');
const large = Buffer.concat([program, Buffer.alloc(33 * 1024 * 1024)]);

const owners: readonly {
  readonly name: string;
  readonly digest: string;
  readonly owner: string | null;
}[] = [
  { name: 'the digest of its content', digest: md5, owner: 'tool' },
  { name: 'that of another content', digest: '0'.repeat(32), owner: null },
];

const status = 'Package: tool\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n';

interface Place {
  readonly name: string;
  readonly front: readonly (readonly [string, string | Buffer])[];
  readonly tool: string;
}

/** Why the digest is not made when the program is read for the first time. */
const places: readonly Place[] = [
  { name: 'behind much without a sign', front: [['app/large', large]], tool: 'usr/bin/tool' },
  { name: 'behind the sign of another', front: [['etc/apk/world', '']], tool: 'usr/bin/tool' },
  { name: 'where packages bring nothing', front: [['etc/apt/a', '']], tool: 'usr/local/bin/tool' },
];

describe('a program belongs to a package that a late database names', () => {
  for (const place of places) {
    for (const { name, digest, owner } of owners) {
      it(`by ${name}, ${place.name}`, () => {
        const files: readonly (readonly [string, string | Buffer])[] = [
          ...place.front,
          [place.tool, program],
          ['var/lib/dpkg/status', status],
          ['var/lib/dpkg/info/tool.list', `/${place.tool}\n`],
          ['var/lib/dpkg/info/tool.md5sums', `${digest}  ${place.tool}\n`],
          ['usr/lib/empty', ''],
        ];
        const entries = files.map(([path, content]) =>
          tarEntry({ name: path }, Buffer.from(content)),
        );
        writeFileSync(join(folder, 'root.tar.gz'), gzipSync(tarOf(...entries), { level: 1 }));
        const words = ['root.tar.gz', '--no-cache', '--facts', '-o', 'json'];
        const { stdout, stderr } = hullcheckIn(folder)(words);
        assert.notEqual(stdout, '', stderr);
        const { binaries } = JSON.parse(stdout).targets[0];
        const tool = binaries.find(({ path }: { path: string }) => path === `/${place.tool}`);
        assert.equal(tool.facts.package.known, true);
        assert.equal(tool.facts.package.value?.name ?? null, owner);
      });
    }
  }
});
