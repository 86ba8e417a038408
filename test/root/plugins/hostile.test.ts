import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JudgedVerdict } from '../../../src/report/report.ts';
import type { Things } from '../../support/roots/root-builder.ts';
import { verdictIn } from '../../support/verdicts/verdict-in-root.ts';
import { library, muslLoader, muslPath, program } from '../loader/processes.ts';

const libc = 'libc.musl-x86_64.so.1';
const site = '/usr/lib/python3.12/site-packages';
const exports = ['Py_BytesMain', 'PyModule_Create2'];
const python = (parts = {}) =>
  program('musl', { needed: [libc], exports, ...parts }, { mode: 0o755 });
const musl: Things = { [muslPath]: muslLoader() };
const withPython: Things = { ...musl, '/usr/bin/python3.12': python() };
const module = (stem: string, needed: readonly string[], imports = ['PyModule_Create2']) =>
  library(`${stem}.so`, { needed: [libc, ...needed], imports, exports: [`PyInit_${stem}`] });

interface Case {
  readonly name: string;
  readonly things: Things;
  readonly path?: string;
  readonly outcome: JudgedVerdict['outcome'];
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'a module that needs itself',
    things: { ...withPython, [`${site}/a.so`]: module('a', ['a.so']) },
    outcome: 'unknown',
    says: /is found only if .* is loaded before$/,
  },
  {
    name: 'modules that need each other in a circle',
    things: {
      ...withPython,
      [`${site}/a.so`]: module('a', ['b.so']),
      '/usr/lib/b.so': module('b', ['c.so']),
      '/usr/lib/c.so': module('c', ['b.so', 'c.so']),
    },
    outcome: 'pass',
    says: /finds all it needs/,
  },
  {
    name: 'a module that needs its own process',
    things: { ...withPython, [`${site}/a.so`]: module('a', ['/usr/bin/python3.12']) },
    outcome: 'pass',
    says: /finds all it needs/,
  },
  {
    name: 'a module that needs the same library thousands of times',
    things: { ...withPython, [`${site}/a.so`]: module('a', Array(4000).fill('none.so')) },
    outcome: 'fail',
    says: /none\.so, needed by .*, is not found/,
  },
  {
    name: 'a module that needs thousands of libraries that are not there',
    things: {
      ...withPython,
      [`${site}/a.so`]: module(
        'a',
        Array.from({ length: 4000 }, (_, index) => `none${index}.so`),
      ),
    },
    outcome: 'fail',
    says: /missing too: none1\.so, .*, none12\.so and 3987 more$/,
  },
  {
    name: 'a module of which another program than all that are tried has the symbol',
    things: {
      ...musl,
      ...manyPythons(40),
      '/zz/python3.12': python({ exports: [...exports, 'PyRare'] }),
      [`${site}/a.so`]: module('a', [], ['PyModule_Create2', 'PyRare']),
    },
    outcome: 'unknown',
    says: /more than 8 programs may import it/,
  },
  {
    name: 'a module of many programs that all have what it needs',
    things: { ...musl, ...manyPythons(40), [`${site}/a.so`]: module('a', []) },
    outcome: 'pass',
    says: /finds all it needs/,
  },
  {
    name: 'a process whose own libraries lead in a circle',
    things: {
      ...musl,
      '/usr/bin/python3.12': python({ needed: [libc, 'b.so'] }),
      '/usr/lib/b.so': library('b.so', { needed: ['c.so'] }),
      '/usr/lib/c.so': library('c.so', { needed: ['b.so'] }),
      [`${site}/a.so`]: module('a', []),
    },
    outcome: 'pass',
    says: /finds all it needs/,
  },
  {
    name: 'names that no shell would print',
    things: { ...withPython, [`${site}/\u001b[31m\n/a.so`]: module('a', ['\u0007.so']) },
    path: `${site}/\u001b[31m\n/a.so`,
    outcome: 'fail',
    says: /is not found/,
  },
];

function manyPythons(count: number): Things {
  const all = Array.from({ length: count }, (_, index) => [`/opt/${index}/python3.12`, python()]);
  return Object.fromEntries(all);
}

describe('hostile plugins', () => {
  for (const { name, things, path = `${site}/a.so`, outcome, says } of cases)
    it(name, () => {
      const verdict = verdictIn(things, path, null, 'loadable');
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
      assert.ok(verdict.message.length < 20_000);
    });

  it('many files of which a host takes one are each linked once', () => {
    const things = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [
        `${site}/a.cpython-${index}-x86_64-linux-musl.so`,
        module('a', ['none.so']),
      ]),
    );
    const path = `${site}/a.cpython-599-x86_64-linux-musl.so`;
    assert.notEqual(
      verdictIn({ ...withPython, ...things }, path, null, 'loadable').outcome,
      'pass',
    );
  });
});
