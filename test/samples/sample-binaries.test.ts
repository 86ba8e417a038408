import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';

const folder = join(repositoryRoot, 'samples', 'elf');
const binaries = readdirSync(folder).filter(
  (name) => name !== 'README.md' && statSync(join(folder, name)).isFile(),
);
const listed = [
  ...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm),
].map(([, name]) => name);

test('the table of the README lists every sample binary, and no other', () => {
  assert.deepEqual(listed.toSorted(), binaries.toSorted());
});

test('sample binaries say in their names what they are', () => {
  const machines = 'x86_64|i386|aarch64|arm|riscv64|ppc64le|s390x|mips';
  const form = new RegExp(`^(${machines})-(glibc|musl|none|other)-[a-z0-9-]+$`);
  assert.deepEqual(
    binaries.filter((name) => !form.test(name)),
    [],
  );
});

test('no sample binary holds a path of the machine that built it', () => {
  const paths = ['/tmp/cc', `${repositoryRoot}/`];
  const leaking = binaries.filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return paths.some((path) => bytes.includes(path));
  });
  assert.deepEqual(leaking, []);
});
