import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mayHavePackages } from '../../src/sources/may-have-packages.ts';
import { folder } from './workbench.ts';

const cases: readonly { name: string; make(root: string): void; want: boolean }[] = [
  {
    name: 'a folder of programs',
    make: (root) => mkdirSync(join(root, 'usr/bin'), { recursive: true }),
    want: false,
  },
  {
    name: "dpkg's database",
    make: (root) => mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true }),
    want: true,
  },
  {
    name: "apk's database",
    make: (root) => mkdirSync(join(root, 'lib/apk/db'), { recursive: true }),
    want: true,
  },
  {
    name: 'a link on the way, which may lead to one',
    make: (root) => symlinkSync('usr/var', join(root, 'var')),
    want: true,
  },
  { name: 'a file on the way', make: (root) => writeFileSync(join(root, 'var'), ''), want: false },
];

describe('packages may be in', () => {
  for (const { name, make, want } of cases) {
    it(`${name}: ${want ? 'yes' : 'no'}`, (t) => {
      const root = folder(t);
      make(root);
      assert.equal(mayHavePackages(root), want);
    });
  }
});
