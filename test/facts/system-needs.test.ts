import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import systemNeeds from '../../src/facts/system-needs.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const needsOf = (sample: string) =>
  systemNeeds(readElf(bytesOf(readFileSync(join(repositoryRoot, 'samples/elf', sample)))));

test('the highest version of glibc that a loader requires counts, with a symbol of it', () => {
  const { glibc, kernel, musl } = needsOf('x86_64-glibc-gcc-pie-hardened');
  assert.deepEqual(glibc, { version: '2.34', by: '__libc_start_main, GLIBC_2.34' });
  assert.deepEqual(kernel, { version: '3.2.0', by: 'note GNU_ABI_TAG' });
  assert.equal(musl, null);
});

test('versions are compared number by number, and weak ones do not count', () => {
  const needed = (names: readonly string[]) =>
    systemNeeds(
      buildElf({
        needed: ['libc.so.6'],
        symbols: names.map((name) => ({
          name: `f${name}`,
          version: name,
          library: 'libc.so.6',
        })),
      }).elf,
    ).glibc?.version;
  assert.equal(needed(['GLIBC_2.4', 'GLIBC_2.34', 'GLIBC_2.9']), '2.34');
  assert.equal(needed(['GLIBC_2.17', 'GLIBC_ABI_DT_RELR']), '2.36');
  assert.equal(needed(['GLIBC_PRIVATE']), undefined);
});

test('libstdc++ has versions of its own', () => {
  const { libstdcxx } = needsOf('x86_64-glibc-gcc-pie-cxxassert');
  assert.equal(libstdcxx?.version, '3.4.30');
  assert.match(libstdcxx?.by ?? '', /__glibcxx_assert_fail/);
});

test('segments that are aligned to pages of 4 KiB can be mapped with no larger ones', () => {
  assert.equal(needsOf('aarch64-glibc-gcc-pie-hardened').largestPage, 4096);
  assert.equal(needsOf('x86_64-none-gcc-module-bare').largestPage, null);
});

test('a static program of glibc that names the configuration of NSS opens libraries at run time', () => {
  const file = readFileSync(
    join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-static-none-stripped'),
  );
  const opens = () => systemNeeds(readElf(bytesOf(file))).opens;
  assert.equal(opens(), null);
  // Any constant that is long enough.
  file.write(
    '/etc/nsswitch.conf\0',
    file.indexOf('/sys/kernel/mm/transparent_hugepage/enabled'),
    'latin1',
  );
  assert.equal(opens(), '/etc/nsswitch.conf');
});
