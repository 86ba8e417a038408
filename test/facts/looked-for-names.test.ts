import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { SHT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { dynamicNames } from '../../src/facts/search/dynamic-names.ts';
import { demandStaticNames, staticNames } from '../../src/facts/search/static-names.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const few = ['gets', 'ключ', 'a'.repeat(300)];
const others = ['puts', 'gats'];
const dynamicFew = dynamicNames(few);
const dynamicOthers = dynamicNames(others);
const staticFew = staticNames(few);
const staticOthers = staticNames(others);

describe('names among dynamic symbols', () => {
  const { elf } = buildElf({
    symbols: [
      { name: 'a'.repeat(300), defined: true },
      { name: 'a'.repeat(44), defined: true },
      { name: 'gets' },
      { name: 'gats', defined: true },
      { name: 'getz' },
    ],
  });

  it('are found whole, whatever others look like, in the order of the table', () => {
    assert.deepEqual(dynamicFew.allIn(elf), ['gets', 'a'.repeat(300)]);
  });

  it('are those of who asks, not those of another', () => {
    assert.deepEqual(dynamicOthers.allIn(elf), ['gats']);
    assert.deepEqual(dynamicOthers.definedIn(elf), ['gats']);
  });

  it('are defined where the file has them, not where it imports them', () => {
    assert.deepEqual(dynamicFew.definedIn(elf), ['a'.repeat(300)]);
  });

  it('are known by a name alone', () => {
    assert.ok(dynamicFew.has('ключ'));
    assert.ok(!dynamicFew.has('puts'));
  });

  it('are registered before the first file is read', () => {
    dynamicFew.allIn(elf);
    assert.throws(() => dynamicNames(['late']), TypeError);
  });
});

describe('names in the string table of .symtab', () => {
  const { elf, buffer } = buildElf({ staticSymbols: [{ name: 'ключ' }, { name: 'gats_' }] });

  it('are found whole, and only for who asks', () => {
    assert.equal(staticFew.firstIn(elf), 'ключ');
    assert.equal(staticOthers.firstIn(elf), null);
  });

  it('are none in a file without the table', () => {
    assert.equal(staticFew.firstIn(buildElf({}).elf), null);
  });

  it('may be lost where the table was wiped', () => {
    demandStaticNames(elf);
    const table = elf.sections.find(({ type }) => type === SHT.SYMTAB);
    const strings = elf.sections[table?.link ?? 0];
    assert.ok(strings !== undefined);
    const wiped = Buffer.from(buffer).fill(
      0,
      Number(strings.offset),
      Number(strings.offset + strings.size),
    );
    const damaged = readElf(bytesOf(wiped));
    assert.equal(staticFew.firstIn(damaged), null);
    assert.throws(() => demandStaticNames(damaged), MalformedElf);
  });

  it('are registered before the first file is read', () => {
    staticFew.firstIn(elf);
    assert.throws(() => staticNames(['late']), TypeError);
  });
});
