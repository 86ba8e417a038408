import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { defaultLimits } from '../../../src/base/limits.ts';
import type { LayerCatalog } from '../../../src/layers/catalog.ts';
import { squash } from '../../../src/layers/squash.ts';
import { findKernelConfigs } from '../../../src/root/system/kernel-configs.ts';

const configuration = `#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.1.0 Kernel Configuration
#
CONFIG_A=y
# end of Kernel hacking
`;

/** A root of kept texts; null: a later layer removed the file. */
function rootOf(texts: Readonly<Record<string, Buffer>>) {
  const entries = Object.entries(texts).map(([path, { length }]) => ({
    path,
    type: 'file' as const,
    size: length,
    mode: 0o644,
    uid: 0,
    gid: 0,
    linkTarget: '',
    capability: null,
    elf: null,
    shebang: null,
  }));
  const catalog: LayerCatalog = {
    entries,
    texts: new Map(Object.entries(texts)),
    insides: new Map(),
    problems: [],
    extractions: new Map(),
  };
  return squash([catalog], defaultLimits).root;
}

const found = (texts: Readonly<Record<string, Buffer>>, excludes = (_: string) => false) =>
  findKernelConfigs(rootOf(texts), excludes);

const plain = Buffer.from(configuration);

describe('configurations of kernels are found', () => {
  const places = [
    '/boot/config-6.1.0',
    '/config-6.1.0',
    '/rootfs/boot/config-virt',
    '/lib/modules/6.1.0/config',
    '/usr/lib/modules/6.1.0/config',
  ];
  for (const path of places)
    it(path, () => {
      const [one] = found({ [path]: plain });
      const fact = one?.extraction.facts.kernelConfig;
      assert.ok(fact?.known && fact.value?.options['A'] === 'y');
    });
  it('/proc/config.gz', () => {
    const [one] = found({ '/proc/config.gz': gzipSync(plain) });
    assert.ok(one?.extraction.facts.kernelConfig.known);
  });
});

describe('other files are not', () => {
  const other = Buffer.from('#\n# Busybox version: 1.36.1\n');
  const cases: Readonly<Record<string, Buffer>> = {
    '/boot/config-1.0': other,
    '/usr/src/linux/.config': plain,
    '/etc/config-6.1.0': plain,
    '/boot/config-6.1.0/x': plain,
  };
  for (const [path, bytes] of Object.entries(cases))
    it(path, () => assert.deepEqual(found({ [path]: bytes }), []));
  it('an excluded one', () => {
    assert.deepEqual(
      found({ '/boot/config-6.1.0': plain }, () => true),
      [],
    );
  });
});

describe('what cannot be unpacked is not known', () => {
  const cases = [
    ['cut', gzipSync(plain).subarray(0, 60), 'damage'],
    ['more than a configuration has', gzipSync(Buffer.alloc(5 << 20)), 'limit'],
  ] as const;
  for (const [name, bytes, cause] of cases)
    it(name, () => {
      const [one] = found({ '/proc/config.gz': bytes });
      const fact = one?.extraction.facts.kernelConfig;
      assert.ok(fact !== undefined && !fact.known && fact.cause === cause);
    });
});
