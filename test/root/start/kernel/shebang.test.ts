import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseShebang } from '../../../../src/root/start/kernel/shebang.ts';

interface Case {
  readonly name: string;
  readonly line: string;
  readonly want: readonly [interpreter: string, argument: string | null] | RegExp;
}

const path = (length: number) => `/${'i'.repeat(length - 1)}`;
const words = 'a'.repeat(300);

/** What Linux 6.18 gave a program that shows its arguments. */
const cases: readonly Case[] = [
  { name: 'an interpreter alone', line: '/bin/sh', want: ['/bin/sh', null] },
  { name: 'blanks before it are passed over', line: '  \t/bin/sh', want: ['/bin/sh', null] },
  { name: 'all that follows is one argument', line: '/bin/sh  a b  ', want: ['/bin/sh', 'a b'] },
  { name: 'a tab ends the interpreter', line: '/bin/sh\ta', want: ['/bin/sh', 'a'] },
  { name: 'a NUL ends the interpreter', line: '/bin/sh\0a', want: ['/bin/sh', null] },
  { name: 'a NUL ends the argument', line: '/bin/sh a\0b', want: ['/bin/sh', 'a'] },
  { name: 'an argument may be empty', line: '/bin/sh \0b', want: ['/bin/sh', ''] },
  { name: 'a carriage return belongs to the name', line: '/bin/sh\r', want: ['/bin/sh\r', null] },
  { name: 'or to the argument', line: '/bin/sh -e\r', want: ['/bin/sh', '-e\r'] },
  { name: 'a vertical tab is not a blank', line: '/bin/sh\v-e', want: ['/bin/sh\v-e', null] },
  { name: 'nothing names no interpreter', line: '', want: /names no interpreter/ },
  { name: 'nor do blanks', line: '   ', want: /names no interpreter/ },
  { name: '253 blanks leave none', line: ' '.repeat(253) + path(20), want: /names no interpreter/ },
  { name: '253 bytes are read', line: path(253), want: [path(253), null] },
  { name: 'a blank may follow them', line: `${path(253)} ${words}`, want: [path(253), null] },
  { name: '254 bytes are too many', line: path(254), want: /does not end within 255 bytes/ },
  { name: 'a long argument is cut', line: `/i ${words}`, want: ['/i', words.slice(0, 250)] },
  { name: 'bytes are kept', line: '/\udcff é', want: ['/\udcff', 'é'] },
];

describe('a first line is read as Linux reads it', () => {
  for (const { name, line, want } of cases) {
    it(name, () => {
      const found = parseShebang(line);
      if (want instanceof RegExp) {
        assert.ok(found.interpreter === null);
        assert.match(found.because, want);
      } else assert.deepEqual(found, { interpreter: want[0], argument: want[1] });
    });
  }
});
