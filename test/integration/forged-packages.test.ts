import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** An old release that an image only says it is, and a package that says it owns the author's program. */
const folder = mkdtempSync(join(tmpdir(), 'forged-packages-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const program = sampleBinary('x86_64-glibc-gcc-nopie-bare');
const status = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;
const forged: Readonly<Record<string, string | Buffer>> = {
  'usr/bin/evil': program,
  'etc/os-release': 'ID=debian\nVERSION_ID="8"\n',
  'var/lib/dpkg/status': status('evil', '1'),
  'var/lib/dpkg/info/evil.list': '/usr/bin/evil\n',
};
const md5 = createHash('md5').update(program).digest('hex');

const cases: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly owner: string | null;
}[] = [
  {
    name: 'with digests of another content',
    files: { 'var/lib/dpkg/info/evil.md5sums': `${'0'.repeat(32)}  usr/bin/evil\n` },
    owner: null,
  },
  {
    name: 'with digests of other files alone',
    files: { 'var/lib/dpkg/info/evil.md5sums': `${md5}  usr/bin/other\n` },
    owner: null,
  },
  {
    name: 'with the digest of its content',
    files: { 'var/lib/dpkg/info/evil.md5sums': `${md5}  usr/bin/evil\n` },
    owner: 'evil',
  },
];

describe('an image that calls itself Debian 8 is judged by a newer release, and its program fails', () => {
  for (const { name, files, owner } of cases) {
    it(name, () => {
      const root = mkdtempSync(join(folder, 'root-'));
      for (const [path, content] of Object.entries({ ...forged, ...files })) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
      const run = hullcheckIn(folder);
      const words = [`dir:${root}`, '--profile', 'debian', '--no-cache', '--facts', '-o', 'json'];
      const { status: code, stdout, stderr } = run(words);
      assert.equal(code, 1, stderr);
      const [binary] = JSON.parse(stdout).targets[0].binaries;
      assert.equal(binary.facts.package.value?.name ?? null, owner);
      const pie = binary.verdicts.find(({ rule }: { rule: string }) => rule === 'pie');
      assert.equal(pie.outcome, 'fail');
    });
  }
});
