import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../../src/elf/constants.ts';
import { elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import { program } from '../loader/processes.ts';
import { followImage } from './follow-image.ts';

interface Case {
  readonly name: string;
  readonly things: Things;
  readonly because: string;
}

const sh = { '/bin/sh': elf({ type: ET.EXEC, isDynamic: false, entry: 0x400080 }) };

const cases: readonly Case[] = [
  {
    name: 'a loader whose folder is missing too',
    things: { '/app': program('glibc') },
    because:
      'its loader /lib64/ld-linux-x86-64.so.2 cannot be opened: /lib64/ld-linux-x86-64.so.2 does not exist, nor does its folder /lib64',
  },
  {
    name: 'a link to nothing',
    things: { '/app': linkTo('/opt/app') },
    because: '/app leads to /opt, which does not exist',
  },
  { name: 'nothing at all', things: sh, because: '/app does not exist' },
  {
    name: 'an interpreter whose name ends as lines do on Windows',
    things: { ...sh, '/app': text('#!/bin/sh\r\n', { mode: 0o755 }) },
    because: '/app names "/bin/sh\\r" (its lines end in CR LF), and "/bin/sh\\r" does not exist',
  },
];

describe('why a start fails is said in words of what the image has', () => {
  for (const { name, things, because } of cases) {
    it(name, () => {
      const { start } = followImage({ things, config: { cmd: ['/app'] } });
      assert.equal(start.state === 'fails' ? start.because : start.state, because);
    });
  }
});
