import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { digestsOfPackages } from '../../src/sources/packages/digests-of-packages.ts';
import { folder } from './workbench.ts';

const cases: readonly { name: string; make(root: string): void; want: readonly string[] }[] = [
  {
    name: 'a folder of programs',
    make: (root) => mkdirSync(join(root, 'usr/bin'), { recursive: true }),
    want: [],
  },
  {
    name: "dpkg's database",
    make: (root) => mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true }),
    want: ['md5'],
  },
  {
    name: "apk's database",
    make: (root) => mkdirSync(join(root, 'lib/apk/db'), { recursive: true }),
    want: ['sha1'],
  },
  {
    name: "rpm's database",
    make: (root) => mkdirSync(join(root, 'var/lib/rpm'), { recursive: true }),
    want: [],
  },
  {
    name: 'a link on the way, which may lead to one',
    make: (root) => symlinkSync('usr/var', join(root, 'var')),
    want: ['md5'],
  },
  { name: 'a file on the way', make: (root) => writeFileSync(join(root, 'var'), ''), want: [] },
];

describe('databases of packages know files by', () => {
  for (const { name, make, want } of cases) {
    it(`${want.join(' and ') || 'nothing but SHA-256'} in ${name}`, (t) => {
      const root = folder(t);
      make(root);
      assert.deepEqual(digestsOfPackages(root), want);
    });
  }
});
