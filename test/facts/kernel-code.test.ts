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

function modinfo(tail = Buffer.alloc(0)) {
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
    signed: false,
  });
});

test('a module is signed when a signature stands behind it', () => {
  const signature = Buffer.concat([
    Buffer.alloc(256, 7),
    Buffer.from('000002000000000000000100', 'hex'),
    Buffer.from('~Module signature appended~\n'),
  ]);
  assert.equal(modinfo(signature)?.module?.signed, true);
  assert.equal(modinfo(Buffer.alloc(300))?.module?.signed, false);
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
