import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import { elf, linkTo, type Things } from '../support/roots/root-builder.ts';
import { factsIn, verdictIn } from '../support/verdicts/verdict-in-root.ts';
import { muslPath } from './loader/processes.ts';

const app = '/usr/bin/app';
const freeBsd = '/libexec/ld-elf.so.1';
const program = elf({ type: ET.EXEC, machine: EM.X86_64, interpreter: freeBsd, needed: [] });
const library = elf({ machine: EM.X86_64, needed: ['libc.so.7'] });

const table: readonly {
  readonly name: string;
  readonly things: Things;
  readonly want: string | null;
}[] = [
  { name: 'is known where its loader is not there', things: { [app]: program }, want: 'FreeBSD' },
  {
    name: 'does not count where a link leads from its loader to one of Linux',
    things: { [app]: program, [freeBsd]: linkTo(muslPath) },
    want: null,
  },
  {
    name: 'does not count where a file of that name lies elsewhere',
    things: { [app]: program, '/opt/ld-elf.so.1': elf({}) },
    want: null,
  },
  { name: 'is known of a library by what it needs', things: { [app]: library }, want: 'FreeBSD' },
  {
    name: 'does not count where what a library needs is there',
    things: { [app]: library, '/opt/lib/libc.so.7': elf({}) },
    want: null,
  },
  {
    name: 'is not that of a mark',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath, osAbi: 9 }) },
    want: null,
  },
];

describe('another system than Linux', () => {
  for (const { name, things, want } of table) {
    it(name, () => {
      const { otherSystem } = factsIn(things, app, null);
      assert.equal(otherSystem.known && (otherSystem.value?.name ?? null), want);
    });
  }

  it('changes the verdict only where Linux does not start the program', () => {
    const openBsd = '/usr/libexec/ld.so';
    const other = elf({ type: ET.EXEC, machine: EM.X86_64, interpreter: openBsd, needed: [] });
    const rule = 'non-executable-stack';
    assert.equal(verdictIn({ [app]: other }, app, null, rule).outcome, 'not-applicable');
    const started = { [app]: other, [openBsd]: linkTo(muslPath) };
    assert.equal(verdictIn(started, app, null, rule).outcome, 'fail');
  });
});
