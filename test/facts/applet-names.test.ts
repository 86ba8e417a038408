import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../src/elf/constants.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const banner = 'BusyBox v1.36.1 (2024-06-10)\0';
const refusal = ': applet not found\n\0';
const some = Array.from({ length: 20 }, (_, index) => `name${String(index).padStart(4, '0')}`);
const many = Array.from({ length: 1001 }, (_, index) => `name${String(index).padStart(4, '0')}`);
const table = (names: readonly string[]) => `\0${names.join('\0')}\0\0`;

function appletsOf(constants: string): readonly string[] | null {
  const code = Buffer.from(constants, 'latin1');
  const { buffer } = buildElf({ type: ET.EXEC, isDynamic: false, entry: 0x400080, code });
  const { linking } = extract(buffer, new Set());
  assert.ok(linking.known);
  return linking.value.applets;
}

const cases: readonly {
  readonly name: string;
  readonly constants: string;
  readonly want: readonly string[] | null;
}[] = [
  { name: 'a table', constants: banner + refusal + table(some), want: some },
  { name: 'a table in a file without the banner', constants: refusal + table(some), want: null },
  { name: 'a table of what refuses no name', constants: banner + table(some), want: null },
  {
    name: 'a table of few names',
    constants: banner + refusal + table(some.slice(0, 15)),
    want: null,
  },
  {
    name: 'a table of more names than there are applets',
    constants: banner + refusal + table(many),
    want: null,
  },
  {
    name: 'a table that is not in order',
    constants: banner + refusal + table([...some].reverse()),
    want: null,
  },
  {
    name: 'a table without an end',
    constants: `${banner}${refusal}\0${some.join('\0')}\0with a space\0`,
    want: null,
  },
  {
    name: 'two tables of the same length',
    constants: banner + refusal + table(some) + table(some.map((name) => `x${name}`)),
    want: null,
  },
  {
    name: 'a table behind bytes that are not a string: their end may be part of the first name',
    constants: `${banner}${refusal}\x80${some.join('\0')}\0\0`,
    want: some,
  },
];

describe('the applets of a BusyBox', () => {
  for (const { name, constants, want } of cases)
    it(name, () => {
      const seen = appletsOf(constants);
      if (want === null || seen === null) assert.equal(seen, want);
      else assert.deepEqual(seen.slice(-19), want.slice(-19));
      for (const one of want ?? []) assert.ok(seen?.includes(one));
    });
});
