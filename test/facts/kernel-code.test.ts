import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import kernelCode from '../../src/facts/kernel-code.ts';
import kind from '../../src/facts/kind.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { kernelOf } from '../support/elf/kernel-image.ts';
import { repositoryRoot } from '../support/repository.ts';

const info = [
  'license=GPL v2',
  'name=af_key',
  'name=another',
  'depends=xfrm_algo,crypto',
  'retpoline=Y',
  'intree=Y',
  'vermagic=6.1.0-50-amd64 SMP preempt mod_unload modversions ',
  'no value',
  '=no key',
  '',
].join('\0');

function modinfo(tail: Buffer = Buffer.alloc(0)) {
  const { buffer } = buildElf({
    type: ET.REL,
    sections: [{ name: '.modinfo', content: Buffer.from(info) }],
  });
  return kernelCode(readElf(bytesOf(Buffer.concat([buffer, tail]))));
}

test('a module says what modinfo shows of it', () => {
  assert.deepEqual(modinfo()?.module, {
    name: 'af_key',
    version: '',
    vermagic: '6.1.0-50-amd64 SMP preempt mod_unload modversions',
    license: 'GPL v2',
    intree: true,
    depends: ['xfrm_algo', 'crypto'],
    retpoline: 'Y',
    signature: 'none',
  });
});

const mark = '~Module signature appended~\n';

/** What follows a module: a signature of 256 bytes, what is said of it, the mark. */
const tail = (about: string) =>
  Buffer.concat([Buffer.alloc(256, 7), Buffer.from(about, 'hex'), Buffer.from(mark)]);

test('a module is signed when the kernel would read a signature behind it', () => {
  const cases: readonly (readonly [Buffer, string])[] = [
    [tail('000002000000000000000100'), 'pkcs7'],
    [tail('010401080400000000000100'), 'key identifier'],
    [tail('010402000000000000000100'), 'malformed'],
    [tail('000000000000000000000100'), 'malformed'],
    [tail('0000020000000000ffffffff'), 'malformed'],
    [tail('000002000000000000000000'), 'malformed'],
    [Buffer.alloc(300), 'none'],
  ];
  for (const [behind, want] of cases) assert.equal(modinfo(behind)?.module?.signature, want);
});

test('lists of places show what the kernel can check', () => {
  const names = ['.ibt_endbr_seal', '.kcfi_traps', '.return_sites', '.text'];
  const { elf } = buildElf({
    type: ET.REL,
    sections: [
      { name: '.modinfo', content: Buffer.from('name=a\0') },
      ...names.map((name) => ({ name, content: Buffer.alloc(8) })),
    ],
  });
  const found = kernelCode(elf);
  assert.deepEqual(found?.branchChecks, ['ibt', 'kcfi']);
  assert.equal(found?.retpoline, 'built');
});

test('the fact is null for what is not kernel code', () => {
  assert.equal(kernelCode(buildElf({ interpreter: '/lib/ld.so' }).elf), null);
  const program = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened'));
  assert.equal(kernelCode(readElf(bytesOf(program))), null);
});

test('what is loaded where no process can be is a kernel', () => {
  const program = readFileSync(join(repositoryRoot, 'samples/elf/aarch64-none-gcc-static-tiny'));
  const elf = readElf(bytesOf(kernelOf(program)));
  assert.equal(kind(elf).kind, 'kernel');
  assert.deepEqual(kernelCode(elf), {
    module: null,
    retpoline: 'untold',
    branchChecks: [],
    evidence: [],
  });
  assert.equal(kind(readElf(bytesOf(program))).kind, 'static-executable');
});
