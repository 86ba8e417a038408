import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextOfImage } from '../../../../src/root/loader/process/process-context.ts';
import { buildRoot, text } from '../../../support/roots/root-builder.ts';
import { configOf } from '../../exposure/config-of.ts';
import { library, linkIn, muslLoader, muslPath, program, summary } from '../processes.ts';

interface Case {
  readonly name: string;
  readonly cmd: readonly string[];
  readonly want: { readonly missing: readonly string[]; readonly undecided: number };
}

const things = {
  [muslPath]: muslLoader(),
  '/app': program('musl', { needed: ['libx.so'] }),
  '/opt/lib/libx.so': library('libx.so'),
  '/run.sh': text('#!/bin/sh\nexport LD_LIBRARY_PATH=/opt/lib\nexec /app "$@"\n', { mode: 0o755 }),
  '/other.sh': text('#!/bin/sh\necho\n', { mode: 0o755 }),
};
const notDecided = { missing: [], undecided: 1 };
const missing = { missing: ['libx.so'], undecided: 0 };

const cases: readonly Case[] = [
  { name: 'env sets them', cmd: ['env', 'LD_LIBRARY_PATH=/opt/lib', '/app'], want: notDecided },
  {
    name: 'a text sets them',
    cmd: ['sh', '-c', 'LD_LIBRARY_PATH="/a:/opt/lib" exec /app'],
    want: notDecided,
  },
  { name: 'they lack it', cmd: ['env', 'LD_LIBRARY_PATH=/opt', '/app'], want: missing },
  { name: 'another variable', cmd: ['env', 'MY_LD_LIBRARY_PATH=/opt/lib', '/app'], want: missing },
  {
    name: 'a script sets them',
    cmd: ['/run.sh'],
    want: notDecided,
  },
  { name: 'another script sets them', cmd: ['/app', '/other.sh'], want: missing },
  { name: 'none is set', cmd: ['/app'], want: missing },
];

describe('a library in folders that a command sets is not said to be missing', () => {
  for (const { name, cmd, want } of cases) {
    it(name, () => {
      const context = contextOfImage(buildRoot(things), configOf({ cmd: [...cmd] }));
      const { missing: lacks, undecided } = summary(linkIn(things, '/app', context));
      assert.deepEqual({ missing: lacks, undecided }, want);
    });
  }
});
