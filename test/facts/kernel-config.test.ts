import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import {
  looksLikeConfiguration,
  readConfiguration,
} from '../../src/facts/file/kernel-configuration.ts';
import kernelConfig from '../../src/facts/kernel-config.ts';
import { repositoryRoot } from '../support/repository.ts';

const text = (options: string, version = '6.1.0', end = '# end of Kernel hacking\n') =>
  `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 ${version} Kernel Configuration\n#\n${options}\n${end}`;

const read = (configuration: string) => readConfiguration(Buffer.from(configuration));

test('options are what Kconfig wrote of them', () => {
  const found = read(text('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="a b"\nCONFIG_A=m\n'));
  assert.deepEqual(found, {
    known: true,
    value: { version: '6.1.0', architecture: 'x86', options: { A: 'm', B: 'n', C: '"a b"' } },
  });
});

test('a name of an object of JavaScript is a name as others', () => {
  const found = read(text('CONFIG___proto__=y'));
  assert.ok(found.known && Object.hasOwn(found.value.options, '__proto__'));
});

describe('what is cut or damaged is not known', () => {
  const whole = text('CONFIG_A=y\nCONFIG_B=y');
  const cases = [
    ['cut in a line', whole.slice(0, -30), /is neither an option|is not there/],
    ['cut between lines', text('CONFIG_A=y', '6.1.0', ''), /`# end of Kernel hacking` is not/],
    ['cut in the last line', whole.slice(0, -1), /cut/],
    ['another text in it', text('hello'), /line 5 is neither/],
    ['an old one without its last menus', text('CONFIG_A=y', '4.9.0', ''), /`# Kernel hacking`/],
    ['no version', whole.replace('6.1.0', 'six'), /do not name a version/],
  ] as const;
  for (const [name, configuration, because] of cases)
    it(name, () => {
      const found = read(configuration);
      assert.ok(!found.known);
      assert.match(found.because, because);
      assert.equal(found.cause, 'damage');
    });
});

test('an old one has titles of its last menus', () => {
  const end = '#\n# Kernel hacking\n#\nCONFIG_B=y\n#\n# Library routines\n#\n';
  assert.ok(read(text('CONFIG_A=y', '4.9.0', end)).known);
});

test('one that is too large is a limit', () => {
  const lines = read(text('#\n'.repeat(100_001)));
  assert.ok(!lines.known && lines.cause === 'limit');
  const bytes = read(text(`# ${'a'.repeat(4 << 20)}`));
  assert.ok(!bytes.known && bytes.cause === 'limit');
});

test('configurations of other projects are not ones of Linux', () => {
  const other =
    '#\n# Automatically generated file; DO NOT EDIT.\n# U-Boot 2023.01 Configuration\n#\n';
  assert.equal(looksLikeConfiguration(Buffer.from(other)), false);
  assert.equal(looksLikeConfiguration(Buffer.from(text(''))), true);
});

describe('a kernel with its configuration in it', () => {
  const kernel = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-none-gcc-kernel-ikconfig'));
  const start = kernel.indexOf('IKCFG_ST') + 8;
  const end = kernel.indexOf('IKCFG_ED');
  const factOf = (bytes: Buffer) => kernelConfig(readElf(bytesOf(bytes)));
  const withPacked = (packed: Buffer) => {
    const changed = Buffer.from(kernel);
    packed.copy(changed, start, 0, end - start);
    return changed;
  };

  it('is read', () => {
    const found = factOf(kernel);
    assert.equal(found?.options['HARDENED_USERCOPY'], 'y');
    assert.equal(found?.options['DEBUG_WX'], 'n');
  });
  it('has none where the marks are alone', () => {
    assert.equal(factOf(withPacked(Buffer.alloc(3))), null);
  });
  it('is damaged where its end is not there', () => {
    const changed = Buffer.from(kernel);
    changed.write('XX', end);
    assert.throws(() => factOf(changed), /no `IKCFG_ED`/);
  });
  it('is damaged where it cannot be unpacked', () => {
    const changed = Buffer.from(kernel);
    changed.fill(0xff, start + 40, start + 60);
    assert.throws(() => factOf(changed), /cannot be unpacked/);
  });
});
